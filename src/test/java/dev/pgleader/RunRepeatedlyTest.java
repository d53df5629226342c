package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Stint after stint: what follows upon each, and what ends it. */
@PostgresTest
class RunRepeatedlyTest {

    private static final CandidateConfig ME = CandidateConfig.at("a:1");

    /** Takes the post away without anybody else's having it. */
    private static final String DEPOSE = ElectionRow.EMPTY + " where name = 'orders'";

    @Test
    void workReturnsTrue_nextStintIsANewTermOfTheSameCandidate_untilItReturnsFalse(TestDatabase database)
            throws Exception {
        List<Long> terms = new ArrayList<>();
        Set<UUID> candidates = new HashSet<>();
        try (Elections elections = connect(database)) {
            elections.runRepeatedly("orders", ME, leadership -> {
                assertTrue(leadership.isHeld());
                terms.add(leadership.term());
                candidates.add(row(database).candidate());
                return terms.size() < 3;
            });

            assertEquals(3, terms.stream().distinct().count());
            assertEquals(terms.stream().sorted().toList(), terms);
            assertEquals(1, candidates.size());
            assertTrue(row(database).isFreeAtOnce());
            assertFalse(row(database).isLocked());
            Candidates.arePresent(database, "orders");
        }
    }

    @Test
    void stintOver_other_goesFirst(TestDatabase database) throws Exception {
        List<Long> terms = new CopyOnWriteArrayList<>();
        RecordedWork work = RecordedWork.staying();
        ElectionConfig patient =
                Settings.calm().retryInterval(Duration.ofSeconds(2)).build();
        try (Elections first = Elections.connect(database.dataSource(), patient);
                Elections second = Elections.connect(database.dataSource(), patient)) {
            WaitingCall<Boolean> call = repeating(first, "a:1", leadership -> {
                terms.add(leadership.term());
                if (terms.size() == 1) {
                    Candidates.arePresent(database, "orders", "a:1", "b:2");
                }
                return terms.size() < 2;
            });
            Eventually.holds("the first stint has begun", () -> terms.size() == 1);
            Leader other = second.run("orders", "b:2", work);

            Leadership between = work.next();
            assertEquals(1, terms.size());
            // One that only resigned would stand again, and might be first.
            other.close();

            assertTrue(call.result());
            assertEquals(2, terms.size());
            assertTrue(terms.get(0) < between.term() && between.term() < terms.get(1));
        }
    }

    @Test
    void lostHalfWay_isLogged_andTheNextStintIsWaitedForWhateverItReturned(TestDatabase database) throws Exception {
        List<Long> terms = new ArrayList<>();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = connect(database)) {
            WaitingCall<Boolean> call = repeating(elections, "a:1", leadership -> {
                terms.add(leadership.term());
                if (terms.size() == 1) {
                    database.execute(DEPOSE);
                    Eventually.holds("lost", () -> Thread.interrupted());
                }
                return false;
            });

            assertTrue(call.result(), log::text);
            assertEquals(2, terms.size(), log::text);
            assertEquals(1, log.count("INFO dev.pgleader.Stint - election 'orders': term " + terms.get(0)), log::text);
            assertEquals(1, log.count("DEPOSED"), log::text);
            assertFalse(call.endedInterrupted());
        }
    }

    @Test
    void lostHalfWay_byWorkThatStopsByAnException_nextStintIsWaitedFor(TestDatabase database) throws Exception {
        List<Long> terms = new ArrayList<>();
        try (Elections elections = connect(database)) {
            WaitingCall<Boolean> call = repeating(elections, "a:1", leadership -> {
                terms.add(leadership.term());
                if (terms.size() == 1) {
                    database.execute(DEPOSE);
                    new CountDownLatch(1).await();
                }
                return false;
            });

            assertTrue(call.result());
            assertEquals(2, terms.size());
        }
    }

    @Test
    void workFindsOutByItselfThatItIsLost_nextStintIsWaitedFor(TestDatabase database) throws Exception {
        List<Long> terms = new ArrayList<>();
        try (Elections elections = connect(database)) {
            elections.runRepeatedly("orders", ME, leadership -> {
                terms.add(leadership.term());
                if (terms.size() == 1) {
                    throw new LeadershipLostException("orders", leadership.term(), "the database says so");
                }
                return false;
            });

            assertEquals(2, terms.size());
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    @Test
    void workFindsOutThatSomethingElseIsLost_thatIsItsFailure(TestDatabase database) throws Exception {
        LeadershipLostException other = new LeadershipLostException("billing", 7, "planted");
        try (Elections elections = connect(database)) {
            LeadershipLostException thrown = assertThrows(
                    LeadershipLostException.class,
                    () -> elections.runRepeatedly("orders", ME, leadership -> {
                        throw other;
                    }));

            assertSame(other, thrown);
        }
    }

    @Test
    void workFails_sameObjectIsThrown_andNobodyIsLeftStanding(TestDatabase database) throws Exception {
        IOException failure = new IOException("planted");
        try (Elections elections = connect(database)) {
            IOException thrown = assertThrows(
                    IOException.class,
                    () -> elections.runRepeatedly("orders", ME, leadership -> {
                        throw failure;
                    }));

            assertSame(failure, thrown);
            assertTrue(row(database).isFreeAtOnce());
            assertEquals("again", elections.campaign("orders", ME, leadership -> "again"));
        }
    }

    @Test
    void interruptedWhileItWaits_ends(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections other = connect(database);
                Elections elections = connect(database)) {
            other.run("orders", "b:2", work);
            work.next();
            WaitingCall<Boolean> call = repeating(elections, "a:1", leadership -> true);
            Candidates.arePresent(database, "orders", "a:1", "b:2");

            call.interrupt();

            call.failure(InterruptedException.class);
            Candidates.arePresent(database, "orders", "b:2");
        }
    }

    @Test
    void interruptedWhileItWorks_andTheWorkKeepsTheInterrupt_endsAfterTheStint(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        List<Long> terms = new CopyOnWriteArrayList<>();
        try (Elections elections = connect(database)) {
            WaitingCall<Boolean> call = repeating(elections, "a:1", leadership -> {
                terms.add(leadership.term());
                working.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    LockSupport.park(this);
                }
                return true;
            });
            Eventually.comes(working);

            call.interrupt();

            call.failure(InterruptedException.class);
            assertEquals(1, terms.size());
            assertTrue(row(database).isFreeAtOnce());
        }
    }

    @Test
    void electionsClosedWhileItWorks_ends_andSaysThatTheyAreClosed(TestDatabase database) throws Exception {
        CountDownLatch working = new CountDownLatch(1);
        Elections elections = connect(database);
        try {
            WaitingCall<Boolean> call = repeating(elections, "a:1", leadership -> {
                working.countDown();
                Elections.waitForever(leadership);
                return true;
            });
            Eventually.comes(working);

            elections.close();

            assertEquals(
                    "closed while this thread was standing in the election 'orders'",
                    call.failure(IllegalStateException.class).getMessage());
        } finally {
            elections.close();
        }
    }

    private static WaitingCall<Boolean> repeating(
            Elections elections, String address, Stint<Boolean, InterruptedException> work) {
        return WaitingCall.of(() -> {
            elections.runRepeatedly("orders", CandidateConfig.at(address), work);
            return true;
        });
    }

    private static Elections connect(TestDatabase database) {
        return Elections.connect(
                database.dataSource(),
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build());
    }

    private static ElectionRow row(TestDatabase database) {
        return new ElectionRow(database, "orders");
    }
}
