package dev.pgleader.faults.race;

/** A connection of a racer, and since when it may have ended. Thread-safe. */
final class Line {

    final int pid;
    private volatile long endedAt = Long.MAX_VALUE;

    Line(int pid) {
        this.pid = pid;
    }

    /** It is about to be ended. */
    synchronized void end() {
        if (!isEnded()) {
            endedAt = System.nanoTime();
        }
    }

    boolean isEnded() {
        return endedAt != Long.MAX_VALUE;
    }

    /** Returns before which moment it had certainly not ended. */
    long endedAt() {
        return endedAt;
    }
}
