package dev.pgleader;

import static dev.pgleader.ElectionState.State.FOLLOWER;
import static dev.pgleader.ElectionState.State.LEADER;
import static dev.pgleader.ElectionState.State.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Watching an election without standing in it. */
@PostgresTest
class ElectionObserverTest {

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    @Test
    void observer_seesUnknownThenNobodyThenTheLeaderAndItsPhases(TestDatabase database) throws Exception {
        CountDownLatch recovered = new CountDownLatch(1);
        try (Elections watching = connect(database);
                Elections standing = connect(database)) {
            Sightings sightings = Sightings.of(watching.observe("orders"));

            assertEquals(UNKNOWN, sightings.next().state());
            assertEquals("follower, nobody leads", sightings.next().toString());
            Leader leader = standing.run("orders", "a:1", leadership -> recovered.await());
            ElectionState recovering = sightings.next();
            assertEquals(
                    ProcessState.RECOVERING, recovering.leader().orElseThrow().phase());
            assertEquals(FOLLOWER, recovering.state());
            assertEquals(leader.candidate(), recovering.leader().orElseThrow().candidate());
            recovered.countDown();
            assertEquals(
                    ProcessState.LEADING,
                    sightings.next().leader().orElseThrow().phase());
            leader.close();
            assertEquals("follower, nobody leads", sightings.next().toString());
            assertTrue(sightings.isEmpty());
        }
    }

    @Test
    void nobodyLeads_looksSeldom_isNotUnknownInBetween(TestDatabase database) throws Exception {
        ElectionConfig seldom =
                Settings.quick().retryInterval(Duration.ofMinutes(1)).build();
        try (Elections watching = Elections.connect(database.dataSource(), seldom)) {
            ElectionObserver observer = watching.observe("orders");
            Sightings sightings = Sightings.of(observer);
            sightings.nobody();
            assertTrue(observer.awaitChange(Eventually.PATIENCE), "the change to nobody");

            assertFalse(observer.awaitChange(seldom.leaseDuration().multipliedBy(2)), observer::toString);
            assertTrue(sightings.isEmpty());
        }
    }

    /** Those who watch are told of the new end, and of nothing when it comes. */
    private static void letTheLeaseEndSoon(TestDatabase database) {
        ElectionRow row = new ElectionRow(database, "orders");
        row.letTheLeaseEndIn("100 ms");
        row.announce();
    }

    @Test
    void leaseRunsOut_nobodyLeads_thoughNothingIsAnnounced(TestDatabase database) throws Exception {
        ElectionConfig quick =
                Settings.quick().retryInterval(Duration.ofSeconds(20)).build();
        try (Elections watching = Elections.connect(database.dataSource(), quick);
                Elections standing =
                        Elections.connect(database.dataSource(), Settings.slow().build())) {
            ElectionObserver observer = watching.observe("orders");
            Sightings sightings = Sightings.of(observer);
            RecordedWork work = RecordedWork.staying();
            standing.run("orders", "a:1", work);
            work.next();
            sightings.firstOf("a:1");

            letTheLeaseEndSoon(database);

            sightings.nobody();
            assertEquals("follower, nobody leads", observer.state().toString());
        }
    }

    @Test
    void leaseRunsOut_observersOfWhoNeverLeads_areToldAsWell(TestDatabase database) throws Exception {
        ElectionConfig quick =
                Settings.quick().retryInterval(Duration.ofMinutes(1)).build();
        try (Elections following = Elections.connect(database.dataSource(), quick);
                Elections standing =
                        Elections.connect(database.dataSource(), Settings.slow().build())) {
            CandidateConfig never = CandidateConfig.at("b:2").withoutLeading();
            Sightings sightings = Sightings.of(
                    following.run("orders", never, RecordedWork.staying()).observe());
            standing.run("orders", "a:1", RecordedWork.staying());
            sightings.firstOf("a:1");

            letTheLeaseEndSoon(database);

            ElectionState after = sightings.first(state -> state.leader().isEmpty());
            assertEquals("follower, nobody leads", after.toString());
        }
    }

    @Test
    void thoseWhoOnlyWatch_writeNothing_withARoleThatMayOnlyRead(TestDatabase database) throws Exception {
        try (Elections standing = connect(database)) {
            standing.run("orders", "a:1", RecordedWork.staying());
            try (Elections watching = connect(database)) {
                Sightings sightings = Sightings.of(watching.observe("orders"));

                sightings.firstOf("a:1");
                assertEquals(1, database.queryOne(Long.class, "select count(*) from pgleader.session"));
            }
        }
    }

    @Test
    void leader_isSeenAsLeader_byItsOwnObserver(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Sightings sightings = Sightings.of(leader.observe());
            Leadership leadership = work.next();

            ElectionState leading = sightings.first(state -> state.state() == LEADER);
            assertEquals(leadership.term(), leading.leader().orElseThrow().term());
            leader.resign();

            assertEquals("follower, nobody leads", sightings.nobody().toString());
            assertFalse(leadership.isHeld());
        }
    }

    @Test
    void candidacyClosed_itsObserverWatchesOn(TestDatabase database) throws Exception {
        try (Elections elections = connect(database);
                Elections others = connect(database)) {
            Leader leader = elections.run("orders", "a:1", RecordedWork.staying());
            Sightings sightings = Sightings.of(leader.observe());
            sightings.firstOf("a:1");

            leader.close();
            others.run("orders", "b:2", RecordedWork.staying());

            assertEquals(FOLLOWER, sightings.firstOf("b:2").state());
        }
    }

    @Test
    void databaseGone_isUnknown_notNobody() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.builder().start();
                TestDatabase database = server.createDatabase();
                Elections watching = Elections.connect(
                        database.dataSource(), Settings.quick().build());
                Elections standing = Elections.connect(
                        database.dataSource(), Settings.quick().build())) {
            ElectionObserver observer = watching.observe("orders");
            Sightings sightings = Sightings.of(observer);
            standing.run("orders", "a:1", RecordedWork.staying());
            sightings.firstOf("a:1");

            server.stop();

            ElectionState after = sightings.first(state -> state.leader().isEmpty());
            assertEquals(UNKNOWN, after.state());
            assertEquals(UNKNOWN, observer.state().state());
            server.start();
            sightings.firstOf("a:1");
        }
    }

    @Test
    void awaitChange_returnsOncePerChange_coalesced(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            ElectionObserver observer = elections.observe("orders");
            assertTrue(observer.awaitChange(Eventually.PATIENCE));
            assertFalse(observer.awaitChange(Duration.ZERO));

            elections.run("orders", "a:1", leadership -> {});

            assertTrue(observer.awaitChange(Eventually.PATIENCE));
            assertEquals("a:1", Sightings.address(observer.state()));
        }
    }

    @Test
    void close_letsThoseWhoWaitGo_andKnowsNothing(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            ElectionObserver observer = elections.observe("orders");
            assertTrue(observer.awaitChange(Eventually.PATIENCE));
            Thread waiting = new Thread(() -> {
                try {
                    while (observer.awaitChange(Eventually.PATIENCE)) {
                        Thread.onSpinWait();
                    }
                } catch (InterruptedException unexpected) {
                    throw new IllegalStateException(unexpected);
                }
            });
            waiting.start();

            observer.close();

            Eventually.ends(waiting);
            assertEquals(UNKNOWN, observer.state().state());
            assertFalse(observer.awaitChange(Duration.ofSeconds(10)));
        }
    }

    @Test
    void listeners_areAllCalledOnOneNamedThread(TestDatabase database) throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        try (Elections elections = connect(database)) {
            CountDownLatch told = new CountDownLatch(40);
            for (int i = 0; i < 20; i++) {
                elections.observe("orders" + i).onChange(state -> {
                    threads.add(Thread.currentThread().getName());
                    told.countDown();
                });
            }

            Eventually.comes(told);
            assertEquals(Set.of("pgleader-observer"), threads);
        }
    }

    @Test
    void electionsClosed_nothingCanBeObserved(TestDatabase database) {
        Elections elections = connect(database);
        ElectionObserver observer = elections.observe("orders");
        elections.close();

        assertEquals(UNKNOWN, observer.state().state());
        assertThrows(IllegalStateException.class, () -> elections.observe("orders"));
    }
}
