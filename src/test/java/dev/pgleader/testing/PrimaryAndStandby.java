package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Two servers, one of which follows the other by asynchronous streaming replication until it is promoted. For one
 * thread at a time.
 */
public final class PrimaryAndStandby implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final EmbeddedServer primary;
    private final EmbeddedServer standby;

    private PrimaryAndStandby(EmbeddedServer primary, EmbeddedServer standby) {
        this.primary = primary;
        this.standby = standby;
    }

    /**
     * Starts both servers with the usual settings.
     *
     * @return two servers, the standby streaming from the primary
     */
    public static PrimaryAndStandby start() {
        return start(EmbeddedServer.builder());
    }

    /**
     * Starts both servers, which differ in their ports only.
     *
     * @param settings describes each of them
     * @return two servers, the standby streaming from the primary
     */
    public static PrimaryAndStandby start(EmbeddedServer.Builder settings) {
        return restarting(settings.start());
    }

    /**
     * Gives a running server a standby, for which it is restarted.
     *
     * @param primary the server; closed if that fails
     * @return two servers, the standby streaming from the primary
     */
    public static PrimaryAndStandby restarting(EmbeddedServer primary) {
        try {
            primary.stop();
            EmbeddedServer standby = standbyOf(primary);
            PrimaryAndStandby both = new PrimaryAndStandby(primary, standby);
            primary.start();
            standby.start();
            both.awaitReplication();
            return both;
        } catch (IOException e) {
            primary.close();
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedServer standbyOf(EmbeddedServer stopped) throws IOException {
        EmbeddedServer standby = stopped.copy();
        Files.createFile(standby.dataDirectory().resolve("standby.signal"));
        // Where a former standby was told by ALTER SYSTEM to follow nobody.
        Files.writeString(
                standby.dataDirectory().resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + stopped.port()
                        + " user=postgres application_name=standby'\nwal_retrieve_retry_interval = '100ms'\n");
        return standby;
    }

    /**
     * The server that takes writes from the start, and goes on doing so after the other was promoted.
     *
     * @return the first server
     */
    public EmbeddedServer primary() {
        return primary;
    }

    /**
     * The server that follows until it is promoted.
     *
     * @return the second server
     */
    public EmbeddedServer standby() {
        return standby;
    }

    /** Waits until the standby has replayed all that the primary has written so far. */
    public void awaitReplication() {
        String written = ask(primary, "select pg_current_wal_lsn()::text");
        Waiting.until(
                BOUND,
                () -> ask(standby, "select coalesce(pg_last_wal_replay_lsn() >= '" + written + "', false)::text")
                        .equals("true"),
                () -> "the standby does not catch up:\n" + standby.log());
    }

    /** Stops the stream to the standby for good, while both servers go on: what is written from now on can be lost. */
    public void cutReplication() {
        // Not in one string: ALTER SYSTEM does not run in a transaction.
        standby.execute("alter system set primary_conninfo = ''");
        standby.execute("select pg_reload_conf()");
        Waiting.until(
                BOUND,
                () -> ask(standby, "select count(*)::text from pg_stat_wal_receiver")
                        .equals("0"),
                () -> "the standby still receives");
    }

    /** Makes the standby a primary on a new timeline. The old primary is not told. */
    public void promote() {
        standby.execute("select pg_promote(wait => true, wait_seconds => " + BOUND.toSeconds() + ")");
        Waiting.until(
                BOUND,
                () -> ask(standby, "select pg_is_in_recovery()::text").equals("false"),
                () -> "the standby is not promoted");
    }

    /** Ends both servers and deletes their data. */
    @Override
    public void close() {
        try {
            standby.close();
        } finally {
            primary.close();
        }
    }

    private static String ask(EmbeddedServer server, String sql) {
        try (Connection connection = server.connectAsAdmin("postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("failed: " + sql, e);
        }
    }
}
