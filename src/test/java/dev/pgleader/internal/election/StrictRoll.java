package dev.pgleader.internal.election;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/** The part of a {@link StrictDatabase} on which nothing rests but who goes first: who is there, and what is wished. */
final class StrictRoll {

    private final IntPredicate sessionRuns;
    private final Map<UUID, Member> members = new LinkedHashMap<>();
    private final Map<Long, Succession.Request> requests = new HashMap<>();

    private record Member(Candidate who, int session) {}

    StrictRoll(IntPredicate sessionRuns) {
        this.sessionRuns = sessionRuns;
    }

    void enroll(Candidate who, int session) {
        members.put(who.id(), new Member(who, session));
    }

    void leave(Candidate who) {
        members.remove(who.id());
    }

    /** The leader of a term is asked for something by SQL; what was asked last counts. */
    void ask(long term, Succession.Request request) {
        requests.put(term, request);
    }

    /** A candidate that is there asks the leader of a term to resign; returns whether that is news. */
    boolean ask(long term, Candidate preempting) {
        Succession.Request wish =
                new Succession.Request(Optional.of(preempting.id().toString()), true);
        return present().anyMatch(preempting::equals) && requests.putIfAbsent(term, wish) == null;
    }

    /** Returns the successor if it is there and not the {@code former} leader itself. */
    Optional<String> present(Optional<String> successor, UUID former) {
        return successor.filter(named -> present().anyMatch(who -> !who.id().equals(former) && who.isNamedBy(named)));
    }

    /** Returns what the tables say of who shall be next, beside what is {@code stored} in the row. */
    Succession seen(Succession stored, long term, Optional<UUID> holder) {
        OptionalInt best = present()
                .filter(who -> !holder.equals(Optional.of(who.id())))
                .filter(who -> !stored.resignedBy().equals(Optional.of(who.id())))
                .mapToInt(who -> who.preference().priority())
                .max();
        return new Succession(stored.successor(), stored.resignedBy(), Optional.ofNullable(requests.get(term)), best);
    }

    private Stream<Candidate> present() {
        return members.values().stream()
                .filter(member -> sessionRuns.test(member.session()))
                .map(Member::who)
                .filter(who -> !who.preference().neverLeads());
    }
}
