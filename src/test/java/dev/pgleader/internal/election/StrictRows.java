package dev.pgleader.internal.election;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** The rows of a {@link StrictDatabase} as its statements write them. */
final class StrictRows {

    private StrictRows() {}

    /** Returns a look when its answer has come. */
    static Sighting answered(Sighting seen, Reading now) {
        DatabaseTime was = seen.time();
        DatabaseTime time = new DatabaseTime(was.server(), was.micros(), was.askedAt(), now);
        return new Sighting(seen.row(), time, seen.remaining(), seen.lockFree(), seen.byOwnSession());
    }

    /** Returns whether the row names just this leadership. */
    static boolean names(Row found, UUID candidate, long term, int session) {
        return found.term() == term
                && found.holder()
                        .filter(holder -> holder.candidate().equals(candidate) && holder.sessionId() == session)
                        .isPresent();
    }

    /** Returns {@code found} after one of the library's own statements has written it. */
    static Row written(Row found, Server server) {
        return new Row(
                found.term(), found.released(), true, 0, server, found.lease(), found.holder(), found.succession());
    }

    /** Returns {@code next} as it is when a statement of this number has written it. */
    static Row as(Row next, long writing) {
        return new Row(
                next.term(),
                next.released(),
                next.ownHand(),
                writing,
                next.writtenOn(),
                next.lease(),
                next.holder(),
                next.succession());
    }

    /** Returns who is known to have been named, and to have made way, once {@code next} has taken the row. */
    static Succession after(Row found, Candidate next, Optional<Loss> ending) {
        if (found.holder().isPresent()) {
            return Succession.OPEN;
        }
        Optional<String> successor = found.succession().successor();
        Optional<String> named = successor.filter(next::isNamedBy).isPresent()
                ? successor.filter(any -> ending.equals(Optional.of(Loss.HANDED_OVER)))
                : successor
                        .filter(cameNot -> ending.equals(Optional.of(Loss.PREEMPTED)))
                        .map(cameNot -> next.id().toString());
        return new Succession(named, found.succession().resignedBy(), Optional.empty(), OptionalInt.empty());
    }

    static Row.Holder leading(Row.Holder was) {
        return holder(was, Phase.LEADING, was.sessionId(), was.session());
    }

    static Row.Holder onSession(Row.Holder was, int session) {
        return holder(was, was.phase(), session, was.session());
    }

    static Row.Holder withSession(Row.Holder was, Optional<Row.HolderSession> line) {
        return holder(was, was.phase(), was.sessionId(), line);
    }

    private static Row.Holder holder(Row.Holder was, Phase phase, int session, Optional<Row.HolderSession> line) {
        return new Row.Holder(
                was.candidate(),
                was.address(),
                was.priority(),
                was.version(),
                phase,
                was.refractory(),
                was.electedAt(),
                session,
                line);
    }
}
