package dev.pgleader.simulation;

import dev.pgleader.ElectionConfig;
import dev.pgleader.LeadFunction;
import dev.pgleader.simulation.Tally.Happening;
import java.util.SplittableRandom;

/** What the work of one leadership is like: how long it takes to recover, whether it fails, and how late it stops. */
final class WorkStyle {

    private static final long MILLI = 1_000_000;

    private final Node node;
    private final SplittableRandom random;
    private final long lease;
    private final long recovers;
    private final long stopsAfter;
    private final boolean fails;
    private int threads;

    WorkStyle(Node node) {
        this.node = node;
        this.random = node.random;
        this.lease = node.config.leaseDuration().toNanos();
        this.recovers = random.nextInt(3) == 0 && !node.world.isCalm()
                ? upTo(lease * 2)
                : Math.max(0, upTo(20 * MILLI) - 10 * MILLI);
        this.fails = node.world.mishap(Happening.WORK_FAILS, random);
        this.stopsAfter = drawStop();
    }

    /** Returns how long it goes on once it is cancelled. */
    long stopsAfter() {
        return stopsAfter;
    }

    private long drawStop() {
        boolean late = !node.world.isCalm()
                && node.world.settings.faults.contains(Happening.WORK_STOPS_LATE)
                && random.nextInt(4) == 0;
        if (late) {
            node.world.tally.count(Happening.WORK_STOPS_LATE);
            return upTo(lease * (random.nextBoolean() ? 1 : 4));
        }
        long refractory = node.config.refractoryPeriod().toNanos();
        return random.nextBoolean() ? upTo(MILLI) : upTo(refractory * 9 / 10);
    }

    private long upTo(long nanos) {
        return random.nextLong(Math.max(1, nanos));
    }

    /** Returns the settings with threads that work like this: the first runs the function, the second tells of the loss. */
    ElectionConfig config(Reign reign) {
        ElectionConfig config = node.config;
        return ElectionConfig.builder()
                .leaseDuration(config.leaseDuration())
                .refractoryPeriod(config.refractoryPeriod())
                .heartbeatInterval(config.heartbeatInterval())
                .statementTimeout(config.statementTimeout())
                .retryInterval(config.retryInterval())
                .callbackThreads(task -> threads++ == 0 ? functionThread(reign, task) : thread(task, stopsAfter))
                .build();
    }

    private Thread functionThread(Reign reign, Runnable task) {
        return reign.appointee.map(appointee -> appointee.callback(task)).orElseGet(() -> thread(task, recovers));
    }

    private Thread thread(Runnable task, long takes) {
        return new CallbackThread(node, task, takes, stopsAfter);
    }

    LeadFunction lead(Reign reign) {
        if (reign.appointee.isPresent()) {
            return leadership -> {};
        }
        return leadership -> {
            if (recovers == 0 && !leadership.isHeld()) {
                node.world.judges.object("B", "the work of " + reign + " begins when it is over");
            }
            leadership.onLoss(why -> {
                if (node.world.settings.curious && leadership.isHeld()) {
                    node.world.judges.object("E", reign + " is said to be held by a leadership that tells its loss");
                }
            });
            if (fails) {
                throw new WorkFailedException();
            }
        };
    }

    /** The work fails, at no cost. */
    private static final class WorkFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WorkFailedException() {
            super("simulated", null, false, false);
        }
    }
}
