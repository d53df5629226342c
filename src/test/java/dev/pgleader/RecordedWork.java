package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Work of a leader that hands each leadership it gets to the test. Thread-safe. */
final class RecordedWork implements LeadFunction {

    private final LeadFunction work;
    private final BlockingQueue<Leadership> begun = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    private RecordedWork(LeadFunction work) {
        this.work = work;
    }

    /** Returns at once and so leads on. */
    static RecordedWork returning() {
        return new RecordedWork(leadership -> {});
    }

    /** Recovers at once and stays until the leadership is lost. */
    static RecordedWork staying() {
        return new RecordedWork(leadership -> {
            leadership.recovered();
            leadership.awaitLoss();
        });
    }

    /** Does this after having been recorded. */
    static RecordedWork of(LeadFunction work) {
        return new RecordedWork(work);
    }

    @Override
    public void lead(Leadership leadership) throws Exception {
        calls.incrementAndGet();
        begun.add(leadership);
        work.lead(leadership);
    }

    /** Waits for the next leadership that was not asked for yet. */
    Leadership next() throws InterruptedException {
        @Nullable Leadership next = begun.poll(Eventually.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertNotNull(next, "was not elected");
        return next;
    }

    /** How often the work was called so far. */
    int calls() {
        return calls.get();
    }
}
