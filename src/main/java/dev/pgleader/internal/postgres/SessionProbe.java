package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether a connection has a server process of its own, so that locks, notifications and settings stay with it;
 * until that is known nothing may be set.
 * Confined to the thread that opens a connection.
 *
 * <p>A connection that was told the pid of the very process that answers leads straight there. Otherwise a pooler stands
 * in between, which may lend the process out for a session (then all is well) or for a transaction. Three tests tell, and
 * one that fails is enough: the process stays the same while another connection occupies one; a notification arrives while
 * this connection is idle; a lock is refused to the other connection. The first leaves nothing behind where it fails, so it
 * goes first, several times, since a pooler need not lend out the same process again at once.
 */
final class SessionProbe {

    private static final int ROUNDS = 5;

    private final Wire mine;
    private final Wire other;
    private final Duration patience;

    /** Opens the other connection that the tests need. */
    interface Opening {
        Wire open() throws SessionException;
    }

    private SessionProbe(Wire mine, Wire other, Duration patience) {
        this.mine = mine;
        this.other = other;
        this.patience = patience;
    }

    /** Returns whether a pooler stands between this connection and the server. */
    static boolean isPooled(Wire mine) throws SessionException {
        try {
            return mine.announcedPid() != pid(mine);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a process waited for a lock to name itself"), impossible);
        }
    }

    /**
     * Sets a connection's session up if it is its own; otherwise sees to it that nothing is ever set in it.
     *
     * @return what was set; empty where sessions mean nothing
     */
    static Optional<OwnSettings> settle(Wire wire, ElectionConfig config, Opening opening) throws SessionException {
        if (isOwn(wire, config.statementTimeout().dividedBy(2), opening)) {
            wire.prepareStatements();
            return Optional.of(OwnSettings.apply(wire, config));
        }
        wire.frameEach(OwnSettings.perTransaction(config));
        return Optional.empty();
    }

    /**
     * Returns whether the session is this connection's own.
     *
     * @param patience how long to wait for a notification
     */
    private static boolean isOwn(Wire mine, Duration patience, Opening opening) throws SessionException {
        if (!isPooled(mine)) {
            return true;
        }
        Wire other = opening.open();
        try {
            SessionProbe probe = new SessionProbe(mine, other, patience);
            return probe.keepsItsProcess() && probe.hears() && probe.locksOut();
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("a probe waited for a lock"), busy);
        } finally {
            other.close();
        }
    }

    private boolean keepsItsProcess() throws SessionException, BusyException {
        int before = pid(mine);
        for (int round = 0; round < ROUNDS; round++) {
            begin();
            int occupied = pid(other);
            int after = pid(mine);
            other.update("rollback", statement -> {});
            if (occupied == before || after != before) {
                return false;
            }
        }
        return true;
    }

    private void begin() throws SessionException, BusyException {
        try {
            other.update("begin", statement -> {});
        } catch (SessionException refused) {
            if (refused.problem().message().contains("statement pooling")) {
                throw new SessionException(
                        Problems.statementPooling(refused.problem().message()), refused);
            }
            throw refused;
        }
    }

    private boolean hears() throws SessionException, BusyException {
        String channel =
                "pgleader_probe_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        mine.update("listen " + channel, statement -> {});
        other.update("notify " + channel, statement -> {});
        boolean heard = mine.notifications(patience).length > 0;
        mine.update("unlisten " + channel, statement -> {});
        return heard;
    }

    private boolean locksOut() throws SessionException, BusyException {
        long key = ThreadLocalRandom.current().nextLong();
        boolean granted = lock(mine, key);
        boolean grantedToOther = lock(other, key);
        if (grantedToOther) {
            unlock(other, key);
        }
        if (granted) {
            unlock(mine, key);
        }
        return granted && !grantedToOther;
    }

    private static boolean lock(Wire wire, long key) throws SessionException, BusyException {
        return wire.query("select pg_try_advisory_lock(?)", statement -> statement.setLong(1, key), rows -> {
            rows.next();
            return rows.getBoolean(1);
        });
    }

    private static void unlock(Wire wire, long key) throws SessionException, BusyException {
        wire.attempt("select pg_advisory_unlock(?)", statement -> statement.setLong(1, key), ResultSet::next);
    }

    private static int pid(Wire wire) throws SessionException, BusyException {
        return wire.query("select pg_backend_pid()", statement -> {}, rows -> {
            rows.next();
            return rows.getInt(1);
        });
    }
}
