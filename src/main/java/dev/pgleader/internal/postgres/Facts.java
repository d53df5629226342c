package dev.pgleader.internal.postgres;

import dev.pgleader.Schema;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a new connection finds at its other end. Immutable.
 *
 * @param server the server
 * @param tableOid the election table's identity, which sets its advisory locks and its channel apart from those of the
 *     same library in another schema
 * @param mayStand whether the role has the rights of a candidate; those of an observer it has
 */
record Facts(Server server, long tableOid, boolean mayStand) {

    /** "pgld", the half of the advisory key that is ours. */
    private static final int KEY_SPACE = 0x70676c64;

    /** Returns the first half of the advisory keys of this schema's elections. */
    int lockSpace() {
        return KEY_SPACE ^ (int) tableOid;
    }

    /** Returns the channel on which changes are announced. */
    String channel() {
        return "pgleader_" + tableOid;
    }

    /** Returns these facts as they are where sessions mean nothing. */
    Facts sessionless() {
        return new Facts(server.sessionless(), tableOid, mayStand);
    }

    /**
     * Finds out where a connection leads.
     *
     * @throws SessionException if nothing can be elected there
     */
    static Facts find(Wire wire, Sql sql) throws SessionException {
        try {
            Facts facts = wire.query(
                    SetupSql.FACTS, statement -> statement.setString(1, sql.table), rows -> read(rows, sql.schema));
            int version = wire.query(sql.schemaVersion, statement -> {}, rows -> {
                rows.next();
                return rows.getInt(1);
            });
            if (version < Schema.VERSION) {
                throw new SessionException(Problems.schemaOutdated(version, Schema.VERSION, sql.schema));
            }
            return facts;
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("the schema is locked: " + busy.getMessage()), busy);
        }
    }

    private static Facts read(ResultSet rows, String schema) throws SQLException, SessionException {
        rows.next();
        if (rows.getBoolean("in_recovery")) {
            throw new SessionException(Problems.inRecovery());
        }
        long tableOid = rows.getLong("table_oid");
        if (rows.wasNull()) {
            throw new SessionException(Problems.schemaMissing("there is no table for elections", schema));
        }
        if (!rows.getBoolean("may_watch")) {
            throw new SessionException(
                    Problems.of(new SQLException("the role may not read the tables of elections", "42501"), schema));
        }
        requireSound(rows, schema);
        Server server = new Server(
                rows.getLong("system_identifier"), rows.getInt("timeline"), rows.getLong("postmaster_start_micros"));
        return new Facts(server, tableOid, rows.getBoolean("may_stand"));
    }

    private static void requireSound(ResultSet rows, String schema) throws SQLException, SessionException {
        if (!rows.getBoolean("permanent")) {
            throw new SessionException(Problems.schemaUnsound(
                    "the election table is not an ordinary permanent one, and a crash of the server would empty it",
                    "alter table \"" + schema + "\".election set logged"));
        }
        if (!rows.getBoolean("one_row_each")) {
            throw new SessionException(Problems.schemaUnsound(
                    "the election table may hold two rows of one name, and so two leaders",
                    "alter table \"" + schema + "\".election add primary key (name)"));
        }
        if (!rows.getBoolean("fence_key")) {
            throw new SessionException(Problems.schemaUnsound(
                    "the election table has no unique key (name, term), without which the fence keeps nobody out",
                    "alter table \"" + schema + "\".election add unique (name, term)"));
        }
    }
}
