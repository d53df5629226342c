package dev.pgleader.faults.race;

import dev.pgleader.testing.mutation.Mutation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Faults in rules that keep two from leading, with the kind of race that finds each. */
enum Planted {
    /** The database's clock is the only witness. */
    LOCK_NOT_ASKED(
            Kind.SESSIONS_BY_HAND,
            sql("then n.session_ended and n.clock_trusted or n.stood_still", "then n.clock_trusted or n.stood_still")),

    /** A free lock is the only witness. */
    EXPIRY_NOT_ASKED(
            Kind.LOCKS,
            sql("(n.expires_at <= now() or me.on_session_end)", "true"),
            sql("when n.expires_at <= now()\n", "when true\n")),

    /** A row is taken although it has changed since it was judged. */
    VERSION_NOT_COMPARED(Kind.LOCKS, sql("on e.name = r.name and e.xmin = r.writing\n", "on e.name = r.name\n")),

    /** A row that other hands have emptied is as good as one that the library vacated. */
    OWN_HAND_NOT_ASKED(Kind.ELECTIONS_BY_HAND, sql("n.own_hand and (n.system", "(n.system")),

    /** A row that was removed by other hands is free at once when it is registered anew. */
    REGISTERED_AS_FREE(
            Kind.ELECTIONS_BY_HAND,
            in("internal/postgres/ElectionSql", "then -1\n                        else 0", "then 0 else 0")),

    /** A leadership is extended whatever other hands have done to its row. */
    DISTURBANCE_IGNORED(
            Kind.ELECTIONS_BY_HAND, in("internal/runtime/Heartbeats", "        note(renewed.disturbed());\n", "")),

    /** Trust counts from the answer to a heartbeat. */
    TRUST_FROM_THE_ANSWER(
            Kind.LOCKS,
            in(
                    "internal/runtime/Heartbeats",
                    "state.renewed(me, lease.id(), sentAt, at)",
                    "state.renewed(me, lease.id(), at, at)")),

    /** Nobody waits for the work of a leader whose session has ended. */
    REFRACTORY_PERIOD_NOT_WAITED(Kind.ON_SESSION_END, sql("n.session_ended and n.was_freed", "n.session_ended")),

    /** A lock counts on another server than the one on which its session lives: there it is free. */
    LOCK_ASKED_ELSEWHERE(
            Kind.PROMOTION,
            sql("and n.session_start = here.started_at\n", "\n"),
            sql("and n.session_timeline is not distinct from here.timeline\n", "\n"));

    private static final String CLASSES = "src/main/java/dev/pgleader/";

    private final Kind kind;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Exchange> exchanges;

    Planted(Kind kind, Exchange... exchanges) {
        this.kind = kind;
        this.exchanges = List.of(exchanges);
    }

    static Planted named(String name) {
        return Arrays.stream(values())
                .filter(planted -> planted.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("none of " + Arrays.toString(values()) + ": " + name));
    }

    /** The kind of race that finds it. */
    Kind kind() {
        return kind;
    }

    List<Mutation> mutations() {
        return exchanges.stream()
                .map(each ->
                        new Mutation(toString(), CLASSES + each.type() + ".java", each.original(), each.replacement()))
                .toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private record Exchange(String type, String original, String replacement) {}

    private static Exchange sql(String original, String replacement) {
        return in("internal/postgres/BidSql", original, replacement);
    }

    private static Exchange in(String type, String original, String replacement) {
        return new Exchange(type, original, replacement);
    }
}
