package dev.pgleader.internal.postgres;

import dev.pgleader.Problem;
import java.sql.SQLException;
import java.util.Set;

/** What an SQL error means for an election, and what to do about it. */
final class Problems {

    static final String LOCK_NOT_AVAILABLE = "55P03";

    /** By the server's time limit, or by hand. */
    static final String CANCELLED = "57014";

    /** Among others: too many notifications in the queue, because a listener does not read its own. */
    static final String LIMIT_EXCEEDED = "54000";

    /** A table, a column, a schema or a function that is gone, or the right to it. */
    static final Set<String> TABLES_GONE = Set.of("42P01", "42703", "3F000", "42883", "42501");

    /** What a service says that does not let this role, or any, ask for the cluster's identifier or its WAL. */
    static final Set<String> NOT_TOLD = Set.of("42501", "55000", "0A000", "42883");

    private Problems() {}

    static Problem of(SQLException error, String schema) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        return switch (state) {
            case "53300" ->
                new Problem(
                        Problem.Kind.TOO_MANY_CONNECTIONS,
                        message,
                        "each process needs two connections: raise max_connections or use fewer elsewhere");
            case "3D000" ->
                new Problem(Problem.Kind.DATABASE_MISSING, message, "create the database or correct the JDBC URL");
            case "3F000", "42P01", "42883" -> schemaMissing(message, schema);
            case "42501" ->
                new Problem(
                        Problem.Kind.NO_RIGHTS,
                        message,
                        "grant the role what a candidate needs: usage on the schema \"" + schema
                                + "\"; select, insert, update on its table election; select, insert, update, delete on"
                                + " session and candidate; select, insert on resignation; select, update on server;"
                                + " select on disturbed and term_history");
            case "25006" ->
                new Problem(
                        Problem.Kind.IN_RECOVERY,
                        message,
                        "connect to the primary, for instance by targetServerType=primary");
            case CANCELLED ->
                new Problem(
                        Problem.Kind.UNREACHABLE,
                        message,
                        "the server is too busy, or statementTimeout too short; trying again");
            default -> of(state.length() < 2 ? "" : state.substring(0, 2), state, message);
        };
    }

    private static Problem of(String stateClass, String state, String message) {
        return switch (stateClass) {
            case "28" -> new Problem(Problem.Kind.NOT_AUTHORIZED, message, "correct user, password or pg_hba.conf");
            case "08", "57" ->
                new Problem(
                        Problem.Kind.UNREACHABLE, message, "see that PostgreSQL runs and can be reached; trying again");
            default -> new Problem(Problem.Kind.OTHER, message, "SQL state " + state + "; trying again");
        };
    }

    static Problem schemaMissing(String message, String schema) {
        return new Problem(
                Problem.Kind.SCHEMA_MISSING,
                message,
                "run Schema.migrate(dataSource) or the bundled SQL, which creates the schema \"" + schema + "\"");
    }

    static Problem schemaOutdated(int found, int needed, String schema) {
        return new Problem(
                Problem.Kind.SCHEMA_OUTDATED,
                "the schema \"" + schema + "\" has version " + found + ", not " + needed,
                "run Schema.migrate(dataSource) or the newer bundled SQL");
    }

    static Problem schemaUnsound(String message, String repair) {
        return new Problem(Problem.Kind.SCHEMA_UNSOUND, message, "as its owner: " + repair);
    }

    static Problem sessionShared() {
        return new Problem(
                Problem.Kind.OTHER,
                "another uses this session, or has reset it: its lock may be gone",
                "let no pool or pooler hand it on; connecting again");
    }

    static Problem statementPooling(String message) {
        return new Problem(
                Problem.Kind.UNSUITABLE,
                "a pooler in between allows no transactions: " + message,
                "connect to PostgreSQL directly, or set the pooler to session or transaction mode");
    }

    static Problem inRecovery() {
        return new Problem(
                Problem.Kind.IN_RECOVERY,
                "the server is in recovery: locks taken on a standby mean nothing",
                "connect to the primary, for instance by targetServerType=primary");
    }

    static Problem unsuitable(String what) {
        return new Problem(
                Problem.Kind.UNSUITABLE,
                what,
                "use a DataSource whose connections unwrap to org.postgresql.PGConnection");
    }

    static Problem doubtful(String what) {
        return new Problem(Problem.Kind.OTHER, what, "connecting again");
    }
}
