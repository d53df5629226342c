package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads the columns of {@link Sql} into the core's words. */
final class Rows {

    private Rows() {}

    static Session.Found found(ResultSet row, Server seenOn) throws SQLException {
        Optional<Row.Holder> holder = holder(row);
        Duration remaining = holder.isPresent() ? micros(row, "remaining_micros") : Duration.ZERO;
        Server writtenOn = new Server(
                row.getLong("system_identifier"), row.getInt("timeline"), row.getLong("postmaster_start_micros"));
        Row read = new Row(row.getInt("lock_id"), row.getLong("term"), row.getLong("beat"), writtenOn, holder);
        return new Session.Found(read, remaining, seenOn);
    }

    /** Returns the server that has answered. */
    static Server here(ResultSet row) throws SQLException {
        return new Server(
                row.getLong("here_system_identifier"), row.getInt("here_timeline"), row.getLong("here_start_micros"));
    }

    /** Returns what the first column holds. */
    static Set<String> names(ResultSet rows) throws SQLException {
        Set<String> names = new HashSet<>();
        while (rows.next()) {
            names.add(rows.getString(1));
        }
        return names;
    }

    private static Optional<Row.Holder> holder(ResultSet row) throws SQLException {
        UUID candidate = row.getObject("candidate", UUID.class);
        if (candidate == null) {
            return Optional.empty();
        }
        return Optional.of(new Row.Holder(
                candidate,
                row.getString("address"),
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
                micros(row, "lease_micros"),
                micros(row, "refractory_micros"),
                instant(row, "elected_at"),
                instant(row, "expires_at"),
                new Row.Backend(row.getInt("backend_pid"), row.getLong("backend_start_micros"))));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Duration micros(ResultSet row, String column) throws SQLException {
        return Duration.of(row.getBigDecimal(column).longValue(), ChronoUnit.MICROS);
    }

    static String stored(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
