package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Tenure;
import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Makes leaderships whose time is virtual, and writes down what they tell. Thread-safe. */
final class Leaderships implements TenancyEvents {

    static final Duration TRUST = ElectionConfig.defaults().trust();
    static final long TERM = 1_000_000_000_007L;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger threads = new AtomicInteger();

    final VirtualTicker ticker = new VirtualTicker(this::nanos);
    final List<String> told = new CopyOnWriteArrayList<>();

    /** What happens while somebody reads a clock. */
    volatile Runnable whileAClockIsRead = () -> {};

    /** What a heartbeat that somebody waits for does. */
    volatile Runnable heartbeat = () -> {};

    /** What the owner of a leadership does when he is told that it has expired. */
    volatile Runnable whenExpired = () -> {};

    /** What the owner does when an alarm was set. */
    volatile Consumer<Tenancy> whenAlarmSet = tenancy -> {};

    /** Does what may block. */
    volatile Executor aside = Runnable::run;

    /** Makes the threads of the work. */
    volatile ThreadFactory factory = task -> new Thread(task, "work-" + threads.incrementAndGet());

    /** Returns a leadership that was gained at this moment. */
    Tenancy gained() {
        Tenure tenure = new Tenure(7, TERM, fromNow(TRUST), ticker.read().plus(TRUST));
        ElectionConfig config = ElectionConfig.builder()
                .callbackThreads(task -> factory.newThread(task))
                .build();
        return new Tenancy("orders", tenure, config, ticker, new RecordedFencing(told), this);
    }

    Deadline fromNow(Duration trust) {
        return Deadline.after(ticker.read(), trust);
    }

    private long nanos() {
        whileAClockIsRead.run();
        return nanos.get();
    }

    void elapse(Duration length) {
        nanos.addAndGet(length.toNanos());
    }

    @Override
    public void recovered(Tenancy tenancy) {
        told.add("recovered");
    }

    @Override
    public void failed(Tenancy tenancy) {
        told.add("failed");
    }

    @Override
    public void expired(Tenancy tenancy) {
        told.add("expired");
        whenExpired.run();
    }

    @Override
    public void stopped(Tenancy tenancy) {
        told.add("stopped");
    }

    @Override
    public void alarmSet(Tenancy tenancy) {
        whenAlarmSet.accept(tenancy);
    }

    @Override
    public void beat(Runnable then) {
        told.add("beat");
        heartbeat.run();
        then.run();
    }

    @Override
    public void aside(Runnable task) {
        aside.execute(task);
    }
}
