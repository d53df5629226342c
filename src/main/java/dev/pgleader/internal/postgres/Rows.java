package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Session;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the columns of {@link Sql} into the core's words. */
final class Rows {

    private Rows() {}

    static Session.Found found(ResultSet row, Server seenOn) throws SQLException {
        Optional<Row.Holder> holder = holder(row);
        Duration remaining = holder.isPresent() ? micros(row, "remaining_micros") : Duration.ZERO;
        Server writtenOn = new Server(
                row.getLong("system_identifier"), row.getInt("timeline"), row.getLong("postmaster_start_micros"));
        Row read = new Row(
                row.getInt("lock_id"), row.getLong("term"), row.getLong("beat"), writtenOn, holder, succession(row));
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
                row.getInt("priority"),
                Objects.requireNonNullElse(row.getString("version"), ""),
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
                micros(row, "lease_micros"),
                micros(row, "refractory_micros"),
                instant(row, "elected_at"),
                instant(row, "expires_at"),
                new Row.Backend(row.getInt("backend_pid"), row.getLong("backend_start_micros"))));
    }

    private static Succession succession(ResultSet row) throws SQLException {
        int priority = row.getInt("best_rival");
        OptionalInt bestRival = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(priority);
        return new Succession(
                Optional.ofNullable(row.getString("heir")),
                Optional.ofNullable(row.getObject("yielded_by", UUID.class)),
                request(row),
                bestRival);
    }

    /** Returns what the leader has been asked for. */
    static Optional<Succession.Request> request(ResultSet row) throws SQLException {
        Array asked = row.getArray("request");
        if (asked == null) {
            return Optional.empty();
        }
        @Nullable String[] heirAndKind = (@Nullable String[]) asked.getArray();
        return Optional.of(new Succession.Request(Optional.ofNullable(heirAndKind[0]), "true".equals(heirAndKind[1])));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Duration micros(ResultSet row, String column) throws SQLException {
        return Duration.of(row.getBigDecimal(column).longValue(), ChronoUnit.MICROS);
    }

    /** Returns how the table calls the end of a term. */
    static String stored(Loss loss) {
        return loss.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String stored(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
