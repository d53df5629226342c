package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Reads the answers of {@link LookSql} and {@link BidSql}, of which each row names the server and the moment. Loop thread only.
 *
 * @param lease whose session they must be an answer of
 * @param spent is shown each election
 * @param real whether the server process behind the connection is its own
 */
record Answers(JdbcLease lease, SpentTerms spent, boolean real) {

    /** What a look could see, and of which server. */
    record Sight(String snapshot, Server server) {}

    /** What a statement could see, and when it began on the database's clock. */
    record Moment(Sight sight, Instant at) {

        Looked looked(Map<String, Found> found) {
            return new Looked(found, sight.server(), ChronoUnit.MICROS.between(Instant.EPOCH, at));
        }
    }

    /** Reads what every row of an answer says of the statement. */
    Moment moment(ResultSet row) throws SQLException, SessionException {
        lease.requireOwnSession(row);
        Server here = real ? Rows.here(row) : Rows.here(row).sessionless();
        return new Moment(new Sight(row.getString("snapshot"), here), Rows.instant(row, "moment"));
    }

    /** Reads an election of this name. */
    Row election(String name, ResultSet row) throws SQLException {
        Row read = Rows.row(row);
        spent.check(name, read);
        return read;
    }
}
