package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The row of an election as the table holds it. Immutable.
 *
 * @param term the newest term
 * @param released the term that was given back; {@link #MUST_STAND_STILL}
 * @param ownHand whether the library wrote it last
 * @param writing which commit wrote it
 * @param writtenOn in which history the library wrote it last
 * @param lease the last holder's lease
 * @param refractory the last holder's refractory period
 * @param holder who holds it
 * @param successor who was named to be next
 * @param resignedBy who resigned last
 * @param ending how the last term ended, while the row is vacant
 * @param termsKept how many terms the history keeps
 */
record StoredRow(
        long term,
        long released,
        boolean ownHand,
        long writing,
        Server writtenOn,
        Duration lease,
        Duration refractory,
        Optional<Holder> holder,
        Optional<String> successor,
        Optional<UUID> resignedBy,
        Optional<Loss> ending,
        int termsKept) {

    /** A row that is not free at once although nobody holds it. */
    static final long MUST_STAND_STILL = -1;

    private static final Set<Loss> RESIGNING = EnumSet.of(Loss.RESIGNED, Loss.HANDED_OVER, Loss.PREEMPTED, Loss.FAILED);

    /** The columns of whoever holds a row. */
    record Holder(
            int session,
            UUID candidate,
            String address,
            int priority,
            String version,
            Phase phase,
            Instant electedAt) {}

    static StoredRow registered(boolean free, Duration lease, Server here) {
        return new StoredRow(
                0,
                free ? 0 : MUST_STAND_STILL,
                true,
                0,
                history(here),
                lease,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                1000);
    }

    /** What the row says of the server that wrote it, of whose life it says nothing. */
    private static Server history(Server server) {
        return server.sessionless();
    }

    StoredRow taken(long nextTerm, Session.Bid bid, Session.BidTerms terms, Server here, Instant now) {
        Holder next = new Holder(
                terms.session(),
                bid.who().candidate(),
                bid.who().address(),
                bid.who().priority(),
                bid.who().version(),
                Phase.RECOVERING,
                now);
        return new StoredRow(
                nextTerm,
                released,
                true,
                0,
                history(here),
                terms.lease(),
                terms.refractory(),
                Optional.of(next),
                appointed(bid.who()),
                holder.isPresent() ? Optional.empty() : resignedBy,
                Optional.empty(),
                bid.termsKept());
    }

    /** Returns whom the row names as the successor once {@code next} has taken it. */
    private Optional<String> appointed(Session.Enrolment next) {
        if (isMeantFor(next)) {
            return successor.filter(named -> ending.equals(Optional.of(Loss.HANDED_OVER)));
        }
        return successor
                .filter(named -> ending.equals(Optional.of(Loss.PREEMPTED)))
                .map(cameNot -> next.candidate().toString());
    }

    /** Returns whether the successor that the row names is {@code who}. */
    boolean isMeantFor(Session.Enrolment who) {
        return successor
                .filter(named -> named.equals(who.address())
                        || named.equals(who.candidate().toString()))
                .isPresent();
    }

    StoredRow vacated(Loss loss, Optional<String> next, boolean atOnce, Server here) {
        return new StoredRow(
                term,
                atOnce ? term : MUST_STAND_STILL,
                true,
                0,
                history(here),
                lease,
                refractory,
                Optional.empty(),
                next,
                RESIGNING.contains(loss) ? holder.map(Holder::candidate) : Optional.empty(),
                Optional.of(loss),
                termsKept);
    }

    StoredRow leading() {
        Holder held = holder.orElseThrow();
        return with(
                Optional.of(new Holder(
                        held.session(),
                        held.candidate(),
                        held.address(),
                        held.priority(),
                        held.version(),
                        Phase.LEADING,
                        held.electedAt())),
                ownHand);
    }

    private StoredRow with(Optional<Holder> newHolder, boolean own) {
        return new StoredRow(
                term,
                released,
                own,
                writing,
                writtenOn,
                lease,
                refractory,
                newHolder,
                successor,
                resignedBy,
                ending,
                termsKept);
    }

    /** Returns the row as the commit of this number writes it. */
    StoredRow writtenBy(long commit) {
        return new StoredRow(
                term,
                released,
                ownHand,
                commit,
                writtenOn,
                lease,
                refractory,
                holder,
                successor,
                resignedBy,
                ending,
                termsKept);
    }

    // By other hands

    StoredRow byHand() {
        return with(holder, false);
    }

    StoredRow emptied() {
        return with(Optional.empty(), false);
    }

    StoredRow heldBy(int session) {
        Holder held = holder.orElseThrow();
        return with(
                Optional.of(new Holder(
                        session,
                        held.candidate(),
                        held.address(),
                        held.priority(),
                        held.version(),
                        held.phase(),
                        held.electedAt())),
                false);
    }

    StoredRow atTerm(long other) {
        return new StoredRow(
                other,
                released,
                true,
                writing,
                writtenOn,
                lease,
                refractory,
                holder,
                successor,
                resignedBy,
                ending,
                termsKept);
    }

    StoredRow writtenOn(Server other) {
        return new StoredRow(
                term,
                released,
                true,
                0,
                history(other),
                lease,
                refractory,
                holder,
                successor,
                resignedBy,
                ending,
                termsKept);
    }

    // What it says

    boolean isOfThisHistory(Server here) {
        return writtenOn.hasHistoryOf(here);
    }

    boolean isHeldBy(Session.Held held) {
        return term == held.term()
                && holder.filter(each -> each.candidate().equals(held.candidate()) && each.session() == held.session())
                        .isPresent();
    }

    Optional<Integer> session() {
        return holder.map(Holder::session);
    }

    Optional<UUID> candidate() {
        return holder.map(Holder::candidate);
    }

    /** Returns whether who locks this row by comparison with {@code other} finds the row that it has judged. */
    boolean comparesWith(StoredRow other) {
        return writing == other.writing;
    }

    /** Returns the row as sessions see it, with its holder's session as that is. */
    Row shown(Optional<StoredSession> session, Optional<Succession.Request> request, OptionalInt bestRival) {
        Optional<Row.Holder> shown = holder.map(each -> new Row.Holder(
                each.candidate(),
                each.address(),
                each.priority(),
                each.version(),
                each.phase(),
                refractory,
                each.electedAt(),
                each.session(),
                session.map(StoredSession::shown)));
        return new Row(
                term,
                released,
                ownHand,
                writing,
                writtenOn,
                lease,
                shown,
                new Succession(successor, resignedBy, request, bestRival));
    }
}
