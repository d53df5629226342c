package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.SessionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What listens where sessions mean nothing: it has no connection and hears nothing, so that changes are found by looking.
 * It ends by itself after a while, to find out whether that is still so. Listening thread only, except {@link #abort}.
 */
final class DeafListener implements Listener {

    /** Signs of life, of which one is asked for every ten seconds. */
    private static final int PINGS_OF_A_LIFE = 30;

    private final CountDownLatch over = new CountDownLatch(1);
    private int pings;

    @Override
    public Map<String, News> await(Duration atMost) throws SessionException {
        try {
            if (over.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SessionException(Problems.doubtful("closed"));
            }
            return Map.of();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new SessionException(Problems.doubtful("interrupted"), stop);
        }
    }

    @Override
    public void ping() throws SessionException {
        pings++;
        if (pings >= PINGS_OF_A_LIFE) {
            throw new SessionException(Problems.doubtful("finding out again whether sessions mean anything"));
        }
    }

    @Override
    public void abort() {
        over.countDown();
    }

    @Override
    public void close() {
        abort();
    }
}
