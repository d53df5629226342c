package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Heartbeats that are late are logged by two lines, however many they are, and those in time by none. */
class PunctualityTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofMillis(600);
    private static final Duration DELAY = Duration.ofMillis(500);
    private static final Duration WAIT = Duration.ofMillis(300);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final String LATE = "a heartbeat was sent ";
    private static final String IN_TIME = "heartbeats are on time again: ";

    private final Punctuality punctuality = new Punctuality(INTERVAL, TIMEOUT);
    private final CapturedLog log = new CapturedLog();
    private Reading now = new Reading(0, 0, 0);

    @AfterEach
    void endCapture() {
        log.close();
    }

    @Test
    void inTime_asLateAsIsTolerated_nothingIsLogged() {
        for (int beat = 0; beat < 10; beat++) {
            beat(DELAY, WAIT);
        }

        assertLogged();
    }

    @Test
    void sentLate_isWarnedOf_andInTimeAgain_isSaid() {
        beat(DELAY.plus(NANO), Duration.ofMillis(20));
        assertLogged("WARN dev.pgleader.Session - a heartbeat was sent 0.50 s late and answered after 0.02 s; a word"
                + " follows when they are on time");

        beat(Duration.ZERO, Duration.ZERO);

        assertEquals(
                List.of("INFO dev.pgleader.Session - heartbeats are on time again: 1 were late, by 0.52 s at worst"),
                lines(IN_TIME));
    }

    @Test
    void answeredLate_isWarnedOf() {
        beat(Duration.ZERO, WAIT.plus(NANO));

        assertLogged("WARN dev.pgleader.Session - a heartbeat was sent 0.00 s late and answered after 0.30 s; a word"
                + " follows when they are on time");
    }

    @Test
    void aSeriesOfThem_isTwoLines_andSoIsTheNext() {
        for (int series = 1; series <= 2; series++) {
            for (int beat = 1; beat <= 100; beat++) {
                beat(DELAY.plusMillis(beat == 42 ? 3_000 / series : beat), WAIT);
            }
            assertEquals(series, lines(LATE).size());
            assertEquals(series - 1, lines(IN_TIME).size());
            for (int beat = 0; beat < 10; beat++) {
                beat(Duration.ZERO, Duration.ZERO);
            }

            assertEquals(series, lines(LATE).size());
            assertEquals(series, lines(IN_TIME).size());
        }
        assertTrue(lines(IN_TIME).get(0).endsWith("100 were late, by 3.80 s at worst"), lines(IN_TIME)::toString);
        assertTrue(lines(IN_TIME).get(1).endsWith("100 were late, by 2.30 s at worst"), lines(IN_TIME)::toString);
    }

    @Test
    void notAnswered_endsNoSeries_andBeginsNoneIfItWasSentInTime() {
        unanswered(Duration.ZERO);
        assertLogged();

        beat(DELAY.plus(NANO), Duration.ZERO);
        unanswered(Duration.ZERO);

        assertEquals(List.of(), lines(IN_TIME));
    }

    @Test
    void sentLateAndNotAnswered_isWarnedOf() {
        unanswered(Duration.ofMillis(1_250));

        assertLogged(
                "WARN dev.pgleader.Session - a heartbeat was sent 1.25 s late and not answered; a word follows when"
                        + " they are on time");
    }

    @Test
    void ofWhichNobodySaysWhenItWasDue_isSentInTime() {
        punctuality.sent(now);
        punctuality.answered(now);
        punctuality.judge();
        assertLogged();

        punctuality.due(now);
        now = now.plus(Duration.ofMinutes(1));
        punctuality.judge();
        punctuality.sent(now);
        punctuality.answered(now);
        punctuality.judge();

        assertLogged();
    }

    /* As the loop sees it: of a database that is slow for twenty heartbeats, and of one that answers none. */
    @Test
    void databaseIsSlowForAWhile_isTwoLines() {
        Machines machines = new Machines();
        Machine machine = machines.start();
        RecordedWork work = machine.stand("orders");
        machines.run(Duration.ofSeconds(10));
        assertLogged();

        machine.suffer(act -> act == Act.RENEW ? Fault.delay(Duration.ZERO, TIMEOUT) : Fault.NONE);
        machines.run(Duration.ofSeconds(20));
        machine.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(20));

        assertTrue(work.leads());
        assertEquals(1, lines(LATE).size(), lines(LATE)::toString);
        assertEquals(1, lines(IN_TIME).size(), lines(IN_TIME)::toString);
        machine.conductor.end();
        assertEquals(List.of(), machines.database.leftOpen());
    }

    private void beat(Duration late, Duration wait) {
        sent(late);
        now = now.plus(wait);
        punctuality.answered(now);
        punctuality.judge();
    }

    private void unanswered(Duration late) {
        sent(late);
        now = now.plus(TIMEOUT);
        punctuality.judge();
    }

    private void sent(Duration late) {
        punctuality.due(now);
        now = now.plus(late);
        punctuality.sent(now);
    }

    private void assertLogged(String... expected) {
        assertEquals(List.of(expected), lines(""));
    }

    /** Returns the lines without the time and the thread. */
    private List<String> lines(String mention) {
        return log.lines(mention).stream()
                .map(line -> line.substring(line.indexOf("] ") + 2))
                .toList();
    }
}
