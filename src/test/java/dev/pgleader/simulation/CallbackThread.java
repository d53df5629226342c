package dev.pgleader.simulation;

/** A thread of a user's work that never runs: what it is to do is done by the agenda, after some time. */
final class CallbackThread extends Thread {

    private final Runnable task;
    private final Node node;
    private final long takesNanos;
    private final long stopsAfterNanos;
    private boolean over;

    /**
     * Makes a thread.
     *
     * @param takesNanos how long it works
     * @param stopsAfterNanos how long it goes on working at most after it was interrupted
     */
    CallbackThread(Node node, Runnable task, long takesNanos, long stopsAfterNanos) {
        this.task = task;
        this.node = node;
        this.takesNanos = takesNanos;
        this.stopsAfterNanos = stopsAfterNanos;
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is one thread, and it is not this one
    public void start() {
        node.whenAwake(node.world.atMostUntilCalm(takesNanos), this::finish);
    }

    @Override
    public void interrupt() {
        node.whenAwake(node.world.atMostUntilCalm(stopsAfterNanos), this::finish);
    }

    private void finish() {
        if (!over) {
            over = true;
            task.run();
        }
    }
}
