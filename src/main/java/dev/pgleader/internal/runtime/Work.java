package dev.pgleader.internal.runtime;

import dev.pgleader.LeadFunction;
import dev.pgleader.LossReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leadership has running on callback threads: its function, listeners for danger and, once it is lost, those for the
 * loss. Thread-safe and without locks, so that cancelling never waits for anybody: the user's factory is asked for threads
 * {@linkplain TenancyEvents#aside aside}.
 *
 * <p>{@link #parts} counts what has not returned yet: one for the leadership itself until it is cancelled, one for the
 * function, and one for each kind of listeners. Whoever counts it down to zero says that all work has stopped.
 */
final class Work {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Tenancy tenancy;
    private final ThreadFactory threads;
    private final Runnable whenStopped;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final AtomicInteger parts = new AtomicInteger(1);
    private final AtomicReference<@Nullable List<Consumer<LossReason>>> listeners = new AtomicReference<>(List.of());
    private volatile @Nullable Thread functionThread;

    Work(Tenancy tenancy, ThreadFactory threads, Runnable whenStopped) {
        this.tenancy = tenancy;
        this.threads = threads;
        this.whenStopped = whenStopped;
    }

    /** Has a function run on a thread of its own; where there is none, or it throws, the leadership's owner is told. */
    void start(LeadFunction lead) {
        parts.incrementAndGet();
        tenancy.owner().aside(() -> startFunction(lead));
    }

    private void startFunction(LeadFunction lead) {
        if (isCancelled()) {
            partReturned();
            return;
        }
        try {
            Thread thread = newThread(() -> {
                run(lead);
                functionThread = null;
            });
            functionThread = thread;
            thread.start();
        } catch (RuntimeException | Error noThread) {
            functionThread = null;
            partReturned();
            LOG.error("no thread for the work of the {}", tenancy, noThread);
            tenancy.owner().failed(tenancy);
        }
    }

    private void run(LeadFunction lead) {
        try {
            // Whoever was paused between the answer and this moment may have been succeeded already.
            if (!isCancelled() && tenancy.isHeld()) {
                lead.lead(tenancy);
                tenancy.recovered();
            }
        } catch (Throwable thrown) {
            if (isCancelled()) {
                LOG.debug("the work of the {} stopped by an exception", tenancy, thrown);
            } else {
                LOG.error("the work of the {} failed; resigning", tenancy, thrown);
                tenancy.owner().failed(tenancy);
            }
        }
    }

    /**
     * Has something else run on a thread of its own, unless all work has stopped; returns whether that is so.
     *
     * @param otherwise is run instead where the user's factory gives no thread
     */
    boolean startPart(Runnable part, Consumer<Throwable> otherwise) {
        if (parts.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            return false;
        }
        tenancy.owner().aside(() -> {
            try {
                newThread(part).start();
            } catch (RuntimeException | Error noThread) {
                partReturned();
                otherwise.accept(noThread);
            }
        });
        return true;
    }

    private Thread newThread(Runnable part) {
        Thread thread = threads.newThread(() -> runPart(part));
        if (thread == null) {
            throw new IllegalStateException("the callbackThreads factory returned null");
        }
        return thread;
    }

    private void runPart(Runnable part) {
        AtWork.begin(tenancy, this::hasInterruptedMe);
        try {
            part.run();
        } finally {
            AtWork.end();
            partReturned();
        }
    }

    /** Returns whether the current thread is the function's and was interrupted; listeners are not. */
    private boolean hasInterruptedMe() {
        return isCancelled() && Thread.currentThread() == functionThread;
    }

    /** Has {@code listener} told when the work is cancelled, or now if it was. */
    void onLoss(Consumer<LossReason> listener) {
        while (true) {
            List<Consumer<LossReason>> before = listeners.get();
            if (before == null) {
                tell(listener);
                return;
            }
            List<Consumer<LossReason>> after = new ArrayList<>(before);
            after.add(listener);
            if (listeners.compareAndSet(before, after)) {
                return;
            }
        }
    }

    /** Interrupts the function; returns whether this call did it. That caller must {@link #tellOfLoss} as well. */
    boolean interrupt() {
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        Thread thread = functionThread;
        if (thread != null) {
            try {
                thread.interrupt();
            } catch (RuntimeException | Error refused) {
                tenancy.owner().aside(() -> LOG.error("the work of the {} refuses an interrupt", tenancy, refused));
            }
        }
        return true;
    }

    /** Has the listeners run, after the function was interrupted. To be called once. */
    void tellOfLoss() {
        List<Consumer<LossReason>> registered = listeners.getAndSet(null);
        if (registered != null && !registered.isEmpty()) {
            parts.incrementAndGet();
            tenancy.owner().aside(() -> startListeners(() -> registered.forEach(this::tell)));
        }
        partReturned();
    }

    private void startListeners(Runnable all) {
        try {
            newThread(all).start();
        } catch (RuntimeException | Error noThread) {
            startElsewhere(all);
            LOG.error("the callbackThreads factory gave no thread for the loss listeners of {}", tenancy, noThread);
        }
    }

    /** The user's factory has failed. Where there is no other thread either, only this one is left to call the listeners. */
    private void startElsewhere(Runnable all) {
        try {
            Thread thread = new Thread(() -> runPart(all), "pgleader-callback");
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError noThreadAtAll) {
            runPart(all);
        }
    }

    private void tell(Consumer<LossReason> listener) {
        try {
            listener.accept(tenancy.lossReason());
        } catch (Throwable thrown) {
            LOG.error("a loss listener of the {} failed", tenancy, thrown);
        }
    }

    private void partReturned() {
        if (parts.decrementAndGet() == 0) {
            whenStopped.run();
        }
    }

    boolean isCancelled() {
        return cancelled.get();
    }

    /** Returns whether the work was cancelled and all of it has returned. */
    boolean hasStopped() {
        return parts.get() == 0;
    }

    /** Returns where the work is at the moment, for people who wonder why it does not return. */
    String whereabouts() {
        Thread thread = functionThread;
        if (thread == null) {
            return "in a listener, or waits for a thread of the callbackThreads factory";
        }
        Thread busy = LockSupport.getBlocker(thread) instanceof Post post ? post.worker() : thread;
        StringBuilder text = new StringBuilder(busy.getName());
        for (StackTraceElement frame : busy.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        return text.toString();
    }
}
