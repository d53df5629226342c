package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.ElectionConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody is promised what heartbeats that are on time do not give at every moment. */
class NoticeTest {

    private static final Duration NANO = Duration.ofNanos(1);

    private final ElectionConfig config = ElectionConfig.builder()
            .leaseDuration(Duration.ofSeconds(10))
            .refractoryPeriod(Duration.ofSeconds(2))
            .heartbeatInterval(Duration.ofMillis(1500))
            .statementTimeout(Duration.ofMillis(700))
            .build();

    @Test
    void longest_isWhatIsLeftBeforeAHeartbeatIsAnswered_asLateAsItMayBe() {
        assertEquals(Duration.ofMillis(7920), config.trust());
        assertEquals(Duration.ofMillis(5720), Notice.longest(config));
    }

    @Test
    void lengthThatHeartbeatsInTimeAlwaysLeave_isTaken() {
        for (Duration length : List.of(NANO, Duration.ofSeconds(1), Duration.ofMillis(5720))) {
            assertEquals(length, Notice.require("guarantee", length, config));
        }
    }

    @Test
    void lengthThatTheyDoNot_isRefused_andBothSidesAreNamed() {
        List<Duration> refused =
                List.of(Duration.ZERO, NANO.negated(), Duration.ofMillis(5720).plus(NANO), config.trust());
        for (Duration length : refused) {
            IllegalArgumentException refusal =
                    assertThrows(IllegalArgumentException.class, () -> Notice.require("beforeEnd", length, config));

            assertEquals(
                    "beforeEnd must be more than zero and at most PT5.72S, which is trust - heartbeatInterval -"
                            + " statementTimeout (PT7.92S - PT1.5S - PT0.7S), not " + length,
                    refusal.getMessage());
        }
    }
}
