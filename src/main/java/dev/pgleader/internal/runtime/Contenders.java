package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The elections that this process stands in. Loop thread only.
 *
 * <p>There may be a hundred thousand, and the loop goes round ten times a second. So what each round needs to know is not asked of
 * every one of them: each tells when it moves on.
 */
final class Contenders {

    private static final Comparator<Contender> AS_THEY_CAME = Comparator.comparingLong(Contender::number);

    private final Map<String, Contender> byElection = new LinkedHashMap<>();
    private final NavigableSet<Contender> held = new TreeSet<>(AS_THEY_CAME);
    private final NavigableSet<Waiting> waiting = new TreeSet<>(Waiting.SOONEST_FIRST);
    private final List<Contender> closed = new ArrayList<>();
    private int needingSession;
    private long newest;

    /** Who waits for a moment. */
    private record Waiting(Reading until, Contender contender) {

        /** The monotonic clock may pass from the largest number to the smallest: only differences mean anything. */
        static final Comparator<Waiting> SOONEST_FIRST = ((Comparator<Waiting>)
                        (one, other) -> Long.signum(one.until.monotonicNanos() - other.until.monotonicNanos()))
                .thenComparing(Waiting::contender, AS_THEY_CAME);
    }

    void add(Contender contender) {
        byElection.put(contender.election(), contender);
        newest++;
        contender.join(this, newest);
        moved(contender, Stage.STANDING, Optional.empty());
    }

    /** One of them has moved on from this stage, in which it waited for that moment. */
    void moved(Contender contender, Stage before, Optional<Reading> waitedFor) {
        Stage now = contender.stage();
        if (now != before) {
            needingSession += (now.needsSession() ? 1 : 0) - (before.needsSession() ? 1 : 0);
            if (now.isHeld()) {
                held.add(contender);
            } else {
                held.remove(contender);
            }
            if (now == Stage.CLOSED) {
                closed.add(contender);
            }
        }
        if (!contender.wakesAt().equals(waitedFor)) {
            waitedFor.ifPresent(moment -> waiting.remove(new Waiting(moment, contender)));
            contender.wakesAt().ifPresent(moment -> waiting.add(new Waiting(moment, contender)));
        }
    }

    boolean isEmpty() {
        return byElection.isEmpty();
    }

    Collection<Contender> all() {
        return Collections.unmodifiableCollection(byElection.values());
    }

    Optional<Contender> in(String election) {
        return Optional.ofNullable(byElection.get(election));
    }

    /** Lets an event happen to every one of them. */
    void toAll(Round round, Reading now, Event event) {
        new ArrayList<>(byElection.values()).forEach(contender -> contender.step(round, now, event));
    }

    /** Tells those who wait for a moment that has come, as they came. */
    void tick(Round round, Reading now, Event event) {
        List<Contender> due = new ArrayList<>();
        for (Waiting each : waiting) {
            if (!now.hasReached(each.until)) {
                break;
            }
            due.add(each.contender);
        }
        due.sort(AS_THEY_CAME);
        due.forEach(contender -> contender.step(round, now, event));
    }

    /** Returns those whose leadership heartbeats extend. */
    List<Contender> held() {
        return List.copyOf(held);
    }

    /** Returns whether something of one of them hangs on the session. */
    boolean anyNeedsSession() {
        return needingSession > 0;
    }

    /** Drops those who have closed, and returns them. */
    List<Contender> dropClosed() {
        List<Contender> dropped = List.copyOf(closed);
        closed.clear();
        dropped.forEach(each -> byElection.remove(each.election(), each));
        return dropped;
    }

    /** Returns when the first of them waits for something, if that is before {@code otherwise}. */
    Reading firstDue(Reading otherwise) {
        return waiting.isEmpty() ? otherwise : Reading.earlier(otherwise, waiting.first().until);
    }
}
