package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Schema;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Version;
import dev.pgleader.internal.runtime.SessionBidContract;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionDisturbanceContract;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionLeaseContract;
import dev.pgleader.internal.runtime.SessionListContract;
import dev.pgleader.internal.runtime.SessionLocksContract;
import dev.pgleader.internal.runtime.SessionRegisteringContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionVacateContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
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
                SessionLeaseContract,
                SessionDisturbanceContract,
                SessionLocksContract,
                SessionBidContract,
                SessionTakingContract,
                SessionRegisteringContract,
                SessionVacateContract,
                SessionSuccessionContract,
                SessionListContract,
                SessionWatchingContract {

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

        Entered me = entered(session);
        Row row = elected(me, "orders", ME);
        renewed(me);
        vacated(me, held("orders", row));

        assertEquals(Map.of("orders", News.VACATED), listener.await(Duration.ofSeconds(10)));
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.election"));
    }

    @Test
    void knownElections_registeredAgain_useUpNoNumbersOfFences() throws Exception {
        Session session = session();
        for (int again = 0; again < 5; again++) {
            session.register(List.of("orders"), LEASE);
        }
        session.register(List.of("billing"), LEASE);

        assertEquals(
                1, database.queryOne(Integer.class, "select max(fence_key) - min(fence_key) from pgleader.election"));
    }

    @Test
    void renewals_useUpNoNumbersOfSessions() throws Exception {
        Entered me = entered();
        for (int again = 0; again < 5; again++) {
            renewed(me);
        }

        assertEquals(me.id() + 1, entered().id());
    }

    @Test
    void session_namesItsServerProcess() throws Exception {
        entered();

        assertEquals(
                1,
                database.queryOne(
                        Integer.class,
                        "select count(*)::int from pg_stat_activity as a join pgleader.session as s"
                                + " on s.backend_pid = a.pid and s.backend_start = a.backend_start"));
    }

    @Test
    void endOfTheSession_isNoticedWithoutAStatement() throws Exception {
        Entered me = entered();
        me.session().requireAlive();

        kill(me.id());

        Waiting.until(Duration.ofSeconds(10), () -> hasEnded(me.session()), () -> "the end is not noticed");
    }

    private static boolean hasEnded(Session session) {
        try {
            session.requireAlive();
            return false;
        } catch (SessionException ended) {
            return true;
        }
    }

    @Test
    void lockOfTheNextSession_heldByAnother_isPassedOver() throws Exception {
        int first = entered().id();
        Foreign other = held("select pg_advisory_lock(pgleader.lock_space(), n) from generate_series(" + (first + 1)
                + ", " + (first + 3) + ") as n");

        Entered me = entered();

        assertEquals(first + 4, me.id());
        assertEquals(
                List.of(first, first + 4),
                database.queryAll(Integer.class, "select id from pgleader.session order by 1"));
        other.end();
    }

    @Test
    void serverThatIsNewlySeen_isWrittenDownAtTheEntry() throws Exception {
        Session session = session();
        database.execute("update pgleader.server set system_identifier = 42, timeline = 9, front = 9");

        session.enter(UUID.randomUUID(), LEASE, REFRACTORY);

        assertEquals(
                session.server().systemIdentifier() + " " + session.server().timeline() + " 9 t",
                database.queryOne(
                        String.class,
                        "select concat_ws(' ', system_identifier, timeline, front, since > clock_timestamp() - interval '1 min')"
                                + " from pgleader.server"));
    }

    @Test
    void sessionsThatEndedLongAgo_areForgotten_unlessAnElectionNamesThem() throws Exception {
        Entered idle = entered();
        idle.session().enroll(idle.id(), List.of(enrolment("orders", OTHER)));
        Entered leader = entered();
        elected(leader, "orders", OTHER);
        Entered late = entered();
        byHand().setRemaining(idle.id(), Duration.ofMinutes(-61));
        byHand().setRemaining(leader.id(), Duration.ofMinutes(-61));
        byHand().setRemaining(late.id(), Duration.ofMinutes(-59));

        Entered me = entered();

        assertEquals(
                List.of(leader.id(), late.id(), me.id()),
                database.queryAll(Integer.class, "select id from pgleader.session order by id"));
        assertEquals(0, database.queryOne(Integer.class, "select count(*)::int from pgleader.candidate"));
    }

    @Test
    void connectionThatHasItsRow_isNotEnteredAgain() throws Exception {
        Entered me = entered();

        assertThrows(IllegalStateException.class, () -> entered(me.session()));
    }

    @Test
    void candidatesThatAskForALock_keepNoneOfIt() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());

        me.session().bid(termsOnSessionEnd(me), List.of(Grounds.NONE.by(enrolment("orders", ME))));

        assertEquals(
                1, database.queryOne(Integer.class, "select count(*)::int from pg_locks where locktype = 'advisory'"));
    }

    @Test
    void sessionThatNeverHadALock_provesNothingByAFreeOne() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setUnlocked(other.id());
        kill(other.id());
        byHand().setRemaining(other.id(), Duration.ofMillis(-1));

        assertFalse(wins(me, "orders", ME, Grounds.NONE));
    }

    @Test
    void sessionThatWasNotClaimed_isNotTakenByItsCandidate() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", ME);

        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        assertFalse(wins(me, "orders", ME, Grounds.NONE.insisting(version(me.session(), "orders"))));
    }

    @Test
    void electionLastTakenElsewhere_taken_isWrittenHere() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");
        byHand().setHistory("orders", 42, 9);

        Row taken = elected(me, "orders", ME);

        assertTrue(me.session().server().hasHistoryOf(taken.writtenOn()), taken::toString);
    }

    @Test
    void sessionThatLeaves_isNoSignOfALeader() throws Exception {
        Entered me = entered();
        Entered other = entered();

        other.session().leave(other.id());
        registered(me.session(), "orders");

        assertTrue(wins(me, "orders", ME, Grounds.NONE));
    }

    // Stamps that no clock has written

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expires_at = 'infinity'",
                "expires_at = '-infinity'",
                "expires_at = '290000-01-01'",
                "expires_at = '0001-01-01', renewed_at = '-infinity'",
                "lease = '178000000 years', refractory = '178000000 years'",
                "lease = '-178000000 years', refractory = '-1 day'",
                "postmaster_started_at = '290000-01-01', timeline = -1"
            })
    void sessionEditedToExtremes_spoilsNoAnswer(String edited) throws Exception {
        Entered me = entered();
        elected(entered(), "extreme", OTHER);
        registered(me.session(), "orders");
        database.execute("update pgleader.session set " + edited + " where id <> ?", me.id());

        spoilsNoAnswer(me);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lease = '178000000 years', refractory = '178000000 years'",
                "lease = '-178000000 years', refractory = '-178000000 years'",
                "elected_at = 'infinity'",
                "elected_at = '-infinity'",
                "elected_at = '290000-01-01'",
                "term = 9223372036854775807",
                "released = -9223372036854775808",
                "priority = null, version = null",
                "session_id = -2147483648"
            })
    void electionEditedToExtremes_spoilsNoAnswer(String edited) throws Exception {
        Entered me = entered();
        elected(entered(), "extreme", OTHER);
        registered(me.session(), "orders");
        database.execute("update pgleader.election set " + edited + " where name = 'extreme'");

        spoilsNoAnswer(me);
    }

    private void spoilsNoAnswer(Entered me) throws Exception {
        List<String> both = List.of("extreme", "orders");
        Session.Found extreme = of("extreme", me.session().look(both).rows());
        long inNanos = extreme.remaining().toNanos() + extreme.row().lease().toNanos();
        Version version = new Version(extreme.row(), me.session().server());
        Session.Outcome outcome = me.session()
                .bid(
                        termsOnSessionEnd(me),
                        List.of(
                                Grounds.NONE
                                        .still(version)
                                        .trustingClockUntil(0)
                                        .by(enrolment("extreme", ME)),
                                Grounds.NONE.by(enrolment("orders", ME))));

        assertTrue(outcome.won().containsKey("orders"), () -> outcome + " " + inNanos);
        assertEquals(Set.copyOf(both), me.session().watch(both).rows().keySet());
    }

    @Test
    void changes_areAnnouncedInTheirOrder_onTheChannelOfTheSchemasName() throws Exception {
        Listener listener = listener();

        session().announce(List.of("orders"));
        database.queryAll(
                String.class,
                "select coalesce(pg_notify('pgleader_' || left(md5('pgleader:pgleader'), 8), 'the last')::text, '')");

        Map<String, News> heard = new HashMap<>();
        while (!heard.containsKey("the last")) {
            Map<String, News> more = listener.await(Duration.ofSeconds(10));
            assertFalse(more.isEmpty(), () -> "heard only " + heard);
            heard.putAll(more);
        }
        assertEquals(Map.of("orders", News.CHANGED, "the last", News.CHANGED), heard);
    }

    @Test
    void lock_ofTwoNumbers_doesNotMeetTheOneOfASingleNumber() throws Exception {
        entered();

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
            session.register(names, LEASE);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void tablesReplaced_underASession_areNoticedByItsRenewal() throws Exception {
        Entered me = entered();
        elected(me, "orders", ME);

        database.execute("drop schema pgleader cascade");
        Schema.migrate(database.dataSource());

        assertEquals(new Session.Renewal.Refused(), me.session().renew(me.id(), LEASE, true));
    }

    @Test
    void schemaDroppedAndMigratedAnew_stillSeesTheLocksOfBefore() throws Exception {
        Entered former = entered();
        elected(former, "orders", ME);
        database.execute("drop schema pgleader cascade");
        Schema.migrate(database.dataSource());
        Entered me = entered();

        registered(me.session(), "orders");
        assertFalse(wins(me, "orders", OTHER, Grounds.NONE));
        former.session().close();

        Waiting.until(
                Duration.ofSeconds(10),
                () -> isFreeOnceRegistered(me, UUID.randomUUID().toString()),
                () -> "the lock of before is not given back");
    }

    private boolean isFreeOnceRegistered(Entered me, String election) throws Exception {
        registered(me.session(), election);
        return wins(me, election, OTHER, Grounds.NONE);
    }

    @Test
    void tablesOfTheSameNameElsewhere_takeNoRightAway() throws Exception {
        database.execute("create schema elsewhere");
        database.execute("create table elsewhere.candidate (id integer)");

        session().requireRightToStand();
    }

    @Override
    Session openedFrom(DataSource dataSource) throws SessionException {
        Session session = new PostgresDatabase(dataSource, CONFIG).openSession(Guard.NONE);
        opened.add(session);
        return session;
    }
}
