package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Schema;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** The session among role defaults, locks, other schemas and broken networks. */
@PostgresTest
class JdbcSessionSurroundingsTest {

    private static final UUID ME = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final ElectionConfig DEFAULTS = ElectionConfig.defaults();

    /** Statements may take long here: whatever ends early was ended by something else. */
    private static final ElectionConfig PATIENT = ElectionConfig.builder()
            .leaseDuration(Duration.ofMinutes(5))
            .statementTimeout(Duration.ofMinutes(1))
            .build();

    /** Statements and silent sessions end soon. */
    private static final ElectionConfig HURRIED = ElectionConfig.builder()
            .leaseDuration(Duration.ofMillis(2500))
            .refractoryPeriod(Duration.ofMillis(500))
            .heartbeatInterval(Duration.ofMillis(200))
            .statementTimeout(Duration.ofMillis(800))
            .build();

    private TestDatabase database;

    @BeforeEach
    void setUp(TestDatabase fresh) {
        database = fresh;
    }

    // Settings

    @Test
    void roleDefaultsThatHurt_areOverridden() throws Exception {
        Map<String, String> harmful = Map.ofEntries(
                Map.entry("default_transaction_isolation", "serializable"),
                Map.entry("default_transaction_read_only", "on"),
                Map.entry("default_transaction_deferrable", "on"),
                Map.entry("synchronous_commit", "off"),
                Map.entry("standard_conforming_strings", "off"),
                Map.entry("lock_timeout", "1"),
                Map.entry("statement_timeout", "50"),
                Map.entry("search_path", "nowhere"),
                Map.entry("idle_session_timeout", "100ms"),
                Map.entry("idle_in_transaction_session_timeout", "1"),
                Map.entry("enable_indexscan", "off"));
        harmful.forEach((setting, value) -> database.execute("alter role " + database.username() + " in database "
                + database.name() + " set " + setting + " = '" + value + "'"));

        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            assertEquals("read committed", mine.setting("transaction_isolation"));
            assertEquals("off", mine.setting("transaction_read_only"));
            assertEquals("off", mine.setting("default_transaction_deferrable"));
            assertEquals("on", mine.setting("synchronous_commit"));
            assertEquals("on", mine.setting("standard_conforming_strings"));
            assertEquals("500ms", mine.setting("lock_timeout"));
            assertEquals("800ms", mine.setting("statement_timeout"));
            assertEquals("pg_catalog", mine.setting("search_path"));
            assertEquals("0", mine.setting("idle_session_timeout"));
            Held held = mine.elect(mine.enter(), ME, "orders");
            assertEquals(Set.of("orders"), mine.session.vacate(List.of(SessionUnderTest.resigned(held))));
        }
    }

    @Test
    void sessionThatHoldsAnything_isEndedBySilence_andOnlyThen() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            int id = mine.enter();
            assertEquals("0", mine.setting("idle_session_timeout"));

            mine.session.renew(id, Duration.ofMinutes(1), false);
            assertEquals("0", mine.setting("idle_session_timeout"));
            Held held = mine.elect(id, ME, "orders");
            assertEquals("3465ms", mine.setting("idle_session_timeout"));
            mine.session.renew(id, Duration.ofMinutes(1), true);
            assertEquals("3465ms", mine.setting("idle_session_timeout"));
            mine.session.vacate(List.of(SessionUnderTest.resigned(held)));
            mine.session.renew(id, Duration.ofMinutes(1), false);
            assertEquals("0", mine.setting("idle_session_timeout"));
        }
    }

    @Test
    void holderAndRefusedCandidate_holdBackNoVacuum_andWaitForNobody() throws Exception {
        String harm =
                """
                select count(*)::int from pg_stat_activity as a
                 where a.usename = ? and (a.backend_xmin is not null or a.backend_xid is not null
                    or a.state <> 'idle' or exists (select from pg_locks as l where l.pid = a.pid and not l.granted))
                """;
        try (SessionUnderTest holder = SessionUnderTest.open(database.dataSource(), DEFAULTS);
                SessionUnderTest other = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            holder.elect(holder.enter(), ME, "orders");

            assertEquals(Map.of(), other.bid(other.enter(), OTHER, "orders").won());

            assertEquals(0, database.queryOne(Integer.class, harm, database.username()));
        }
    }

    @Test
    void sessionResetByAnother_isFoundOutByTheNextAnswer() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            mine.register("orders");

            mine.run("discard all");

            assertThrows(SessionException.class, () -> mine.session.look(List.of("orders")));
        }
    }

    @Test
    void sessionResetByAnother_winsNothing() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            int id = mine.enter();
            mine.register("orders");

            mine.run("reset all");

            assertThrows(SessionException.class, () -> mine.bid(id, ME, "orders"));
            assertNobodyLeads();
        }
    }

    @Test
    void sessionResetUnderALeader_isFoundOutByItsHeartbeat_whichExtendsNothing() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            int id = mine.enter();
            assertInstanceOf(Session.Renewal.Renewed.class, mine.session.renew(id, Duration.ofMinutes(1), true));
            long beat = beat(id);

            mine.run("reset all");

            assertThrows(SessionException.class, () -> mine.session.renew(id, Duration.ofMinutes(1), true));
            assertEquals(beat, beat(id));
        }
    }

    private long beat(int session) {
        return database.queryOne(Long.class, "select beat from pgleader.session where id = ?", session);
    }

    private void assertNobodyLeads() {
        assertEquals(
                0,
                database.queryOne(
                        Integer.class, "select count(*)::int from pgleader.election where session_id is not null"));
    }

    @Test
    void electionNotWon_leavesTheSessionAsQuietAsItLikes() throws Exception {
        try (SessionUnderTest holder = SessionUnderTest.open(database.dataSource(), DEFAULTS);
                SessionUnderTest other = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            holder.elect(holder.enter(), ME, "orders");

            assertEquals(Map.of(), other.bid(other.enter(), OTHER, "orders").won());

            assertEquals("0", other.setting("idle_session_timeout"));
        }
    }

    @Test
    void roleWithABoundOnTransactions_isFreedOfIt_whereTheServerKnowsSuchABound() throws Exception {
        boolean known = database.server().majorVersion() >= 17;
        String setting = known ? "transaction_timeout" : "idle_session_timeout";
        database.execute("alter role " + database.username() + " in database " + database.name() + " set " + setting
                + " = '1min'");

        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            assertEquals("0", mine.setting(setting));
        }
    }

    @Test
    void announcement_leavesTheSessionsOwnSettings() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            mine.session.announce(List.of("orders"));

            assertEquals("on", mine.setting("synchronous_commit"));
            assertEquals("500ms", mine.setting("lock_timeout"));
        }
    }

    @Test
    void settingsForVanishedClients_areMade() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS)) {
            assertEquals("3465", mine.setting("tcp_user_timeout"));
            assertEquals("1", mine.setting("tcp_keepalives_idle"));
            assertEquals("1", mine.setting("tcp_keepalives_interval"));
            assertEquals("3", mine.setting("tcp_keepalives_count"));
            assertEquals("1s", mine.setting("client_connection_check_interval"));
            assertEquals("3465ms", mine.setting("idle_in_transaction_session_timeout"));
        }
    }

    // Other schemas

    @Test
    void sameElectionInAnotherSchema_meetsNeitherLockNorAnnouncement() throws Exception {
        Schema.migrate(database.dataSource(), "second");
        SqlSession.number(database, "pgleader", 7);
        SqlSession.number(database, "second", 7);
        ElectionConfig second = ElectionConfig.builder().schema("second").build();
        PostgresDatabase inSecond = new PostgresDatabase(database.dataSource(), second);

        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), DEFAULTS);
                SessionUnderTest others = SessionUnderTest.open(database.dataSource(), second);
                Listener listener = inSecond.openListener(Guard.NONE)) {
            int id = mine.enter();
            assertEquals(id, others.enter(), "not the same number, so nothing is tested");

            Held held = mine.elect(id, ME, "orders");
            others.elect(id, ME, "orders");
            mine.session.vacate(List.of(SessionUnderTest.resigned(held)));
            others.session.announce(List.of("billing"));

            assertEquals(Map.of("billing", News.CHANGED), listener.await(Duration.ofSeconds(10)));
        }
    }

    // Locks in the way

    @Test
    void statementBehindATableLock_isBusyLongBeforeItsTimeOut() throws Exception {
        ElectionConfig config = ElectionConfig.builder()
                .leaseDuration(Duration.ofSeconds(30))
                .statementTimeout(Duration.ofSeconds(4))
                .build();
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), config);
                Connection admin = locked()) {
            Assertions.assertThrows(BusyException.class, () -> mine.session.look(List.of("orders")));

            admin.rollback();
            assertEquals(Map.of(), mine.session.look(List.of("orders")).rows());
        }
    }

    // Broken networks and hung statements

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void serverFallenSilent_statementEnds_andTheServerFreesTheLockByItself() throws Exception {
        try (HalfOpenProxy proxy = HalfOpenProxy.to(port());
                SessionUnderTest cutOff = SessionUnderTest.open(through(proxy), HURRIED);
                SessionUnderTest other = SessionUnderTest.open(database.dataSource(), HURRIED)) {
            int id = cutOff.enter();
            cutOff.elect(id, ME, "orders");
            int otherId = other.enter();

            proxy.fallSilent();
            long start = System.nanoTime();
            Assertions.assertThrows(SessionException.class, () -> cutOff.session.look(List.of("orders")));

            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(waited.compareTo(HURRIED.statementTimeout().multipliedBy(3)) < 0, waited::toString);
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> hasWon(other, otherId),
                    () -> "the server keeps the lock of a client that has fallen silent");
        }
    }

    private static boolean hasWon(SessionUnderTest other, int id) throws Exception {
        other.session.renew(id, HURRIED.leaseDuration(), false);
        return !other.bid(id, OTHER, "orders").won().isEmpty();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void serverFallenSilent_listenerNotices_whenItAsksForASignOfLife() throws Exception {
        try (HalfOpenProxy proxy = HalfOpenProxy.to(port());
                Listener listener = new PostgresDatabase(through(proxy), HURRIED).openListener(Guard.NONE)) {
            proxy.fallSilent();

            assertEquals(Map.of(), listener.await(Duration.ofMillis(100)));
            Assertions.assertThrows(SessionException.class, listener::ping);
        }
    }

    @Test
    void blockedStatement_isFreedByAbort_fromAnotherThread() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT);
                Connection admin = locked()) {
            int pid = mine.pid();
            CompletableFuture<Void> blocked = inBackground(mine.session);
            SessionUnderTest.awaitWait(database, pid, Set.of("relation"));

            mine.session.abort();

            assertSessionLost(blocked);
            admin.rollback();
        }
    }

    @Test
    void blockedStatement_isWatched_andFreedByWhatTheGuardWasGiven() throws Exception {
        RecordingGuard guard = new RecordingGuard();
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), PATIENT, guard);
                Connection admin = locked()) {
            assertEquals(0, guard.waiting(), "a wait was not ended");
            int pid = mine.pid();
            CompletableFuture<Void> blocked = inBackground(mine.session);
            SessionUnderTest.awaitWait(database, pid, Set.of("relation"));
            assertEquals(1, guard.waiting());

            guard.abort();

            assertSessionLost(blocked);
            assertEquals(0, guard.waiting());
            admin.rollback();
        }
    }

    @Test
    void listenerInItsWait_isFreedByAbort_fromAnotherThread() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Listener listener = new PostgresDatabase(database.dataSource(), PATIENT).openListener(Guard.NONE)) {
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                Assertions.assertThrows(SessionException.class, () -> listener.await(Duration.ofMinutes(1)));
                ended.countDown();
            });

            listener.abort();

            assertTrue(ended.await(10, TimeUnit.SECONDS));
            waiting.get(10, TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<Void> inBackground(Session session) {
        return CompletableFuture.runAsync(() -> {
            try {
                session.look(List.of("orders"));
            } catch (SessionException | BusyException ended) {
                throw new CompletionException(ended);
            }
        });
    }

    private static void assertSessionLost(CompletableFuture<Void> blocked) {
        Exception ended = Assertions.assertThrows(Exception.class, () -> blocked.get(10, TimeUnit.SECONDS));
        assertEquals(
                SessionException.class,
                ended.getCause() == null ? null : ended.getCause().getClass());
    }

    /** An administrator who holds the whole table for himself. */
    private Connection locked() throws Exception {
        Connection admin = database.server().connectAsAdmin(database.name());
        admin.setAutoCommit(false);
        try (Statement statement = admin.createStatement()) {
            statement.execute("lock table pgleader.election in access exclusive mode");
        }
        return admin;
    }

    private int port() {
        return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    private PGSimpleDataSource through(HalfOpenProxy proxy) {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {proxy.port()});
        return dataSource;
    }
}
