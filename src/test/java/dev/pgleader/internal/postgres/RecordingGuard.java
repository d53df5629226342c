package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.Guard;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A guard that knows whether somebody waits. Thread-safe. */
final class RecordingGuard implements Guard {

    private int waiting;
    private int begun;
    private @Nullable Runnable abort;

    @Override
    public synchronized void begin(Runnable whenHanging) {
        waiting++;
        begun++;
        abort = whenHanging;
    }

    @Override
    public synchronized void end() {
        waiting--;
    }

    /** Returns how many waits have begun. */
    synchronized int begun() {
        return begun;
    }

    synchronized int waiting() {
        return waiting;
    }

    void abort() {
        Runnable hanging;
        synchronized (this) {
            hanging = Objects.requireNonNull(abort);
        }
        hanging.run();
    }
}
