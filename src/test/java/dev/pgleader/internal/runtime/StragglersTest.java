package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which cancelled work is reported, and when. */
class StragglersTest {

    private static final Duration PATIENCE = Duration.ofMillis(1500);

    private final Leaderships leaderships = new Leaderships();
    private final Stragglers stragglers = new Stragglers(PATIENCE);
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);
    private final CapturedLog log = new CapturedLog();
    private final Tenancy stubborn = leaderships.gained();

    @BeforeEach
    void workThatIgnoresItsLoss() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        leaderships.factory = task -> new Thread(() -> {
            task.run();
            returned.countDown();
        });
        stubborn.start(leadership -> {
            running.countDown();
            while (mayReturn.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        assertTrue(running.await(10, TimeUnit.SECONDS));
        stubborn.cancel(LossReason.DEPOSED);
    }

    @AfterEach
    void letItReturn() throws InterruptedException {
        log.close();
        mayReturn.countDown();
        assertTrue(returned.await(10, TimeUnit.SECONDS));
    }

    @Test
    void workThatHasStopped_isNotWaitedFor() {
        Tenancy prompt = leaderships.gained();
        prompt.cancel(LossReason.DEPOSED);

        stragglers.add(prompt, now());

        assertEquals(Optional.empty(), stragglers.report(now()));
    }

    @Test
    void workWithinTheRefractoryPeriod_isNotReported() {
        Reading since = now();
        stragglers.add(stubborn, since);
        leaderships.elapse(PATIENCE.minusNanos(1));

        assertEquals(Optional.of(since.plus(PATIENCE)), stragglers.report(now()));

        assertEquals(List.of(), log.lines("still running"));
    }

    @Test
    void workBeyondTheRefractoryPeriod_isReportedOnce_withWhereItIs() {
        stragglers.add(stubborn, now());
        leaderships.elapse(PATIENCE);

        Optional<Reading> again = stragglers.report(now());
        leaderships.elapse(Duration.ofMinutes(1));
        stragglers.report(now());

        assertTrue(again.isPresent(), "its return would go unnoticed");
        assertEquals(
                1,
                log.lines("the work of term " + Leaderships.TERM + " is still running")
                        .size());
        assertTrue(log.lines("StragglersTest").size() > 0, "no stack trace");
    }

    @Test
    void reportedWork_returning_isReportedOnce() throws InterruptedException {
        stragglers.add(stubborn, now());
        leaderships.elapse(PATIENCE);
        stragglers.report(now());

        mayReturn.countDown();
        assertTrue(returned.await(10, TimeUnit.SECONDS));
        leaderships.elapse(Duration.ofSeconds(1));

        assertEquals(Optional.empty(), stragglers.report(now()));
        stragglers.report(now());
        assertEquals(1, log.lines("has returned PT2.5S after it was cancelled").size());
    }

    private Reading now() {
        return leaderships.ticker.read();
    }
}
