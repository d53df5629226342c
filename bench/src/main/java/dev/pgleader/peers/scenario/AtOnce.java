package dev.pgleader.peers.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does things at the same time. */
final class AtOnce {

    private AtOnce() {}

    /** Does all of them, so many at a time, and returns what they have made in the order of the tasks. */
    static <T> List<T> all(int atOnce, List<? extends Callable<T>> tasks) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<T> made = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                made.add(done.get());
            }
            return made;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
