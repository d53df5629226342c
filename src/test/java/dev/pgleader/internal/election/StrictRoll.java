package dev.pgleader.internal.election;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;

/** The part of a {@link StrictDatabase} on which nothing rests but who goes first: who is there, and what is wished. */
final class StrictRoll {

    /** For how long nobody doubts that a candidate is there who has said so. */
    private static final long GOOD_FOR = 15_000_000_000L;

    private final Map<UUID, Member> members = new LinkedHashMap<>();
    private final Map<Long, Succession.Request> requests = new HashMap<>();

    private record Member(Candidate who, long expectedBy) {}

    void attend(Candidate who, long now) {
        members.put(who.id(), new Member(who, now + GOOD_FOR));
    }

    void leave(Candidate who) {
        members.remove(who.id());
    }

    /** Somebody asks the leader of a term for something; what was asked last counts. */
    void ask(long term, Succession.Request request) {
        requests.put(term, request);
    }

    /** A candidate that is there asks the leader of a term for its post; returns whether that is news. */
    boolean ask(long term, Candidate preempting, long now) {
        return present(now).anyMatch(preempting::equals)
                && requests.putIfAbsent(
                                term,
                                new Succession.Request(
                                        Optional.of(preempting.id().toString()), true))
                        == null;
    }

    Optional<Succession.Request> request(long term) {
        return Optional.ofNullable(requests.get(term));
    }

    /** Returns the heir if it is there and not the {@code former} leader itself. */
    Optional<String> present(Optional<String> heir, UUID former, long now) {
        return heir.filter(named -> present(now).anyMatch(who -> !who.id().equals(former) && who.isNamedBy(named)));
    }

    /** Returns what somebody sees who looks at {@code row}. */
    Row seen(Row row, long now) {
        Succession stored = row.succession();
        OptionalInt best = present(now)
                .filter(who -> row.holder()
                        .filter(holder -> holder.candidate().equals(who.id()))
                        .isEmpty())
                .filter(who -> !stored.yieldedBy().equals(Optional.of(who.id())))
                .mapToInt(who -> who.preference().priority())
                .max();
        Succession seen = new Succession(stored.heir(), stored.yieldedBy(), request(row.term()), best);
        return new Row(row.lockId(), row.term(), row.beat(), row.writtenOn(), row.holder(), seen);
    }

    private Stream<Candidate> present(long now) {
        return members.values().stream()
                .filter(member -> member.expectedBy() > now)
                .map(Member::who)
                .filter(who -> !who.preference().neverLeads());
    }
}
