package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.clockSet;
import static dev.pgleader.internal.election.Examples.databaseTime;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whether a database's clock kept step with this machine's, as far as two answers can tell. */
class DatabaseTimeTest {

    private static final DatabaseTime FIRST = databaseTime(HERE, atMillis(0), atMillis(0));
    private static final DatabaseTime SECOND = databaseTime(HERE, atMillis(10_000), atMillis(10_000));

    /** By so much may two clocks differ after ten seconds that run at different rates. */
    private static final Duration RATES = Duration.ofMillis(100);

    private static final Duration MICRO = Duration.ofNanos(1000);

    @Test
    void clockInStep_hasNeitherGainedNorLost() {
        assertEquals(Duration.ZERO, SECOND.gainedSince(FIRST));
        assertEquals(Duration.ZERO, SECOND.lostSince(FIRST));
        assertTrue(SECOND.inStepWith(FIRST));
    }

    @Test
    void clockOfAnotherRate_isInStep_upToOnePercent() {
        for (Duration off : new Duration[] {RATES, RATES.negated()}) {
            assertTrue(clockSet(SECOND, off).inStepWith(FIRST), off.toString());
        }
        assertFalse(clockSet(SECOND, RATES.plus(MICRO)).inStepWith(FIRST));
        assertFalse(clockSet(SECOND, RATES.plus(MICRO).negated()).inStepWith(FIRST));
    }

    @Test
    void clockSetForward_hasGainedWhatTheRatesDoNotExplain() {
        DatabaseTime later = clockSet(SECOND, Duration.ofHours(1));

        assertEquals(Duration.ofHours(1).minus(RATES), later.gainedSince(FIRST));
        assertEquals(Duration.ZERO, later.lostSince(FIRST));
    }

    @Test
    void clockSetBack_hasLostWhatTheRatesDoNotExplain() {
        DatabaseTime later = clockSet(SECOND, Duration.ofHours(-1));

        assertEquals(Duration.ZERO, later.gainedSince(FIRST));
        assertEquals(Duration.ofHours(1).minus(RATES), later.lostSince(FIRST));
    }

    /** People set clocks to anything. */
    @Test
    void clockSetByCenturies_isMeasuredLikeAnyOther() {
        long centuries = 500L * 365 * 24 * 3600 * 1_000_000;
        DatabaseTime later = new DatabaseTime(HERE, SECOND.micros() + centuries, SECOND.askedAt(), SECOND.answeredAt());

        assertEquals(Duration.ofDays(500 * 365).minus(RATES), later.gainedSince(FIRST));
        assertFalse(later.inStepWith(FIRST));
        assertFalse(FIRST.inStepWith(later));
    }

    /** The clock was read at any moment between question and answer. */
    @Test
    void slowAnswers_explainWhatIsNotMoreThanTheyTook() {
        DatabaseTime slow = databaseTime(HERE, atMillis(10_000), atMillis(13_000));
        Duration explained = Duration.ofMillis(3000).plus(Duration.ofMillis(130));

        assertTrue(clockSet(slow, explained).inStepWith(FIRST));
        assertFalse(clockSet(slow, explained.plus(MICRO)).inStepWith(FIRST));
        assertFalse(clockSet(slow, RATES.plus(MICRO).negated()).inStepWith(FIRST));
    }

    @Test
    void clocksOfTwoServers_areNeverInStep() {
        assertFalse(databaseTime(RESTARTED, atMillis(10_000), atMillis(10_000)).inStepWith(FIRST));
    }

    @Test
    void latest_isWhatAFasterClockWouldSay_readAsEarlyAsItCanHaveBeen() {
        DatabaseTime time = databaseTime(HERE, atMillis(1000), atMillis(4000));

        assertEquals(time.micros() + 10_100_000, time.latestAt(atMillis(11_000)));
    }
}
