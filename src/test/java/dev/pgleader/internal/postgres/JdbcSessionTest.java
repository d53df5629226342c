package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Schema;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionLocksContract;
import dev.pgleader.internal.runtime.SessionRollContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.internal.runtime.SessionWritesContract;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The session over JDBC keeps to the contract on a real server. */
class JdbcSessionTest extends PostgresFixture
        implements SessionContract,
                SessionLocksContract,
                SessionRollContract,
                SessionSuccessionContract,
                SessionTakingContract,
                SessionWatchingContract,
                SessionWritesContract {

    @ParameterizedTest
    @ValueSource(
            strings = {"Upper Case", "it's", "quo\"te", "back\\slash", "per%cent %1$s", "do$$llar", "select", "a.b"})
    void hostileSchemaNames_serveAsAnyOther(String name) throws Exception {
        Schema.migrate(database.dataSource(), name);
        ElectionConfig config = ElectionConfig.builder().schema(name).build();
        PostgresDatabase inThatSchema = new PostgresDatabase(database.dataSource(), config);
        Session session = inThatSchema.openSession(Guard.NONE);
        opened.add(session);
        Listener listener = inThatSchema.openListener(Guard.NONE);
        opened.add(listener);

        Row row = elected(session, "orders", ME);
        locks(session, "orders", row.lockId());
        beaten(session, "orders", ME, row.term());
        vacated(session, "orders", ME, row.term());
        session.release(List.of(row.lockId()), List.of("orders"));

        assertEquals(Set.of("orders"), listener.await(Duration.ofSeconds(10)));
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
    }

    @Test
    void knownElections_registeredAgain_useUpNoNumbersOfLocks() throws Exception {
        Session session = session();
        int first = registered(session, "orders").lockId();
        for (int again = 0; again < 5; again++) {
            session.register(List.of("orders"));
        }

        assertEquals(first + 1, registered(session, "billing").lockId());
    }

    @Test
    void electionLastTakenElsewhere_taken_isWrittenHere() throws Exception {
        Session session = session();
        registered(session, "orders");
        database.execute("update pgleader.election set system_identifier = 42, timeline = 9,"
                + " postmaster_started_at = clock_timestamp() - interval '1 day'");

        Row taken = elected(session, "orders", ME);

        assertEquals(session.server(), taken.writtenOn());
    }

    @Test
    void takenElection_namesTheServerProcess() throws Exception {
        elected(session(), "orders", ME);

        assertEquals(
                1,
                database.queryOne(
                        Integer.class,
                        "select count(*)::int from pg_stat_activity as a join pgleader.election as e"
                                + " on e.backend_pid = a.pid and e.backend_start = a.backend_start"));
    }

    @Test
    void changes_areAnnouncedInTheirOrder_onTheChannelOfTheTable() throws Exception {
        Listener listener = listener();

        session().release(List.of(), List.of("orders"));
        database.queryAll(
                String.class,
                "select coalesce(pg_notify('pgleader_' || 'pgleader.election'::regclass::oid, 'the last')::text, '')");

        Set<String> heard = new HashSet<>();
        while (!heard.contains("the last")) {
            Set<String> more = listener.await(Duration.ofSeconds(10));
            assertFalse(more.isEmpty(), () -> "heard only " + heard);
            heard.addAll(more);
        }
        assertEquals(Set.of("orders", "the last"), heard);
    }

    @Test
    void lock_ofTwoNumbers_doesNotMeetTheOneOfASingleNumber() throws Exception {
        Session session = session();
        int lockId = registered(session, "orders").lockId();
        assertTrue(locks(session, "orders", lockId));

        assertTrue(database.queryOne(
                Boolean.class,
                "select pg_try_advisory_lock(classid::bigint << 32 | objid::bigint) from pg_locks"
                        + " where locktype = 'advisory'"
                        + " and database = (select oid from pg_database where datname = current_database())"));
    }

    @Test
    void sameElections_registeredInOppositeOrders_areRegisteredByBoth() throws Exception {
        List<String> names =
                IntStream.range(0, 2000).mapToObj(each -> "election " + each).toList();
        List<String> backwards = new ArrayList<>(names);
        Collections.reverse(backwards);
        Session one = session();
        Session other = session();
        CyclicBarrier start = new CyclicBarrier(2);

        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> registerAfter(start, one, names));
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> registerAfter(start, other, backwards));

        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        assertEquals(2000, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
    }

    private static void registerAfter(CyclicBarrier start, Session session, List<String> names) {
        try {
            start.await();
            session.register(names);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void processIdUsedAgain_byAnother_isLeftAlone() throws Exception {
        Session healthy = session();
        elected(healthy, "orders", ME);
        database.execute("update pgleader.election set backend_start = backend_start - interval '1 microsecond'");
        Row row = seen(healthy, "orders").row();

        session().endBackends(Map.of("orders", row));

        assertEquals(row, seen(healthy, "orders").row());
    }

    @Test
    void tableReplaced_underASession_isNoticed() throws Exception {
        Session session = session();
        elected(session, "orders", ME);

        database.execute("alter table pgleader.election rename to former");
        database.execute("create table pgleader.election (like pgleader.former including all)");
        database.execute("insert into pgleader.election (name) values ('orders')");
        database.execute("grant all on pgleader.election to " + database.username());

        assertThrows(SessionException.class, () -> session.look(List.of("orders")));
    }

    @Override
    Session openedFrom(DataSource dataSource) throws SessionException {
        Session session = new PostgresDatabase(dataSource, CONFIG).openSession(Guard.NONE);
        opened.add(session);
        return session;
    }

    @Override
    public void awaitLock(Session session, String election, int lockId) {
        Waiting.until(
                Duration.ofSeconds(10),
                () -> locks(session, election, lockId),
                () -> "the lock of '" + election + "' does not come free");
    }
}
