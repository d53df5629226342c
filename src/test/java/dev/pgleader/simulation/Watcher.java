package dev.pgleader.simulation;

import dev.pgleader.ElectionObserver;
import dev.pgleader.ElectionState;
import dev.pgleader.ElectionState.State;
import dev.pgleader.LeaderInfo;
import dev.pgleader.internal.runtime.ObservedUnderTest;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** A user who watches one election: asks now and then, waits for changes, listens, and may have subscribed. */
final class Watcher {

    final Node node;
    final String election;

    /** The candidacy whose observer this is; empty where it is none's. */
    final Optional<Aspirant> own;

    final Sights sights;
    final long sinceNanos;
    private final int number;
    private final SplittableRandom random;
    private final ElectionObserver observer;
    private final Optional<Reader> reader;
    private ElectionState told = ElectionState.unknown();
    private boolean listening;
    private int changes;
    private boolean closed;

    /** Begins to watch. */
    Watcher(Node node, String election, Optional<Aspirant> own, SplittableRandom random) {
        this.node = node;
        this.election = election;
        this.own = own;
        this.random = random;
        this.sinceNanos = node.world.now();
        this.number = node.world.judges.observers.admit(this);
        this.sights = own.map(aspirant -> aspirant.sights)
                .orElseGet(() -> new Sights(node.config.leaseDuration(), Optional.empty()));
        this.observer = own.map(aspirant -> aspirant.candidacy.observe(node.users.crier.dispatch))
                .orElseGet(this::observe);
        this.reader = random.nextInt(3) == 0 ? Optional.of(new Reader(this)) : Optional.empty();
    }

    private ElectionObserver observe() {
        ObservedUnderTest observed = new ObservedUnderTest(election, node.config, node.clocks, sights.courierOn(node));
        node.post(observed::begin);
        return observed.admit(node.users.crier.dispatch, () -> node.post(observed::end));
    }

    void begin() {
        observer.onChange(this::hear);
        reader.ifPresent(observer::subscribe);
        goOn();
    }

    private void goOn() {
        node.whenAwake(
                node.world.now() + random.nextLong(node.config.leaseDuration().toNanos()), this::turn);
    }

    private void turn() {
        ask();
        awaitChange();
        reader.filter(any -> random.nextBoolean()).ifPresent(Reader::readOn);
        if (random.nextInt(30) == 0) {
            close();
        } else {
            goOn();
        }
    }

    /** Asks what is known, at this moment. */
    void ask() {
        node.world.judges.observers.asked(this, observer.state());
    }

    private void awaitChange() {
        boolean changed;
        try {
            changed = observer.awaitChange(Duration.ZERO);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (changed != (changes > 0 && !closed)) {
            object(this + " is told by awaitChange " + changed + " after " + changes + " changes");
        }
        changes = 0;
    }

    private void hear(ElectionState state) {
        if (closed) {
            object(this + " has closed, and is told " + state);
        }
        if (listening && isSame(told, state)) {
            object(this + " is told " + state + " again");
        }
        changes += listening || state.state() != State.UNKNOWN ? 1 : 0;
        node.world.judges.observers.told(this, state);
        listening = true;
        told = state;
        node.users.crier.note(number, () -> node.world.story.tell(node, () -> this + " is told " + state));
    }

    private static boolean isSame(ElectionState one, ElectionState other) {
        return one.state() == other.state()
                && one.leader().map(Watcher::identity).equals(other.leader().map(Watcher::identity));
    }

    private static String identity(LeaderInfo leader) {
        return leader.term() + " " + leader.candidate() + " " + leader.phase();
    }

    private void close() {
        closed = true;
        observer.close();
        node.world.tally.count(Happening.OBSERVER_CLOSED);
        ask();
        awaitChange();
        node.users.replace(this);
    }

    /** Returns what it would be told, if it asked. */
    ElectionState state() {
        return observer.state();
    }

    /** Returns what the listener was told last. */
    ElectionState told() {
        return told;
    }

    boolean isOpen() {
        return !closed && node.isAlive();
    }

    boolean isClosed() {
        return closed;
    }

    /** Judges what must be so when the process has ended. */
    void judgeTheEnd() {
        if (observer.state().state() != State.UNKNOWN) {
            object(this + " says after its end: " + observer.state());
        }
        reader.filter(each -> !each.isOver()).ifPresent(each -> object(this + " does not complete its subscriber"));
    }

    void object(String why) {
        node.world.judges.object("H", why);
    }

    @Override
    public String toString() {
        return "observer " + number + " of " + election;
    }
}
