package dev.pgleader.internal.election;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Reading START = new Reading(1_000, 50_000, 7_000_000);
    private static final Deadline DEADLINE = Deadline.after(START, Duration.ofNanos(100));

    @Test
    void deadline_oneNanosecondBefore_isNotPast() {
        assertFalse(DEADLINE.isPast(later(99, 99, 99)));
        assertEquals(Duration.ofNanos(1), DEADLINE.remaining(later(99, 99, 99)));
    }

    @Test
    void deadline_reachedExactlyByAnyClock_isPast() {
        for (Reading now : new Reading[] {later(100, 0, 0), later(0, 100, 0), later(0, 0, 100)}) {
            assertTrue(DEADLINE.isPast(now), now.toString());
            assertEquals(Duration.ZERO, DEADLINE.remaining(now));
        }
    }

    @Test
    void deadline_passedByOneClock_isPastThoughTheOthersStandStillOrGoBack() {
        for (Reading now : new Reading[] {later(170, 0, -9_000), later(-5, 170, 0), later(0, -5, 170)}) {
            assertTrue(DEADLINE.isPast(now), now.toString());
            assertEquals(Duration.ofNanos(-70), DEADLINE.remaining(now));
        }
    }

    @Test
    void wallClock_setBack_doesNotExtend() {
        assertEquals(Duration.ofNanos(1), DEADLINE.remaining(later(99, 99, -3_600_000_000_000L)));
    }

    @Test
    void monotonicClock_thatOverflows_isComparedByDifference() {
        Reading start = new Reading(Long.MAX_VALUE - 10, 0, 0);
        Deadline deadline = Deadline.after(start, Duration.ofNanos(100));

        assertTrue(deadline.at().monotonicNanos() < 0);
        assertFalse(deadline.isPast(new Reading(Long.MAX_VALUE, 1, 1)));
        assertFalse(deadline.isPast(new Reading(Long.MIN_VALUE + 88, 1, 1)));
        assertTrue(deadline.isPast(new Reading(Long.MIN_VALUE + 89, 1, 1)));
        assertFalse(start.hasReached(deadline.at()));
        assertTrue(deadline.at().hasReached(start));
        assertEquals(Duration.ofNanos(100), deadline.at().since(start));
    }

    private static Reading later(long monotonic, long uptime, long wall) {
        return new Reading(START.monotonicNanos() + monotonic, START.uptimeNanos() + uptime, START.wallNanos() + wall);
    }
}
