package dev.pgleader;

import static dev.pgleader.ElectionState.State.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The cases by which etcd tests its elections, and what a program that only watches them relies on. */
@PostgresTest
class ElectionCasesTest {

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    // Leaders that follow each other

    /** etcd's TestElectionWait. */
    @Test
    void threeLeadOneAfterTheOther_nineObservers_seeEachByItsAddress(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections watching = connect(database);
                Elections first = connect(database);
                Elections second = connect(database);
                Elections third = connect(database)) {
            Map<String, Leader> candidates = Map.of(
                    "a:1", first.run("orders", "a:1", work),
                    "b:2", second.run("orders", "b:2", work),
                    "c:3", third.run("orders", "c:3", work));
            List<Sightings> observers = new ArrayList<>();
            for (Elections from : List.of(watching, first, second)) {
                for (int i = 0; i < 3; i++) {
                    observers.add(Sightings.of(from.observe("orders")));
                }
            }

            Set<String> led = new HashSet<>(Set.of(""));
            for (int round = 0; round < 3; round++) {
                Set<String> seen = new HashSet<>();
                for (Sightings observer : observers) {
                    seen.add(Sightings.address(observer.first(state -> !led.contains(Sightings.address(state)))));
                }
                assertEquals(1, seen.size(), seen::toString);
                led.addAll(seen);
                Objects.requireNonNull(candidates.get(seen.iterator().next())).close();
            }

            assertEquals(Set.of("", "a:1", "b:2", "c:3"), led);
            for (Sightings observer : observers) {
                assertEquals("follower, nobody leads", observer.nobody().toString());
            }
        }
    }

    /** etcd's TestElectionFailover. */
    @Test
    void leadersElectionsClose_theOneThatWaitsLeads_andTheObserverSeesIt(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        RecordedWork waiting = RecordedWork.staying();
        Elections first = connect(database);
        try (Elections second = connect(database);
                Elections watching = connect(database)) {
            Sightings sightings = Sightings.of(watching.observe("orders"));
            first.run("orders", "a:1", work);
            work.next();
            sightings.firstOf("a:1");
            second.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            first.close();

            Leadership leadership = waiting.next();
            ElectionState seen = sightings.firstOf("b:2");
            assertEquals(leadership.term(), seen.leader().orElseThrow().term());
        } finally {
            first.close();
        }
    }

    /** etcd's TestElectionSessionRecampaign. There it changes the value; here who stands does so under one address. */
    @Test
    void standingTwice_isRefusedAtOnce_andUnderAnotherAddressOnlyAfterClosing(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Elections watching = connect(database)) {
            Sightings sightings = Sightings.of(watching.observe("orders"));
            Leader leader = elections.run("orders", "a:1", work);
            Leadership former = work.next();
            sightings.firstOf("a:1");
            assertThrows(IllegalStateException.class, () -> elections.run("orders", "a:2", work));
            assertTrue(former.isHeld());

            leader.close();
            elections.run("orders", "a:2", work);

            assertTrue(work.next().term() > former.term());
            sightings.firstOf("a:2");
        }
    }

    /** etcd's TestElectionOnPrefixOfExistingKey. */
    @Test
    void electionWhoseNameBeginsAnothers_isLedAndWatchedApart(TestDatabase database) throws Exception {
        RecordedWork longer = RecordedWork.staying();
        RecordedWork shorter = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            Leader ofLonger = other.run("testa", "b:2", longer);
            longer.next();
            Sightings sightings = Sightings.of(elections.observe("test"));
            assertEquals("follower, nobody leads", sightings.nobody().toString());

            elections.run("test", "a:1", shorter);

            shorter.next();
            assertEquals("a:1", Sightings.address(sightings.next()));
            assertEquals("b:2", ofLonger.address());
            ofLonger.close();
            Sightings.of(elections.observe("test")).firstOf("a:1");
        }
    }

    /**
     * etcd's TestElectionOnSessionRestart. There whoever comes back with the lease it had before still leads; here every start
     * is another candidate, so that two of one name cannot lead together, and whoever is to come back first is preferred.
     */
    @Test
    void preferredProcessDies_startedAnew_itLeadsAgain_thoughAnotherHasWaited(TestDatabase database) throws Exception {
        ElectionConfig config =
                Settings.quick().retryInterval(Duration.ofSeconds(2)).build();
        CandidateConfig preferred = CandidateConfig.at("a:1").withPriority(1);
        RecordedWork dying = RecordedWork.staying();
        RecordedWork waiting = RecordedWork.staying();
        RecordedWork restarted = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Network network = Network.to(database);
                Elections dead = Elections.connect(network.dataSource(), config);
                Elections other = Elections.connect(database.dataSource(), config);
                Elections anew = Elections.connect(database.dataSource(), config)) {
            dead.run("orders", preferred, dying);
            Leadership former = dying.next();
            other.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            Leader again = anew.run("orders", preferred, restarted);
            isPresent(database, again);

            network.proxy().cut();

            assertTrue(restarted.next().term() > former.term(), log::text);
            assertEquals(0, waiting.calls(), log::text);
            assertFalse(former.isHeld());
        }
    }

    private static void isPresent(TestDatabase database, Leader candidate) {
        Eventually.holds("on the list is " + candidate.candidate(), () -> !database.queryAll(
                        String.class,
                        "select address from pgleader.candidates where candidate = ? and present",
                        candidate.candidate())
                .isEmpty());
    }

    /** etcd's TestElectionObserveCompacted. */
    @Test
    void historyIsGone_observerThatComesLate_seesThePresentLeader(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Elections watching = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            for (int i = 0; i < 3; i++) {
                work.next();
                leader.resign();
            }
            Leadership present = work.next();
            Eventually.isIn(ProcessState.LEADING, leader);
            database.execute("delete from pgleader.term_history");

            Sightings sightings = Sightings.of(watching.observe("orders"));

            assertEquals(UNKNOWN, sightings.next().state());
            LeaderInfo seen = sightings.next().leader().orElseThrow();
            assertEquals(present.term(), seen.term());
            assertEquals("a:1", seen.address());
        }
    }

    /** etcd's TestResumeElection: whoever has not elected the leader itself has it resign. */
    @Test
    void leaderIsAskedFromOutsideToResign_anotherIsSeen_andNothingElseEverWas(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        RecordedWork waiting = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database);
                Elections watching = connect(database)) {
            Leader leader = first.run("orders", "a:1", work);
            work.next();
            Eventually.isIn(ProcessState.LEADING, leader);
            second.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            Sightings sightings = Sightings.of(watching.observe("orders"));
            sightings.first(state -> state.toString().startsWith("follower of a:1 (leading"));
            beUnrelated(database, first);

            database.execute("select pgleader.request_resignation('orders')");

            ElectionState next = sightings.next();
            assertNotEquals("a:1", Sightings.address(next), "what was written meanwhile was no change");
            if (next.leader().isEmpty()) {
                next = sightings.next();
            }
            assertEquals("b:2", Sightings.address(next));
            assertEquals(waiting.next().term(), next.leader().orElseThrow().term());
        }
    }

    /** Writes, announcements and heartbeats that change nothing of the election. */
    private static void beUnrelated(TestDatabase database, Elections elections) throws InterruptedException {
        RecordedWork other = RecordedWork.staying();
        Leader leader = elections.run("orders too", "c:3", other);
        other.next();
        leader.resign();
        leader.close();
        for (String election : List.of("orders", "order", "nobodys")) {
            new ElectionRow(database, election).announce();
        }
        ElectionRow row = new ElectionRow(database, "orders");
        long beat = row.beat();
        Eventually.holds("two heartbeats", () -> row.beat() > beat + 1);
    }

    // Watching

    /** Whoever stands and watches, whoever only watches, and the table say the same. */
    @Test
    void watchingAndObserving_agree(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = connect(database);
                Elections following = connect(database);
                Elections watching = connect(database)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Leader follower = following.run("orders", "b:2", RecordedWork.staying());
            ElectionObserver own = leader.observe();
            ElectionObserver others = follower.observe();
            ElectionObserver witness = watching.observe("orders");

            for (ElectionObserver observer : List.of(own, others, witness)) {
                Sightings.of(observer).first(state -> state.toString().contains("(leading"));
            }

            String who = "a:1 (leading, term " + leadership.term() + ")";
            assertEquals("leader at " + who, own.state().toString());
            assertEquals("follower of " + who, others.state().toString());
            assertEquals("follower of " + who, witness.state().toString());
            assertEquals("a:1", follower.address());
            assertEquals(
                    withoutTime(own.state().leader()),
                    withoutTime(witness.state().leader()));
            assertEquals(
                    withoutTime(follower.current()), withoutTime(witness.state().leader()));
            assertEquals(
                    withoutTime(leader.current()), withoutTime(witness.state().leader()));
        }
    }

    /** A leader's lease grows from one question to the next. */
    private static String withoutTime(Optional<LeaderInfo> leader) {
        LeaderInfo info = leader.orElseThrow();
        return info.address() + info.candidate() + info.term() + info.phase() + info.electedAt();
    }

    @Test
    void beforeTheFirstLook_nothingIsKnown_andThatIsWhatIsTold(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Network network = Network.to(database);
                Elections elections = connect(database)) {
            elections.run("orders", "a:1", work);
            work.next();
            network.proxy().blackHole();
            try (Elections watching =
                    Elections.connect(network.dataSource(), Settings.calm().build())) {
                ElectionObserver observer = watching.observe("orders");
                Sightings sightings = Sightings.of(observer);

                assertEquals(ElectionState.unknown(), observer.state());
                assertEquals("unknown", sightings.next().toString());
                assertFalse(observer.awaitChange(Duration.ZERO), log::text);

                network.proxy().mend();

                assertEquals("a:1", Sightings.address(sightings.next()));
                assertTrue(observer.awaitChange(Eventually.PATIENCE));
            }
        }
    }

    // What went wrong elsewhere

    /** An observer of etcd may name the wrong leader when several candidates appear at once. */
    @Test
    void manyStandAtOnce_observersName_onlyWhoWasElected(TestDatabase database) throws Exception {
        Queue<LeaderInfo> named = new ConcurrentLinkedQueue<>();
        List<Elections> open = new ArrayList<>();
        try (Elections watching = connect(database)) {
            for (int i = 0; i < 6; i++) {
                open.add(connect(database));
            }
            List<Sightings> observers = new ArrayList<>();
            for (int round = 0; round < 8; round++) {
                String election = "orders " + round;
                ElectionObserver observer = watching.observe(election);
                observer.onChange(state -> state.leader().ifPresent(named::add));
                observers.add(Sightings.of(observer));
                for (Elections elections : open) {
                    Leader leader = elections.run(election, "a:" + open.indexOf(elections), RecordedWork.staying());
                    leader.observe().onChange(state -> state.leader().ifPresent(named::add));
                }
            }
            for (Sightings observer : observers) {
                observer.first(state -> state.toString().contains("(leading"));
            }
        } finally {
            open.parallelStream().forEach(Elections::close);
        }

        Set<String> elected =
                new HashSet<>(database.queryAll(String.class, "select term || ' ' || candidate from pgleader.history"));
        assertTrue(named.size() >= 8, named::toString);
        for (LeaderInfo leader : named) {
            assertTrue(elected.contains(leader.term() + " " + leader.candidate()), leader::toString);
        }
    }

    /** An observer of etcd is told nothing, and waits for ever, where nobody has ever led. */
    @Test
    void nobodyHasEverStood_isAnAnswer(TestDatabase database) throws Exception {
        try (Elections elections = connect(database)) {
            ElectionObserver observer = elections.observe("orders");

            assertTrue(observer.awaitChange(Eventually.PATIENCE));
            assertEquals("follower, nobody leads", observer.state().toString());
            Leader never = elections.run("orders", CandidateConfig.at("a:1").withoutLeading(), leadership -> {});
            assertThrows(NoLeaderException.class, never::address);
        }
    }

    /**
     * A candidate of etcd whose lease ends while it waits goes on waiting, and is then told that it leads, without a lease.
     */
    @Test
    void sessionEndsWhileItWaits_candidateLeads_onlyWithALockAndALeaseOfItsOwn(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        RecordedWork waiting = RecordedWork.staying();
        try (CapturedLog log = CapturedLog.start();
                Elections first = connect(database);
                Elections second = connect(database)) {
            Leader leader = first.run("orders", "a:1", work);
            work.next();
            Leader waits = second.run("orders", "b:2", waiting);
            Candidates.arePresent(database, "orders", "a:1", "b:2");
            ElectionRow row = new ElectionRow(database, "orders");
            database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                            + " and usename = ? and pid <> ?",
                    database.username(),
                    row.backendPid());

            leader.close();

            Leadership leadership = waiting.next();
            assertTrue(leadership.isHeld(), log::text);
            assertEquals(waits.candidate(), row.candidate());
            assertEquals(leadership.term(), row.term());
            assertTrue(row.isLocked());
            assertFalse(row.isExpired());
            assertEquals(
                    1,
                    database.queryOne(
                            Long.class, "select count(*) from pg_stat_activity where pid = ?", row.backendPid()));
        }
    }
}
