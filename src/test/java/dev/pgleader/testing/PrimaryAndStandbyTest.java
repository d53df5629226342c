package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PrimaryAndStandbyTest {

    private static final String TIMELINE = "select left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)";

    @Test
    void standby_follows_untilReplicationIsCut() throws SQLException {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            servers.primary().execute("create table kept ()");
            servers.awaitReplication();

            servers.cutReplication();
            servers.primary().execute("create table lost ()");
            servers.promote();

            assertEquals("kept", ask(servers.standby(), "select coalesce(to_regclass('kept')::text, 'none')"));
            assertEquals("none", ask(servers.standby(), "select coalesce(to_regclass('lost')::text, 'none')"));
        }
    }

    @Test
    void promotion_begins_newTimelineWhileTheOldGoesOn() throws SQLException {
        try (PrimaryAndStandby servers = PrimaryAndStandby.start()) {
            assertEquals("true", ask(servers.standby(), "select pg_is_in_recovery()::text"));

            servers.promote();

            assertEquals("00000002", ask(servers.standby(), TIMELINE));
            assertEquals("00000001", ask(servers.primary(), TIMELINE));
        }
    }

    private static String ask(EmbeddedServer server, String sql) throws SQLException {
        try (Connection connection = server.connectAsAdmin("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
