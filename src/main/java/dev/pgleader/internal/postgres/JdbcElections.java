package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elections that are registered, led, given back and announced. Loop thread only.
 *
 * @param wire the connection
 * @param facts where it leads
 * @param sql the statements
 */
record JdbcElections(Wire wire, Facts facts, ElectionSql sql) {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** So many rows that others are just inserting are waited for, a tenth of a second each. */
    private static final int MOST_WAITS = 3;

    void register(Collection<String> names, Duration ownLease) throws SessionException, BusyException {
        try {
            insert(names, ownLease);
        } catch (BusyException busy) {
            if (names.size() < 2 || busy.isSlow()) {
                throw busy;
            }
            registerOneByOne(names, ownLease);
        }
    }

    /** One row that another session has inserted and not committed must not keep the others waiting. */
    private void registerOneByOne(Collection<String> names, Duration ownLease) throws SessionException, BusyException {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled);
        int waits = 0;
        for (String name : shuffled) {
            try {
                insert(List.of(name), ownLease);
            } catch (BusyException inTheWay) {
                waits++;
                if (waits == MOST_WAITS) {
                    throw inTheWay;
                }
                LOG.debug("the election '{}' cannot be registered now", name, inTheWay);
            }
        }
    }

    private void insert(Collection<String> names, Duration ownLease) throws SessionException, BusyException {
        wire.update(sql.register, statement -> {
            statement.setDouble(1, Lengths.seconds(ownLease));
            statement.setInt(2, facts.lockSpace());
            statement.setArray(3, wire.texts(names.stream()));
        });
    }

    Set<String> lead(List<Held> held) throws SessionException, BusyException {
        return announcing(announced -> wire.query(
                sql.lead,
                statement -> {
                    statement.setArray(1, array("text", held, Held::election));
                    statement.setArray(2, array("uuid", held, Held::candidate));
                    statement.setArray(3, array("int8", held, Held::term));
                    statement.setArray(4, array("int4", held, Held::session));
                    statement.setBoolean(5, announced);
                    statement.setString(6, facts.channel());
                },
                Rows::names));
    }

    Set<String> vacate(List<Vacation> vacations) throws SessionException, BusyException {
        return announcing(announced -> empty(vacations, true, announced));
    }

    Set<String> detach(List<Vacation> vacations) throws SessionException, BusyException {
        return announcing(announced -> empty(vacations, false, announced));
    }

    private Set<String> empty(List<Vacation> vacations, boolean released, boolean announced)
            throws SessionException, BusyException {
        return wire.query(
                sql.vacate,
                statement -> {
                    statement.setArray(1, array("text", vacations, vacation -> vacation.held()
                            .election()));
                    statement.setArray(2, array("uuid", vacations, vacation -> vacation.held()
                            .candidate()));
                    statement.setArray(3, array("int8", vacations, vacation -> vacation.held()
                            .term()));
                    statement.setArray(4, array("int4", vacations, vacation -> vacation.held()
                            .session()));
                    statement.setArray(5, array("text", vacations, vacation -> Rows.stored(vacation.loss())));
                    statement.setArray(6, array("text", vacations, vacation -> vacation.successor()
                            .orElse(null)));
                    statement.setBoolean(7, released);
                    statement.setBoolean(8, announced);
                    statement.setString(9, facts.channel());
                    statement.setString(10, released ? Announcements.VACATED : Announcements.CHANGED);
                },
                Rows::names);
    }

    /** A change of rows, announced in the same transaction or not. */
    private interface Change {
        Set<String> make(boolean announced) throws SessionException, BusyException;
    }

    /** What others wait for does not fail because it cannot be announced: they find out by looking. */
    private Set<String> announcing(Change change) throws SessionException, BusyException {
        try {
            return change.make(true);
        } catch (BusyException announcersInTheWay) {
            LOG.debug("once more, without announcing it", announcersInTheWay);
            Set<String> changed = change.make(false);
            announce(changed);
            return changed;
        }
    }

    void announce(Collection<String> names) throws SessionException {
        if (names.isEmpty()) {
            return;
        }
        try {
            wire.attempt(
                    ElectionSql.ANNOUNCE,
                    statement -> {
                        statement.setString(1, facts.channel());
                        statement.setArray(2, wire.texts(names.stream()));
                    },
                    ResultSet::next);
        } catch (BusyException announcersInTheWay) {
            LOG.debug("nobody was told of a change in {}", names, announcersInTheWay);
        }
    }

    /** Has the server plan what a hand-over needs, on no election at all. */
    void rehearse() throws SessionException, BusyException {
        lead(List.of());
        vacate(List.of());
    }

    private <T> Array array(String type, List<T> items, Function<T, ? extends @Nullable Object> value)
            throws SQLException {
        return wire.array(type, items.stream().map(value));
    }
}
