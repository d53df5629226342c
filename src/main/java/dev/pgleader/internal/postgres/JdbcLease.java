package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Disturbance;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The row of this connection's session, and the advisory lock behind it. Loop thread only. */
final class JdbcLease {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** A lock of a new session is refused only where ids are given out again, so the next ones are free. */
    private static final int MOST_TRIES = 10;

    /** To look at more than so many rows one by one costs more than to look at everything. */
    private static final int MOST_DISTURBED = 500;

    /** The snapshot of a moment before everything. */
    private static final String NOTHING_SEEN = "1:1:";

    /** The owner of no row. */
    private static final UUID NOBODY = new UUID(0, 0);

    private final Wire wire;
    private final Facts facts;
    private final SessionSql sql;

    /** What the session's answers must bear; empty where there is no session to know again, and no lock. */
    private final Optional<String> mark;

    /** How long a holder may be silent before the server ends its session; empty where the server cannot be told. */
    private final Optional<String> silence;

    /** Whose row this connection has made. */
    private UUID owner = NOBODY;

    /** What the last renewal could see, or the making of the row. */
    private String snapshot = NOTHING_SEEN;

    JdbcLease(Wire wire, Facts facts, SessionSql sql, Optional<String> mark, Optional<String> silence) {
        this.wire = wire;
        this.facts = facts;
        this.sql = sql;
        this.mark = mark;
        this.silence = silence;
    }

    /** What became of an attempt to make a row or to lock it. */
    private record Made(int id, boolean isComplete, String snapshot) {}

    int enter(UUID newProcess, Duration goodFor, Duration refractory) throws SessionException, BusyException {
        if (!owner.equals(NOBODY)) {
            throw new IllegalStateException("this connection has its row already");
        }
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            Made row = makeRow(newProcess, goodFor, refractory);
            Made entered = mark.isPresent() ? lock(row.id(), newProcess) : row;
            if (entered.isComplete()) {
                owner = newProcess;
                snapshot = entered.snapshot();
                return row.id();
            }
            LOG.info("the advisory lock of the new session {} is held by another: trying the next id", row.id());
            leave(row.id(), newProcess);
        }
        throw new SessionException(Problems.doubtful("the advisory locks of " + MOST_TRIES
                + " new sessions are held by others, though nobody has their ids"));
    }

    private Made makeRow(UUID newProcess, Duration goodFor, Duration refractory)
            throws SessionException, BusyException {
        return wire.query(
                sql.enter,
                statement -> {
                    statement.setObject(1, newProcess);
                    statement.setDouble(2, Lengths.seconds(goodFor));
                    statement.setDouble(3, Lengths.seconds(refractory));
                    statement.setBoolean(4, mark.isPresent());
                },
                rows -> {
                    rows.next();
                    requireOwnSession(rows);
                    return new Made(rows.getInt("id"), true, rows.getString("snapshot"));
                });
    }

    private Made lock(int id, UUID newProcess) throws SessionException, BusyException {
        return wire.query(
                sql.lock,
                statement -> {
                    statement.setInt(1, facts.lockSpace());
                    statement.setInt(2, id);
                    statement.setInt(3, id);
                    statement.setObject(4, newProcess);
                },
                rows -> {
                    rows.next();
                    requireOwnSession(rows);
                    boolean granted = rows.getBoolean("granted");
                    if (granted && !rows.getBoolean("entered")) {
                        throw new SessionException(Problems.doubtful("the row of a new session is gone at once"));
                    }
                    return new Made(id, granted, rows.getString("snapshot"));
                });
    }

    Renewal renew(int id, Duration goodFor, boolean holds) throws SessionException, BusyException {
        return renew(id, owner, goodFor, holds);
    }

    /** Has the server plan a renewal, of no session at all. */
    void rehearse() throws SessionException, BusyException {
        renew(0, NOBODY, Duration.ZERO, false);
    }

    private Renewal renew(int id, UUID whose, Duration goodFor, boolean holds) throws SessionException, BusyException {
        return wire.queryOr(
                new Renewal.Refused(),
                Problems.TABLES_GONE,
                sql.renew,
                statement -> {
                    statement.setInt(1, id);
                    statement.setObject(2, whose);
                    statement.setString(3, mark.orElse(null));
                    statement.setDouble(4, Lengths.seconds(goodFor));
                    statement.setString(5, snapshot);
                    statement.setInt(6, id);
                    statement.setObject(7, whose);
                    statement.setInt(8, id);
                    statement.setInt(9, MOST_DISTURBED + 1);
                    statement.setString(
                            10, silence.map(bound -> holds ? bound : "0").orElse(null));
                },
                rows -> {
                    rows.next();
                    requireOwnSession(rows);
                    return renewal(rows);
                });
    }

    private Renewal renewal(ResultSet row) throws SQLException {
        if (row.getObject("expires_at") == null) {
            return row.getBoolean("still_ours") ? new Renewal.PassedOver() : new Renewal.Refused();
        }
        snapshot = row.getString("snapshot");
        return new Renewal.Renewed(Rows.instant(row, "expires_at"), disturbance(row.getArray("disturbed")));
    }

    private static Disturbance disturbance(Array names) throws SQLException {
        @Nullable String[] disturbed = (@Nullable String[]) names.getArray();
        if (disturbed.length > MOST_DISTURBED) {
            return new Disturbance(true, Set.of());
        }
        Set<@Nullable String> known = new HashSet<>(Arrays.asList(disturbed));
        boolean everything = known.remove(null);
        return known.isEmpty() && !everything ? Disturbance.NONE : new Disturbance(everything, Set.copyOf(known));
    }

    void leave(int id) throws SessionException, BusyException {
        leave(id, owner);
    }

    private void leave(int id, UUID whose) throws SessionException, BusyException {
        wire.attempt(
                sql.leave,
                statement -> {
                    statement.setInt(1, id);
                    statement.setObject(2, whose);
                    statement.setInt(3, id);
                    statement.setObject(4, whose);
                    statement.setInt(5, facts.lockSpace());
                },
                ResultSet::next);
    }

    /** Returns the process whose row this connection has made; one that has no row where it made none. */
    UUID owner() {
        return owner;
    }

    /** Returns what the session's answers must bear, where it is known again by that. */
    @Nullable
    String mark() {
        return mark.orElse(null);
    }

    /** Where the session was reset, or another answers in its place, the locks may be gone. */
    void requireOwnSession(ResultSet rows) throws SQLException, SessionException {
        if (mark.isPresent() && !mark.get().equals(rows.getString("mark"))) {
            throw new SessionException(Problems.sessionShared());
        }
    }
}
