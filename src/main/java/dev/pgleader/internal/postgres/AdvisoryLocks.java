package dev.pgleader.internal.postgres;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The advisory locks of a session that is this connection's own. Loop thread only. */
final class AdvisoryLocks implements Locks {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private final Wire wire;
    private final Facts facts;
    private final Sql sql;
    private final OwnSettings settings;
    private final String silenceBound;
    private final Set<Integer> held = new HashSet<>();

    /**
     * Holds no lock yet.
     *
     * @param trust after how much silence the server is to end this session, while it holds a lock
     */
    AdvisoryLocks(Wire wire, Facts facts, Sql sql, OwnSettings settings, Duration trust) {
        this.wire = wire;
        this.facts = facts;
        this.sql = sql;
        this.settings = settings;
        this.silenceBound = OwnSettings.millis(trust);
    }

    @Override
    public boolean areReal() {
        return true;
    }

    @Override
    public Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException {
        elections.forEach((election, lockId) -> {
            if (held.contains(lockId)) {
                throw new IllegalStateException("already holding lock " + lockId + " of '" + election + "'");
            }
        });
        Set<String> granted = wire.query(
                sql.tryLock,
                statement -> {
                    statement.setInt(1, facts.lockSpace());
                    statement.setArray(2, wire.texts(elections.keySet().stream()));
                    statement.setString(3, settings.mark());
                    statement.setBoolean(4, settings.endWhenSilent());
                    statement.setString(5, silenceBound);
                },
                Rows::names);
        granted.forEach(election -> held.add(elections.get(election)));
        return granted;
    }

    @Override
    public void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException {
        try {
            boolean allWereHeld = wire.attempt(
                    Sql.RELEASE,
                    statement -> {
                        statement.setInt(1, facts.lockSpace());
                        statement.setArray(2, wire.array("int4", lockIds.stream()));
                        statement.setString(3, facts.channel());
                        statement.setArray(4, wire.texts(announcements.stream()));
                    },
                    rows -> {
                        rows.next();
                        return Stream.of((Boolean[]) rows.getArray("unlocked").getArray())
                                .allMatch(Boolean::booleanValue);
                    });
            if (!allWereHeld) {
                throw new SessionException(Problems.doubtful("a lock was not held that should have been"));
            }
        } catch (BusyException announcersInTheWay) {
            // The locks are free all the same; whoever was not told finds out by looking.
            LOG.debug("nobody was told of a change in {}", announcements, announcersInTheWay);
        }
        held.removeAll(lockIds);
        if (!lockIds.isEmpty() && held.isEmpty() && settings.endWhenSilent()) {
            allowSilence();
        }
    }

    /** A session that holds nothing may be as quiet as it likes. */
    private void allowSilence() throws SessionException {
        try {
            wire.query(
                    SetupSql.SET_ALL,
                    statement -> {
                        statement.setArray(1, wire.texts(Stream.of(OwnSettings.IDLE_SESSION_TIMEOUT)));
                        statement.setArray(2, wire.texts(Stream.of("0")));
                    },
                    ResultSet::next);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a setting waited for a lock"), impossible);
        }
    }

    @Override
    public void endBackends(Map<String, Row> condemned) throws SessionException, BusyException {
        List<Map.Entry<String, Row>> rows = List.copyOf(condemned.entrySet());
        try {
            Set<String> ended = wire.query(
                    sql.endBackends,
                    statement -> {
                        statement.setArray(1, wire.texts(rows.stream().map(Map.Entry::getKey)));
                        statement.setArray(2, wire.array("int8", rows.stream().map(row -> row.getValue()
                                .term())));
                        statement.setArray(3, wire.array("int8", rows.stream().map(row -> row.getValue()
                                .beat())));
                    },
                    Rows::names);
            LOG.info(
                    "ended the server processes that held the locks of dead leaders of {}: {}",
                    condemned.keySet(),
                    ended);
        } catch (SessionException refused) {
            if (refused.problem().kind() != Problem.Kind.NO_RIGHTS) {
                throw refused;
            }
            LOG.info("may not end the server processes that hold the locks of dead leaders of {}", condemned.keySet());
        }
    }
}
