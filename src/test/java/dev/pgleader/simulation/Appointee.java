package dev.pgleader.simulation;

import dev.pgleader.LeadershipLostException;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.PostUnderTest;
import dev.pgleader.simulation.Tally.Happening;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A user's thread that has campaigned and does the work of one leadership itself: takes it some time after the election,
 * works for a while, and leaves, soon if it is interrupted. Then it closes its candidacy, resigns for another stint, or
 * dawdles. It never runs: the agenda does what it is to do.
 */
final class Appointee extends Thread {

    private static final long MOMENT = 100_000;

    private final Reign reign;
    private final Node node;
    private final SplittableRandom random;
    private final long comesAfter;
    private final long worksFor;
    private Optional<PostUnderTest> post = Optional.empty();
    private @Nullable Callback callback;
    private boolean atWork;

    Appointee(Reign reign, SplittableRandom random) {
        this.reign = reign;
        this.node = reign.who.node;
        this.random = random;
        long lease = node.config.leaseDuration().toNanos();
        this.comesAfter = random.nextLong(random.nextBoolean() ? MOMENT : lease * 2);
        this.worksFor = random.nextLong(lease * 3);
    }

    /** Returns the thread on which the leadership is offered, and which stays until it was left or withdrawn. */
    Thread callback(Runnable task) {
        Callback made = new Callback(task);
        callback = made;
        return made;
    }

    boolean isAtWork() {
        return atWork;
    }

    /** Returns whether it could still take what nobody has taken. */
    boolean waits() {
        return !atWork && post.filter(PostUnderTest::isOpen).isPresent();
    }

    private void soon(long atMost, Runnable what) {
        node.whenAwake(node.world.atMostUntilCalm(random.nextLong(Math.max(1, atMost))), what);
    }

    private void take(PostUnderTest offered) {
        boolean held = reign.isHeld();
        if (offered.take()) {
            node.world.tally.count(Happening.POST_TAKEN);
            node.world.story.tell(node, () -> "takes the post of " + reign);
            if (!held) {
                object("work of " + reign + " begins when it is over");
            }
            atWork = true;
            node.whenAwake(node.world.atMostUntilCalm(worksFor), () -> leave(offered));
        } else {
            node.world.tally.count(Happening.POST_WITHDRAWN);
            if (held) {
                object("the post of " + reign + " cannot be taken although it is held");
            }
        }
    }

    @Override
    public void interrupt() {
        node.world.tally.count(Happening.POST_INTERRUPTED);
        if (!atWork) {
            object(reign + " interrupts a thread that is not at its work");
        }
        soon(reign.stopsAfter, () -> post.ifPresent(this::leave));
    }

    private void leave(PostUnderTest taken) {
        if (!atWork) {
            return;
        }
        atWork = false;
        boolean held = reign.isHeld();
        boolean wasHeld;
        try {
            taken.leave();
            wasHeld = true;
        } catch (LeadershipLostException lost) {
            wasHeld = false;
        }
        node.world.story.tell(node, () -> "leaves the post of " + reign);
        node.world.tally.count(held ? Happening.POST_LEFT : Happening.POST_LEFT_LATE);
        if (wasHeld != held) {
            object("work is told that " + reign + " was held: " + wasHeld);
        }
        soon(MOMENT, Objects.requireNonNull(callback)::finish);
        if (held && !node.world.isCalm()) {
            goOn();
        }
    }

    private void goOn() {
        int dice = random.nextInt(3);
        if (dice == 0) {
            reign.who.ask(Succession.Request.RESIGN);
        } else if (dice == 1 && reign.who.isStanding()) {
            reign.who.close();
            long lease = node.config.leaseDuration().toNanos();
            node.world.agenda.at(node.world.now() + random.nextLong(2 * lease), reign.who::standAgain);
        }
    }

    private void object(String why) {
        node.world.judges.object("C", why);
    }

    /** Offers the leadership, and returns when nobody can take it any more or whoever took it has left. */
    private final class Callback extends Thread {

        private final Runnable task;
        private boolean over;

        Callback(Runnable task) {
            this.task = task;
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is one thread, and it is not this one
        public void start() {
            soon(MOMENT, () -> {
                if (reign.tenancy().isCancelled() || !reign.tenancy().isHeld()) {
                    finish();
                    return;
                }
                PostUnderTest offered = new PostUnderTest(reign.tenancy(), Appointee.this);
                post = Optional.of(offered);
                node.world.tally.count(Happening.POST_OFFERED);
                soon(comesAfter, () -> take(offered));
            });
        }

        /** Whoever has found out about the loss says so here as well. */
        @Override
        public void interrupt() {
            soon(MOMENT, () -> {
                if (post.filter(PostUnderTest::isOpen).isEmpty()) {
                    finish();
                }
            });
        }

        private void finish() {
            if (!over) {
                over = true;
                task.run();
            }
        }
    }
}
