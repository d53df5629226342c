package dev.pgleader.faults.race;

import dev.pgleader.internal.election.Basis;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often what happened in a race, since a race in which nothing happens proves nothing. Thread-safe. */
final class Tally {

    /** What is counted. The first ones have the names of {@link Basis}. */
    enum Count {
        VACANT,
        LEASE_OVER,
        STOOD_STILL,
        SESSION_ENDED,
        CLAIMED,
        HEARTBEATS,
        RESIGNED,
        LOST_OTHERWISE,
        PAUSES,
        LATE_STATEMENTS,
        PROCESSES_KILLED,
        SESSIONS_CLOSED,
        SESSIONS_ENDED,
        BACKENDS_STOPPED,
        EDITS,
        CLOCK_STEPS,
        SCHEMA_DROPS,
        PROMOTIONS,
        HARM_HINDERED,
        DOUBLE_HOLDERS
    }

    private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();

    void count(Count what) {
        counts.computeIfAbsent(what, any -> new LongAdder()).increment();
    }

    void count(Basis basis) {
        count(Count.valueOf(basis.name()));
    }

    long of(Count what) {
        return Optional.ofNullable(counts.get(what)).map(LongAdder::sum).orElse(0L);
    }

    /** Returns how many elections were won, by whatever right. */
    long takings() {
        return Stream.of(Basis.values())
                .mapToLong(basis -> of(Count.valueOf(basis.name())))
                .sum();
    }

    @Override
    public String toString() {
        return takings() + " takings: "
                + Stream.of(Count.values())
                        .filter(what -> of(what) > 0)
                        .map(what -> what.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + of(what))
                        .collect(Collectors.joining(", "));
    }
}
