package dev.pgleader.internal.postgres;

import dev.pgleader.Problem;
import dev.pgleader.Schema;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a new connection finds at its other end. Immutable.
 *
 * @param server the server; what it does not tell is 0
 * @param here how a statement asks the server for as much as it tells of itself
 * @param schema the schema's name
 * @param lockSpace the first half of the advisory keys of this schema's sessions, by its name
 * @param mayStand whether the role has the rights of a candidate; those of an observer it has
 */
record Facts(Server server, HereSql here, String schema, int lockSpace, boolean mayStand) {

    /** Returns the channel on which changes are announced: the schema's name gives it, as it gives the locks. */
    String channel() {
        return channel(lockSpace);
    }

    /**
     * Returns the channel of a schema, and looks at nothing else.
     *
     * @throws SessionException if there is no such schema, or none of this version
     */
    static String channel(Wire wire, SchemaName schema) throws SessionException {
        try {
            return channel(findLockSpace(wire, schema));
        } catch (BusyException busy) {
            throw locked(busy);
        }
    }

    private static String channel(int lockSpace) {
        return "pgleader_" + HexFormat.of().toHexDigits(lockSpace);
    }

    /** Returns these facts as they are where sessions mean nothing. */
    Facts sessionless() {
        return new Facts(server.sessionless(), here, schema, lockSpace, mayStand);
    }

    /**
     * Finds out where a connection leads.
     *
     * @throws SessionException if nothing can be elected there
     */
    static Facts find(Wire wire, SchemaName schema) throws SessionException {
        try {
            Rights rights = wire.query(
                    SetupSql.FACTS,
                    statement -> statement.setString(1, schema.value()),
                    rows -> Rights.read(rows, schema.value()));
            int lockSpace = findLockSpace(wire, schema);
            wire.query(
                    SetupSql.FLAWS,
                    statement -> statement.setString(1, schema.value()),
                    rows -> requireNone(rows, schema));
            Optional<Long> system = told(wire, HereSql.ASK_SYSTEM);
            Optional<Long> timeline = told(wire, HereSql.ASK_TIMELINE);
            Server server = new Server(system.orElse(0L), timeline.orElse(0L).intValue(), rights.startMicros());
            HereSql here = HereSql.asked(system.isPresent(), timeline.isPresent());
            return new Facts(server, here, schema.value(), lockSpace, rights.mayStand());
        } catch (BusyException busy) {
            throw locked(busy);
        }
    }

    private static SessionException locked(BusyException busy) {
        return new SessionException(Problems.doubtful("the schema is locked: " + busy.getMessage()), busy);
    }

    private static int findLockSpace(Wire wire, SchemaName schema) throws SessionException, BusyException {
        return wire.query(
                SetupSql.SCHEMA.formatted(schema.quoted()), statement -> {}, rows -> lockSpace(rows, schema.value()));
    }

    /** What the role may do, and since when the server runs. */
    private record Rights(long startMicros, boolean mayStand) {

        static Rights read(ResultSet rows, String schema) throws SQLException, SessionException {
            rows.next();
            if (rows.getBoolean("in_recovery")) {
                throw new SessionException(Problems.inRecovery());
            }
            boolean mayEnter = rows.getBoolean("may_enter");
            if (rows.wasNull()) {
                throw new SessionException(Problems.schemaMissing("there is no such schema", schema));
            }
            if (!mayEnter) {
                throw refused("the role may not use the schema", schema);
            }
            if (rows.getInt("tables") < 2) {
                throw new SessionException(Problems.schemaMissing("there are no tables for elections", schema));
            }
            if (!rows.getBoolean("may_watch")) {
                throw refused("the role may not read the tables of elections and sessions", schema);
            }
            return new Rights(rows.getLong("start_micros"), rows.getBoolean("may_stand"));
        }

        private static SessionException refused(String what, String schema) {
            return new SessionException(Problems.of(new SQLException(what, "42501"), schema));
        }
    }

    private static int lockSpace(ResultSet rows, String schema) throws SQLException, SessionException {
        rows.next();
        int version = rows.getInt("version");
        if (version < Schema.VERSION) {
            throw new SessionException(Problems.schemaOutdated(version, Schema.VERSION, schema));
        }
        return rows.getInt("lock_space");
    }

    /** Returns what the server says of itself, or nothing where it does not let this role ask. */
    private static Optional<Long> told(Wire wire, String question) throws SessionException, BusyException {
        return wire.queryOr(Optional.empty(), Problems.NOT_TOLD, question, statement -> {}, rows -> {
            rows.next();
            long answer = rows.getLong(1);
            return rows.wasNull() ? Optional.empty() : Optional.of(answer);
        });
    }

    private static boolean requireNone(ResultSet flaws, SchemaName schema) throws SQLException, SessionException {
        if (flaws.next()) {
            throw new SessionException(flaw(
                    flaws.getString("flaw"), flaws.getString("relation"), flaws.getString("what"), schema.quoted()));
        }
        return true;
    }

    private static Problem flaw(String flaw, String relation, String what, String schema) {
        String table = schema + "." + relation;
        return switch (flaw) {
            case "table" ->
                Problems.schemaUnsound(
                        "the table " + relation + " is not an ordinary permanent one, and a crash of the server would"
                                + " empty it",
                        "alter table " + table + " set logged");
            case "key" ->
                Problems.schemaUnsound(
                        "the table " + relation + " has no unique key (" + what + "): two leaders, or two terms, could"
                                + " be one as good as the other",
                        "alter table " + table + " add unique (" + what + ")");
            case "trigger" ->
                Problems.schemaUnsound(
                        "the trigger " + what + " on the table " + relation
                                + " does not fire always, and what other hands" + " write would pass it",
                        "alter table " + table + " enable always trigger " + what);
            default ->
                Problems.schemaUnsound(
                        "row level security hides rows of the table " + relation + " from this role, and what is hidden"
                                + " looks as if nobody led",
                        "alter table " + table + " disable row level security, or use a role that bypasses it");
        };
    }
}
