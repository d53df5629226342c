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
 * loss. Thread-safe and without locks, so that cancelling never waits for anybody.
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

    /** Runs a function on a thread of its own; where there is none, or it throws, the leadership's owner is told. */
    void start(LeadFunction lead) {
        parts.incrementAndGet();
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
     * Runs something else on a thread of its own, unless all work has stopped; returns whether it does.
     *
     * @throws RuntimeException if the user's factory gives no thread
     */
    boolean startPart(Runnable part) {
        if (parts.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            return false;
        }
        try {
            newThread(part).start();
            return true;
        } catch (RuntimeException | Error noThread) {
            partReturned();
            throw noThread;
        }
    }

    private Thread newThread(Runnable part) {
        Thread thread = threads.newThread(() -> {
            AtWork.begin(tenancy, this::hasInterruptedMe);
            try {
                part.run();
            } finally {
                AtWork.end();
                partReturned();
            }
        });
        if (thread == null) {
            throw new IllegalStateException("the callbackThreads factory returned null");
        }
        return thread;
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

    /** Interrupts the function and has the listeners run; returns whether this call did it. */
    boolean cancel() {
        if (!cancelled.compareAndSet(false, true)) {
            return false;
        }
        Thread thread = functionThread;
        if (thread != null) {
            thread.interrupt();
        }
        startListeners();
        partReturned();
        return true;
    }

    private void startListeners() {
        List<Consumer<LossReason>> registered = listeners.getAndSet(null);
        if (registered == null || registered.isEmpty()) {
            return;
        }
        Runnable all = () -> registered.forEach(this::tell);
        parts.incrementAndGet();
        try {
            newThread(all).start();
        } catch (RuntimeException | Error noThread) {
            startElsewhere(all);
            LOG.error("the callbackThreads factory gave no thread for the loss listeners of {}", tenancy, noThread);
        }
    }

    /** The factory has failed, but the caller is the watchdog or the loop, which no listener may keep waiting. */
    private void startElsewhere(Runnable all) {
        Runnable part = () -> {
            all.run();
            partReturned();
        };
        try {
            Thread thread = new Thread(part, "pgleader-callback");
            thread.setDaemon(true);
            thread.start();
        } catch (OutOfMemoryError noThreadAtAll) {
            part.run();
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
            return "in a listener";
        }
        Thread busy = LockSupport.getBlocker(thread) instanceof Post post ? post.worker() : thread;
        StringBuilder text = new StringBuilder(busy.getName());
        for (StackTraceElement frame : busy.getStackTrace()) {
            text.append("\n\tat ").append(frame);
        }
        return text.toString();
    }
}
