package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in for locks where sessions mean nothing: none is asked for and each is granted, since the row decides
 * alone. Announcements do reach those who have sessions. Loop thread only.
 */
record NoLocks(Wire wire, Facts facts) implements Locks {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    @Override
    public boolean areReal() {
        return false;
    }

    @Override
    public Set<String> tryLock(Map<String, Integer> elections) {
        return Set.copyOf(elections.keySet());
    }

    @Override
    public void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException {
        if (announcements.isEmpty()) {
            return;
        }
        try {
            wire.attempt(
                    Sql.RELEASE,
                    statement -> {
                        statement.setInt(1, facts.lockSpace());
                        statement.setArray(2, wire.array("int4", Stream.of()));
                        statement.setString(3, facts.channel());
                        statement.setArray(4, wire.texts(announcements.stream()));
                    },
                    ResultSet::next);
        } catch (BusyException announcersInTheWay) {
            LOG.debug("nobody was told of a change in {}", announcements, announcersInTheWay);
        }
    }

    /** Nobody who is met here has such a lock. */
    @Override
    public void endBackends(Map<String, Row> condemned) {
        throw new IllegalStateException("no lock keeps anybody out here, but one is to be freed: " + condemned);
    }
}
