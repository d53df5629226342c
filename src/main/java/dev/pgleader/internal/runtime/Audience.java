package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Those who watch elections without standing in them, and are told of each look until they leave. Loop thread only. */
final class Audience {

    /** Looks that are due one after the other within such a span are one statement. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private final Map<String, Set<Onlooker>> byElection = new LinkedHashMap<>();

    void add(Onlooker onlooker) {
        byElection
                .computeIfAbsent(onlooker.election(), election -> new LinkedHashSet<>())
                .add(onlooker);
    }

    void remove(Onlooker onlooker) {
        byElection.computeIfPresent(onlooker.election(), (election, all) -> {
            all.remove(onlooker);
            return all.isEmpty() ? null : all;
        });
    }

    boolean isEmpty() {
        return byElection.isEmpty();
    }

    /** Has all of them looked at. */
    void lookAtAll(Round round) {
        byElection.values().forEach(all -> all.forEach(round::add));
    }

    /** Has some of them looked at, as far as they are watched. */
    void lookAt(Collection<String> elections, Round round) {
        elections.forEach(
                election -> byElection.getOrDefault(election, Set.of()).forEach(round::add));
    }

    /** Has those looked at of which a look is due, because a lease is about to end, or will be in a moment. */
    void lookWhereDue(Reading now, Round round) {
        if (!now.hasReached(firstDue(now.plus(TOGETHER)))) {
            return;
        }
        Reading soon = now.plus(TOGETHER);
        for (Set<Onlooker> all : byElection.values()) {
            for (Onlooker onlooker : all) {
                if (onlooker.wakesAt().map(soon::hasReached).orElse(false)) {
                    round.add(onlooker);
                }
            }
        }
    }

    /** Returns when the first of them is due, if that is before {@code otherwise}. */
    Reading firstDue(Reading otherwise) {
        Reading due = otherwise;
        for (Set<Onlooker> all : byElection.values()) {
            for (Onlooker onlooker : all) {
                due = Reading.earlier(due, onlooker.wakesAt().orElse(due));
            }
        }
        return due;
    }
}
