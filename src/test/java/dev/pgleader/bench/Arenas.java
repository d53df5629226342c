package dev.pgleader.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Independent elections side by side, each with processes of its own, for what takes seconds of waiting each time. What
 * they wait for is long and what they do is short, so that they hardly disturb each other.
 */
final class Arenas {

    private Arenas() {}

    /** Something that happens in one arena, over and over. */
    interface Play {
        void play(int arena, int rounds) throws Exception;
    }

    /** Divides rounds among arenas and waits until all have been played. */
    static void share(int rounds, int arenas, Play play) throws InterruptedException, ExecutionException {
        int used = Math.min(rounds, arenas);
        ExecutorService threads = Executors.newFixedThreadPool(used);
        try {
            List<Callable<Void>> plays = new ArrayList<>();
            for (int i = 0; i < used; i++) {
                int arena = i;
                int mine = rounds / used + (i < rounds % used ? 1 : 0);
                plays.add(() -> {
                    play.play(arena, mine);
                    return null;
                });
            }
            for (Future<Void> played : threads.invokeAll(plays)) {
                played.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
