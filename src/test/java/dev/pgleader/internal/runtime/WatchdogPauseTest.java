package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watchdog, who knows when it meant to wake, notices that nothing ran meanwhile; its clocks are virtual. */
@Timeout(60)
class WatchdogPauseTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration TOLERATED = Duration.ofMillis(500);

    /** While it watches somebody who is not lost yet. */
    private static final Duration NAP = Duration.ofMillis(250);

    private static final Duration NANO = Duration.ofNanos(1);

    private final Leaderships leaderships = new Leaderships();
    private final Clocks clocks = new Clocks();
    private final List<Watchdog> watchdogs = new ArrayList<>();
    private final CapturedLog log = new CapturedLog();

    /** The clocks as the watchdog reads them, all together: nobody moves one of them meanwhile. */
    private final class Clocks implements Ticker {

        private long readings;

        @Override
        public synchronized Reading read() {
            readings++;
            return leaderships.ticker.read();
        }

        @Override
        public synchronized long monotonicNanos() {
            return leaderships.ticker.monotonicNanos();
        }

        @Override
        public synchronized long wallNanos() {
            return leaderships.ticker.wallNanos();
        }

        synchronized void move(Runnable how) {
            how.run();
        }

        synchronized long readings() {
            return readings;
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Watchdog watchdog : watchdogs) {
            watchdog.end();
            watchdog.join(BOUND.toMillis());
        }
        log.close();
    }

    @Test
    void wokeLaterThanItMeantTo_isLoggedOnce_ifItIsMoreThanTolerated() {
        Watchdog watchdog = watching(leaderships.gained(), TOLERATED);
        elapse(watchdog, NAP.plus(TOLERATED));
        assertEquals(List.of(), pauses());

        elapse(watchdog, NAP.plus(TOLERATED).plus(NANO));
        aRoundPasses(watchdog);

        assertEquals(
                List.of("this process was paused for at least 0.50 s: stopped, without a processor, or collecting"
                        + " garbage"),
                pauses());
    }

    @Test
    void nobodyIsWatched_wokeLater_isLoggedAllTheSame() {
        Watchdog watchdog = started(TOLERATED);
        elapse(watchdog, PATIENCE.plus(TOLERATED));
        assertEquals(List.of(), pauses());

        elapse(watchdog, PATIENCE.plusSeconds(7));

        assertEquals(
                List.of("this process was paused for at least 7.00 s: stopped, without a processor, or collecting"
                        + " garbage"),
                pauses());
    }

    @Test
    void suspendedAsOnlyTheUptimeShows_isLoggedOnce() {
        Watchdog watchdog = watching(leaderships.gained(), TOLERATED);

        clocksMove(watchdog, () -> {
            leaderships.ticker.suspended(Duration.ofSeconds(2));
            leaderships.ticker.stepWall(Duration.ofSeconds(-2));
        });
        aRoundPasses(watchdog);

        assertEquals(List.of("the machine was suspended for 2.00 s"), pauses());
    }

    @Test
    void suspendedAndLate_isOneLine() {
        Watchdog watchdog = watching(leaderships.gained(), TOLERATED);

        clocksMove(watchdog, () -> {
            leaderships.ticker.suspended(Duration.ofSeconds(1));
            leaderships.elapse(NAP.plusSeconds(2));
        });

        assertEquals(
                List.of("the machine was suspended for 1.00 s, and this process paused for at least 2.00 s"), pauses());
    }

    @Test
    void uptimeThatIsOffByItsSteps_isNotLogged_howeverLittleIsTolerated() {
        Watchdog watchdog = watching(leaderships.gained(), Duration.ofMillis(1));

        for (int round = 0; round < 10; round++) {
            Duration off = Duration.ofMillis(round % 2 == 0 ? 10 : -20);
            clocksMove(watchdog, () -> leaderships.ticker.suspended(off));
            clocksMove(watchdog, () -> leaderships.ticker.suspended(off.negated()));
        }

        assertEquals(List.of(), pauses());
    }

    @Test
    void wallClockIsSetBack_isNotLogged() {
        Watchdog watchdog = watching(leaderships.gained(), TOLERATED);

        clocksMove(watchdog, () -> leaderships.ticker.stepWall(Duration.ofHours(-1)));

        assertEquals(List.of(), pauses());
    }

    @Test
    void wallClockIsSetBack_extended_andSetForward_leadershipEnds() throws Exception {
        Tenancy tenancy = leaderships.gained();
        Watchdog watchdog = watching(tenancy, TOLERATED);

        clocksMove(watchdog, () -> leaderships.ticker.stepWall(Duration.ofHours(-1)));
        tenancy.extend(leaderships.fromNow(TRUST));
        clocksMove(watchdog, () -> leaderships.ticker.stepWall(TRUST));

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
    }

    @Test
    void pauseThatOutlastedATrust_isLogged_whenTheLeadershipHasEnded() throws Exception {
        List<String> loggedBefore = new CopyOnWriteArrayList<>();
        leaderships.whenExpired = () -> loggedBefore.addAll(pauses());
        Tenancy tenancy = leaderships.gained();
        Watchdog watchdog = watching(tenancy, TOLERATED);

        elapse(watchdog, TRUST.plusSeconds(10));

        assertEquals(LossReason.EXPIRED, tenancy.awaitLoss());
        assertEquals(List.of(), loggedBefore);
        assertEquals(1, pauses().size());
    }

    @Test
    void connectionIsWaitedFor_butNothingRanMeanwhile_isFreedOnlyWhenItIsWaitedForAsLongAgain() {
        AtomicInteger aborts = new AtomicInteger();
        Watchdog watchdog = started(TOLERATED);
        watchdog.newGuard().begin(aborts::incrementAndGet);

        elapse(watchdog, PATIENCE.multipliedBy(3));
        aRoundPasses(watchdog);
        assertEquals(0, aborts.get());
        elapse(watchdog, NANO);

        Waiting.until(BOUND, () -> aborts.get() == 1, () -> "the connection is waited for for ever");
    }

    private Watchdog watching(Tenancy tenancy, Duration tolerated) {
        Watchdog watchdog = started(tolerated);
        watchdog.watch(tenancy);
        aRoundPasses(watchdog);
        return watchdog;
    }

    private Watchdog started(Duration tolerated) {
        Watchdog watchdog = new Watchdog(clocks, PATIENCE, tolerated, Runnable::run);
        watchdogs.add(watchdog);
        watchdog.start();
        aRoundPasses(watchdog);
        return watchdog;
    }

    private void elapse(Watchdog watchdog, Duration length) {
        clocksMove(watchdog, () -> leaderships.elapse(length));
    }

    private void clocksMove(Watchdog watchdog, Runnable how) {
        clocks.move(how);
        aRoundPasses(watchdog);
    }

    /** Returns when the watchdog has gone a whole round. */
    private void aRoundPasses(Watchdog watchdog) {
        long before = clocks.readings();
        Waiting.until(
                BOUND,
                () -> {
                    watchdog.wake();
                    return clocks.readings() >= before + 2;
                },
                () -> "the watchdog sleeps");
    }

    private List<String> pauses() {
        return log.lines("dev.pgleader.internal.runtime.Watchdog").stream()
                .map(line -> line.substring(line.indexOf(" - ") + 3))
                .toList();
    }
}
