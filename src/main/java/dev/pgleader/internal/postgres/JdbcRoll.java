package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Wish;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The list of those who stand, and what they wish. Loop thread only.
 *
 * @param wire the connection
 * @param facts where it leads
 * @param sql the statements
 */
record JdbcRoll(Wire wire, Facts facts, RollSql sql) {

    private static final double MILLIS_PER_SECOND = 1e3;

    boolean attend(UUID process, Duration goodFor) throws SessionException, BusyException {
        return wire.attempt(
                sql.attend,
                statement -> {
                    statement.setDouble(1, goodFor.toMillis() / MILLIS_PER_SECOND);
                    statement.setObject(2, process);
                },
                rows -> {
                    rows.next();
                    return rows.getBoolean("enrolled");
                });
    }

    void enroll(UUID process, Duration goodFor, List<Enrolment> candidacies) throws SessionException, BusyException {
        wire.attempt(
                sql.enroll,
                statement -> {
                    statement.setObject(1, process);
                    statement.setDouble(2, goodFor.toMillis() / MILLIS_PER_SECOND);
                    statement.setArray(3, wire.texts(candidacies.stream().map(Enrolment::election)));
                    statement.setArray(
                            4, wire.array("uuid", candidacies.stream().map(Enrolment::candidate)));
                    statement.setArray(5, wire.texts(candidacies.stream().map(Enrolment::address)));
                    statement.setArray(
                            6, wire.array("int4", candidacies.stream().map(Enrolment::priority)));
                    statement.setArray(
                            7, wire.array("boolean", candidacies.stream().map(Enrolment::neverLeads)));
                    statement.setArray(8, wire.texts(candidacies.stream().map(Enrolment::version)));
                },
                ResultSet::next);
    }

    void leave(UUID process) throws SessionException, BusyException {
        wire.attempt(sql.leave, statement -> statement.setObject(1, process), ResultSet::next);
    }

    void askToResign(List<Wish> wishes) throws SessionException, BusyException {
        wire.attempt(
                sql.askToResign,
                statement -> {
                    statement.setArray(1, wire.texts(wishes.stream().map(Wish::election)));
                    statement.setArray(2, wire.array("int8", wishes.stream().map(Wish::term)));
                    statement.setArray(3, wire.texts(wishes.stream().map(wish -> wish.candidate()
                            .toString())));
                    statement.setString(4, facts.channel());
                },
                ResultSet::next);
    }
}
