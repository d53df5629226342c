package dev.pgleader.faults;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Takeover;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is wrong on purpose is found, by real processes on a real server: see {@link Plant}. */
@Tag("faults")
class PlantedFaultsTest {

    @BeforeAll
    static void preflight() throws IOException, InterruptedException {
        Preflight.require();
    }

    @Test
    void leadershipClaimedForTooLong_isFoundAsAnOverlap() {
        Outcome outcome = play(SessionFault.SESSION_TERMINATED, Plant.CLAIMS_TOO_LONG);

        assertTrue(outcome.overlaps() > 0, outcome.violations().toString());
    }

    @Test
    void writesThatAreCalledFencedAndAreNot_areFoundOutOfOrder() {
        assertFound("a fenced write after term", play(SessionFault.SESSION_TERMINATED, Plant.WRITES_WITHOUT_FENCE));
    }

    @Test
    void vacancyOverItsBound_isFound() {
        assertFound("nobody led for", play(new Hurried(SessionFault.BACKEND_STOPPED), Plant.NONE));
    }

    private static Outcome play(Fault fault, Plant plant) {
        return assertTimeoutPreemptively(
                Duration.ofMinutes(3), () -> Drill.play(fault, Takeover.AFTER_LEASE, 1, 2, plant));
    }

    private static void assertFound(String what, Outcome outcome) {
        List<String> violations = outcome.violations();
        assertTrue(violations.stream().anyMatch(each -> each.contains(what)), violations.toString());
    }

    /** A fault after which somebody is to lead sooner than anybody can. */
    private record Hurried(Fault fault) implements Fault {

        @Override
        public String title() {
            return fault.title();
        }

        @Override
        public Setup setup() {
            return fault.setup();
        }

        @Override
        public Bound bound(Takeover takeover) {
            return Bound.none();
        }

        @Override
        public void strike(Round round) throws Exception {
            fault.strike(round);
        }
    }
}
