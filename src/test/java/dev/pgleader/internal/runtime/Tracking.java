package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TRUST;

import dev.pgleader.LossReason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A tracker of a candidacy that is elected when the test says so, and whose time is virtual. Thread-safe. */
final class Tracking implements Tracker.Candidature {

    static final Duration GUARANTEE = Duration.ofSeconds(1);
    static final Duration NANO = Duration.ofNanos(1);

    final Leaderships leaderships = new Leaderships();
    final Tracker tracker = new Tracker(this, GUARANTEE, Runnable::run);

    private final AtomicInteger dismissals = new AtomicInteger();
    private final List<Runnable> heldBack = new CopyOnWriteArrayList<>();
    private volatile boolean holdsBack;
    private volatile @Nullable Tenancy newest;
    private volatile Runnable whileItLooks = () -> {};

    Tenancy elected() {
        Tenancy gained = electedUntold();
        tracker.gained(gained);
        return gained;
    }

    /** Begins a leadership of which the tracker is not told. */
    Tenancy electedUntold() {
        Tenancy gained = leaderships.gained();
        newest = gained;
        return gained;
    }

    /** Ends the newest leadership; returns whether this did it. */
    boolean lost() {
        return Objects.requireNonNull(newest).cancel(LossReason.DEPOSED);
    }

    /** Has this done once, at the moment at which the tracker looks who leads, and before it learns what has come of it. */
    void whileItLooks(Runnable once) {
        whileItLooks = once;
    }

    /** From now on whoever waits for a heartbeat hears nothing of it. */
    void beatsAreHeldBack() {
        holdsBack = true;
    }

    /** Whoever waits for a heartbeat hears that it was answered, or has failed. */
    void beatsHeldBackEnd() {
        holdsBack = false;
        heldBack.forEach(Runnable::run);
        heldBack.clear();
    }

    void beatIsAnswered(Tenancy tenancy) {
        tenancy.extend(leaderships.fromNow(TRUST));
    }

    void elapse(Duration length) {
        leaderships.elapse(length);
    }

    int dismissals() {
        return dismissals.get();
    }

    @Override
    public String election() {
        return "orders";
    }

    @Override
    public @Nullable Tenancy tenancy() {
        Tenancy before = newest;
        Runnable once = whileItLooks;
        whileItLooks = () -> {};
        once.run();
        return before;
    }

    @Override
    public void beat(Runnable then) {
        leaderships.beat(holdsBack ? () -> heldBack.add(then) : then);
    }

    @Override
    public void dismiss(Tracker gone) {
        dismissals.incrementAndGet();
    }
}
