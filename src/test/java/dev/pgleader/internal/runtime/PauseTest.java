package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread that ran later than it was to, or a machine that was suspended, is a pause if it was long enough for one. */
class PauseTest {

    private static final Duration TOLERATED = Duration.ofMillis(500);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final Reading PLANNED = new Reading(5_000_000_000L, 77_000_000_000L, 0);

    @Test
    void ranWhenItWasTo_orEarlier_isNone() {
        assertEquals(Optional.empty(), pause(Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertEquals(Optional.empty(), pause(Duration.ofSeconds(-1), Duration.ZERO, TOLERATED));
    }

    @Test
    void late_isAPause_ifItIsMoreThanTolerated() {
        assertEquals(Optional.empty(), pause(TOLERATED, Duration.ZERO, TOLERATED));
        assertEquals(
                Optional.of(new Pause(TOLERATED.plus(NANO), Duration.ZERO)),
                pause(TOLERATED.plus(NANO), Duration.ZERO, TOLERATED));
    }

    @Test
    void suspended_isAPause_ifItIsMoreThanTolerated_thoughTheThreadRanEarly() {
        for (Duration late : new Duration[] {Duration.ofMillis(-250), Duration.ZERO, TOLERATED}) {
            assertEquals(Optional.empty(), pause(late, TOLERATED, TOLERATED));
            assertEquals(
                    Optional.of(new Pause(Duration.ZERO, TOLERATED.plus(NANO))),
                    pause(late, TOLERATED.plus(NANO), TOLERATED));
        }
    }

    @Test
    void lateAndSuspended_isBoth() {
        assertEquals(
                Optional.of(new Pause(Duration.ofSeconds(2), Duration.ofHours(3))),
                pause(Duration.ofSeconds(2), Duration.ofHours(3), TOLERATED));
    }

    /* The uptime comes in hundredths of a second, so each of two readings may be off by one. */
    @ParameterizedTest
    @ValueSource(ints = {-20, -10, 10, 20})
    void uptimeThatIsOffByItsSteps_isNone_howeverLittleIsTolerated(int millis) {
        assertEquals(Optional.empty(), pause(Duration.ZERO, Duration.ofMillis(millis), Duration.ZERO));
        assertEquals(
                Optional.of(new Pause(Duration.ofMillis(30), Duration.ZERO)),
                pause(Duration.ofMillis(30), Duration.ofMillis(millis), Duration.ZERO));
    }

    @Test
    void uptimeThatIsOffByMore_isAPause() {
        Duration suspended = Duration.ofMillis(20).plus(NANO);

        assertEquals(Optional.of(new Pause(Duration.ZERO, suspended)), pause(Duration.ZERO, suspended, Duration.ZERO));
    }

    @Test
    void wallClockIsSet_isNone() {
        Reading stepped = new Reading(
                PLANNED.monotonicNanos(),
                PLANNED.uptimeNanos(),
                Duration.ofDays(1).toNanos());

        assertEquals(Optional.empty(), Pause.between(PLANNED, stepped, TOLERATED));
    }

    @Test
    void account_saysWhatIsKnown_andNothingElse() {
        Duration stalled = Duration.ofMillis(1_844);
        Duration suspended = Duration.ofMinutes(61);

        assertEquals(
                "this process was paused for at least 1.84 s: stopped, without a processor, or collecting garbage",
                new Pause(stalled, Duration.ZERO).account());
        assertEquals("the machine was suspended for 3660.00 s", new Pause(Duration.ZERO, suspended).account());
        assertEquals(
                "the machine was suspended for 3660.00 s, and this process paused for at least 1.84 s",
                new Pause(stalled, suspended).account());
    }

    private static Optional<Pause> pause(Duration late, Duration suspended, Duration tolerated) {
        Reading actual = new Reading(
                PLANNED.monotonicNanos() + late.toNanos(),
                PLANNED.uptimeNanos() + late.plus(suspended).toNanos(),
                PLANNED.wallNanos());
        return Pause.between(PLANNED, actual, tolerated);
    }
}
