package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.RETRY;
import static dev.pgleader.internal.election.Examples.SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.rowOf;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** For how long a candidate that gave a leadership up lets others go first. */
class HoldBackTest {

    private static final Reading NOW = atMillis(0);
    private static final HoldBack RESIGNED = HoldBack.afterResigning(ME, TERM, NOW);
    private static final HoldBack FAILED = HoldBack.afterFailing(ME, 1, NOW);
    private static final Reading SOON = NOW.plus(RETRY.minus(nano()));
    private static final Row NEXT_TERM = vacantOf(TERM + 1);

    @Test
    void candidateThatGaveNothingUp_holdsBackForNothing() {
        HoldBack none = HoldBack.none(NOW);

        assertTrue(none.isOver(NOW));
        assertTrue(none.lets(ME, vacantRow(), NOW));
    }

    @Test
    void candidateThatResigned_holdsBackForARetryInterval() {
        assertFalse(RESIGNED.isOver(SOON));
        assertFalse(RESIGNED.lets(ME, vacantRow(), SOON));
        assertFalse(RESIGNED.lets(ME, detachedRow(), SOON));
        assertTrue(RESIGNED.isOver(NOW.plus(RETRY)));
        assertTrue(RESIGNED.lets(ME, vacantRow(), NOW.plus(RETRY)));
    }

    /** So that two candidates that resign in turn hand over at once each time. */
    @Test
    void candidateThatResigned_holdsBackNoMoreOnceAnotherHasLed() {
        assertTrue(RESIGNED.lets(ME, NEXT_TERM, NOW));
        assertTrue(RESIGNED.lets(ME, rowOf(ANOTHER.id(), TERM + 1, SESSION, BEAT), NOW));
        assertFalse(RESIGNED.lets(ME, rowOf(ANOTHER.id(), TERM, SESSION, BEAT), NOW));
    }

    /** Two broken candidates would hand over to each other for ever. */
    @Test
    void candidateThatFailed_holdsBackThoughAnotherHasLed() {
        assertFalse(FAILED.lets(ME, NEXT_TERM, SOON));
        assertTrue(FAILED.lets(ME, NEXT_TERM, NOW.plus(RETRY)));
    }

    @Test
    void namedSuccessor_doesNotHoldBack() {
        assertTrue(RESIGNED.lets(ME, vacatedFor(ME), NOW));
        assertTrue(FAILED.lets(ME, vacatedFor(ME), NOW));
        assertFalse(RESIGNED.lets(ME, vacatedFor(ANOTHER), NOW));
        Row held = Examples.with(
                rowOf(ANOTHER.id(), TERM, SESSION, BEAT), vacatedFor(ME).succession());
        assertFalse(RESIGNED.lets(ME, held, NOW));
    }

    @Test
    void candidateThatFails_holdsBackForTwiceAsLongEachTime_upToEightRetryIntervals() {
        long[] retries = {1, 2, 4, 8, 8, 8};
        for (int failures = 1; failures <= retries.length; failures++) {
            Duration pause = HoldBack.afterFailing(ME, failures, NOW).until().since(NOW);

            assertEquals(RETRY.multipliedBy(retries[failures - 1]), pause);
        }
        assertEquals(
                RETRY.multipliedBy(8),
                HoldBack.afterFailing(ME, Integer.MAX_VALUE, NOW).until().since(NOW));
        assertEquals(RETRY.multipliedBy(8), HoldBack.longest(ME));
    }

    private static Row vacantOf(long term) {
        Row was = vacantRow();
        return new Row(term, term, true, 0, was.writtenOn(), was.lease(), Optional.empty(), was.succession());
    }
}
