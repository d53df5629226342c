package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The row of a session as the table holds it. Immutable.
 *
 * @param process whose session it is
 * @param beat grows at each renewal
 * @param ownHand whether the library wrote it last
 * @param writing which commit wrote it
 * @param lease by which length it was last extended
 * @param refractory the last part of it
 * @param expiresAt its end
 * @param locked whether a lock stands behind it
 * @param server where it lives; {@link #NOWHERE} where no lock stands behind it
 */
public record StoredSession(
        UUID process,
        long beat,
        boolean ownHand,
        long writing,
        Duration lease,
        Duration refractory,
        Instant expiresAt,
        boolean locked,
        Server server) {

    /** What is written of the server where sessions mean nothing. */
    static final Server NOWHERE = new Server(0, 0, 0);

    StoredSession renewed(Duration goodFor, Duration newRefractory, Instant now) {
        return new StoredSession(
                process, beat + 1, true, writing, goodFor, newRefractory, now.plus(goodFor), locked, server);
    }

    StoredSession renewed(Duration goodFor, Instant now) {
        return renewed(goodFor, refractory, now);
    }

    StoredSession endingAt(Instant end) {
        return new StoredSession(process, beat, ownHand, writing, lease, refractory, end, locked, server);
    }

    StoredSession goodFor(Duration length) {
        return new StoredSession(process, beat, ownHand, writing, length, refractory, expiresAt, locked, server);
    }

    StoredSession of(UUID other) {
        return new StoredSession(other, beat, ownHand, writing, lease, refractory, expiresAt, locked, server);
    }

    StoredSession atBeat(long other) {
        return new StoredSession(process, other, ownHand, writing, lease, refractory, expiresAt, locked, server);
    }

    StoredSession byHand() {
        return new StoredSession(process, beat, false, writing, lease, refractory, expiresAt, locked, server);
    }

    StoredSession unlocked() {
        return new StoredSession(process, beat, ownHand, writing, lease, refractory, expiresAt, false, server);
    }

    StoredSession livingOn(Server other) {
        return new StoredSession(process, beat, ownHand, writing, lease, refractory, expiresAt, locked, other);
    }

    /** Returns the row as the commit of this number writes it. */
    StoredSession writtenBy(long commit) {
        return new StoredSession(process, beat, ownHand, commit, lease, refractory, expiresAt, locked, server);
    }

    boolean runsAt(Instant moment) {
        return expiresAt.isAfter(moment);
    }

    Row.HolderSession shown() {
        return new Row.HolderSession(process, beat, ownHand, writing, locked, lease, expiresAt, server);
    }
}
