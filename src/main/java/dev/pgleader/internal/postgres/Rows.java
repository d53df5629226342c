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

/** Reads the columns of {@link LookSql} into the core's words. What a server does not tell is null there, and 0 here. */
final class Rows {

    private Rows() {}

    /** Reads an election. */
    static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("term"),
                row.getLong("released"),
                row.getBoolean("own_hand"),
                row.getLong("writing"),
                new Server(row.getLong("system_identifier"), row.getInt("timeline"), 0),
                micros(row, "lease_micros"),
                holder(row),
                succession(row));
    }

    /**
     * Returns what a row says of the time that is left.
     *
     * @param moment the beginning of the statement on the database's clock
     * @param lockFree whether the lock of its holder was free; empty where that was not asked
     */
    static Session.Found found(Row row, Instant moment, Optional<Boolean> lockFree) {
        Duration remaining = row.session()
                .map(session -> Duration.between(moment, session.expiresAt()))
                .orElse(Duration.ZERO);
        return new Session.Found(row, remaining, lockFree);
    }

    /** Returns the server that has answered. */
    static Server here(ResultSet row) throws SQLException {
        return new Server(row.getLong("here_system"), row.getInt("here_timeline"), row.getLong("here_start_micros"));
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
        int sessionId = row.getInt("session_id");
        if (row.wasNull()) {
            return Optional.empty();
        }
        return Optional.of(new Row.Holder(
                row.getObject("candidate", UUID.class),
                row.getString("address"),
                row.getInt("priority"),
                Objects.requireNonNullElse(row.getString("version"), ""),
                Phase.valueOf(row.getString("phase").toUpperCase(Locale.ROOT)),
                micros(row, "refractory_micros"),
                instant(row, "elected_at"),
                sessionId,
                session(row)));
    }

    /** Reads the session of a holder; empty where there is none. */
    static Optional<Row.HolderSession> session(ResultSet row) throws SQLException {
        UUID process = row.getObject("process", UUID.class);
        if (process == null) {
            return Optional.empty();
        }
        return Optional.of(new Row.HolderSession(
                process,
                row.getLong("beat"),
                row.getBoolean("session_own_hand"),
                row.getLong("session_writing"),
                row.getBoolean("locked"),
                micros(row, "session_lease_micros"),
                instant(row, "expires_at"),
                new Server(
                        row.getLong("session_system"),
                        row.getInt("session_timeline"),
                        row.getLong("session_start_micros"))));
    }

    private static Succession succession(ResultSet row) throws SQLException {
        int priority = row.getInt("best_rival");
        OptionalInt bestRival = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(priority);
        return new Succession(
                Optional.ofNullable(row.getString("successor")),
                Optional.ofNullable(row.getObject("resigned_by", UUID.class)),
                request(row),
                bestRival);
    }

    private static Optional<Succession.Request> request(ResultSet row) throws SQLException {
        Array asked = row.getArray("request");
        if (asked == null) {
            return Optional.empty();
        }
        @Nullable String[] successorAndKind = (@Nullable String[]) asked.getArray();
        return Optional.of(
                new Succession.Request(Optional.ofNullable(successorAndKind[0]), "true".equals(successorAndKind[1])));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Duration micros(ResultSet row, String column) throws SQLException {
        return Duration.of(row.getLong(column), ChronoUnit.MICROS);
    }

    static Optional<Boolean> optionalBoolean(ResultSet row, String column) throws SQLException {
        boolean value = row.getBoolean(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /** Returns how the table calls the end of a term. */
    static String stored(Loss loss) {
        return loss.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /**
     * Returns what {@link BidSql} compares with what it finds: a version of a row on one server, as PostgreSQL writes a record.
     */
    static String stand(Session.Version version) {
        Row row = version.row();
        Server server = version.seenOn();
        return "(" + row.term() + "," + row.writing() + ","
                + row.session()
                        .map(session -> session.beat() + "," + session.writing())
                        .orElse(",")
                + "," + known(server.systemIdentifier())
                + "," + known(server.timeline())
                + "," + known(server.startedAtMicros())
                + ")";
    }

    private static String known(long number) {
        return number == 0 ? "" : Long.toString(number);
    }
}
