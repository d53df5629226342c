package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The elections that this process stands in. Loop thread only. */
final class Contenders {

    private final Map<String, Contender> byElection = new LinkedHashMap<>();

    void add(Contender contender) {
        byElection.put(contender.election(), contender);
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

    /** Tells those who wait for a moment that has come. */
    void tick(Round round, Reading now, Event event) {
        for (Contender contender : byElection.values()) {
            if (contender.wakesAt().map(now::hasReached).orElse(false)) {
                contender.step(round, now, event);
            }
        }
    }

    /** Returns those whose leadership heartbeats extend. */
    List<Contender> held() {
        return byElection.values().stream()
                .filter(contender -> contender.stage().isHeld())
                .toList();
    }

    /** Returns whether something of one of them hangs on the session. */
    boolean anyNeedsSession() {
        return byElection.values().stream()
                .anyMatch(contender -> contender.stage().needsSession());
    }

    /** Drops those who have closed; returns whether there were any. */
    boolean dropClosed() {
        return byElection.values().removeIf(contender -> contender.stage() == Stage.CLOSED);
    }

    /** Returns when the first of them waits for something, if that is before {@code otherwise}. */
    Reading firstDue(Reading otherwise) {
        Reading due = otherwise;
        for (Contender contender : byElection.values()) {
            due = Reading.earlier(due, contender.wakesAt().orElse(due));
        }
        return due;
    }
}
