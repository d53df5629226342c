package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Wish;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.util.List;

/**
 * The list of candidates, and what they wish. Loop thread only.
 *
 * @param wire the connection
 * @param facts where it leads
 * @param sql the statements
 */
record JdbcCandidates(Wire wire, Facts facts, CandidateSql sql) {

    void enroll(int id, List<Enrolment> candidates) throws SessionException, BusyException {
        wire.attempt(
                sql.enroll,
                statement -> {
                    statement.setInt(1, id);
                    statement.setArray(2, wire.texts(candidates.stream().map(Enrolment::election)));
                    statement.setArray(3, wire.array("uuid", candidates.stream().map(Enrolment::candidate)));
                    statement.setArray(4, wire.texts(candidates.stream().map(Enrolment::address)));
                    statement.setArray(5, wire.array("int4", candidates.stream().map(Enrolment::priority)));
                    statement.setArray(
                            6, wire.array("boolean", candidates.stream().map(Enrolment::neverLeads)));
                    statement.setArray(7, wire.texts(candidates.stream().map(Enrolment::version)));
                },
                ResultSet::next);
    }

    void withdraw(List<Enrolment> candidates) throws SessionException, BusyException {
        wire.attempt(
                sql.withdraw,
                statement -> {
                    statement.setArray(1, wire.texts(candidates.stream().map(Enrolment::election)));
                    statement.setArray(2, wire.array("uuid", candidates.stream().map(Enrolment::candidate)));
                },
                ResultSet::next);
    }

    int listed(int id) throws SessionException, BusyException {
        return wire.attempt(sql.listed, statement -> statement.setInt(1, id), rows -> {
            rows.next();
            return rows.getInt(1);
        });
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
