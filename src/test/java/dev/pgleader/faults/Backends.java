package dev.pgleader.faults;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The server's own processes for the leader's connections, found by what the server knows of them. */
final class Backends {

    private static final String SESSION = "select s.backend_pid from pgleader.election as e"
            + " join pgleader.session as s on s.id = e.session_id where e.name = '" + Candidate.ELECTION
            + "' and s.backend_pid is not null";

    private Backends() {}

    /** Returns the backend of the session that holds the leader's lock. */
    static long session(Connection admin) throws SQLException {
        return number(admin, SESSION);
    }

    /** Ends the leader's session; returns whether there was one to end. */
    static boolean terminateSession(Connection admin) throws SQLException {
        return number(admin, "select count(pg_terminate_backend(pid)) from (" + SESSION + ") as session(pid)") > 0;
    }

    /** Ends the connection on which the leader listens. */
    static boolean terminateListener(Connection admin) throws SQLException {
        return number(
                        admin,
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                + " where pid <> (" + SESSION + ")"
                                + " and application_name = (select application_name from pg_stat_activity where pid = ("
                                + SESSION + "))")
                > 0;
    }

    private static long number(Connection admin, String sql) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            if (!rows.next()) {
                throw new IllegalStateException("nobody leads");
            }
            return rows.getLong(1);
        }
    }
}
