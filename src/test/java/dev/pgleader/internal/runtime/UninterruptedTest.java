package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Waits for threads have one bound together. */
class UninterruptedTest {

    private final AtomicLong nanos = new AtomicLong();
    private final VirtualTicker ticker = new VirtualTicker(nanos::get);
    private final List<Long> waited = new ArrayList<>();

    @Test
    void threadsThatDoNotEnd_areWaitedFor_asLongAsToldInAll() {
        Uninterrupted.join(Collections.nCopies(5, this::lasts), Duration.ofSeconds(1), ticker);

        assertEquals(List.of(1000L), waited);
    }

    @Test
    void threadsThatTakeTheirTime_leaveTheRestToTheOthers() {
        Uninterrupted.join(
                List.of(atMost -> takes(atMost, 300), atMost -> takes(atMost, 0), this::lasts, this::lasts),
                Duration.ofSeconds(1),
                ticker);

        assertEquals(List.of(1000L, 700L, 700L), waited);
    }

    @Test
    void interruptedMeanwhile_theOthersAreWaitedForAllTheSame_andTheInterruptIsKept() {
        Uninterrupted.join(
                List.of(
                        atMost -> {
                            throw new InterruptedException("planted");
                        },
                        atMost -> takes(atMost, 10)),
                Duration.ofSeconds(1),
                ticker);

        assertEquals(List.of(1000L), waited);
        assertTrue(Thread.interrupted());
    }

    private void lasts(long atMostMillis) {
        takes(atMostMillis, atMostMillis);
    }

    private void takes(long atMostMillis, long millis) {
        waited.add(atMostMillis);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
