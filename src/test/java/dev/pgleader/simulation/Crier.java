package dev.pgleader.simulation;

import dev.pgleader.internal.runtime.DispatchUnderTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** The thread of one process on which its users are told, on virtual time. */
final class Crier {

    private static final long NOT_DUE = Long.MAX_VALUE;

    final DispatchUnderTest dispatch;
    private final Node node;
    private final SplittableRandom random;
    private final List<News> news = new ArrayList<>();
    private long dueNanos = NOT_DUE;

    /** What somebody was told. Whom of several first is left to chance, and must not be seen in the story. */
    private record News(int number, Runnable tell) {}

    Crier(Node node, SplittableRandom random) {
        this.node = node;
        this.random = random;
        this.dispatch = new DispatchUnderTest(node.clocks, () -> wakeAt(node.world.now()));
    }

    private void wakeAt(long nanos) {
        if (nanos >= dueNanos || !node.isAlive()) {
            return;
        }
        long latency = random.nextInt(20) == 0 ? random.nextLong(3_000_000) : random.nextLong(100_000);
        dueNanos = nanos;
        node.whenAwake(nanos + latency, () -> {
            if (dueNanos == nanos) {
                dueNanos = NOT_DUE;
                turn();
            }
        });
    }

    private void turn() {
        long due = node.clocks.reaches(dispatch.turn());
        publish();
        wakeAt(due);
    }

    /** Has the story tell of this when the turn is over. */
    void note(int number, Runnable tell) {
        news.add(new News(number, tell));
    }

    private void publish() {
        news.sort(Comparator.comparingInt(News::number));
        news.forEach(each -> each.tell.run());
        news.clear();
    }

    void end() {
        dispatch.end();
        publish();
    }
}
