package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionFixture.Entered;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the simulated database can do that no contract asks of a session. */
class InMemoryDatabaseTest extends Playground {

    // Time

    @Test
    void clock_jumpsAndDrifts_onlyForTheServer() {
        DatabaseClock clock = database.primary().clock();
        Instant start = clock.now();

        clock.jump(Duration.ofHours(-1));
        clock.drift(1.5);
        nanos += Duration.ofSeconds(10).toNanos();

        assertEquals(start.minusSeconds(3600).plusSeconds(15), clock.now());
    }

    @Test
    void sessionReachingItsEnd_isOverExactlyThen() throws Exception {
        Entered me = entered();

        nanos = LEASE.toNanos() - 1_000;
        assertTrue(me.session().renew(me.id(), LEASE, false) instanceof Renewal.Renewed);
        nanos += LEASE.toNanos();

        assertEquals(new Renewal.Refused(), renew(me));
    }

    // Faults

    @Test
    void lostStatement_hasNoEffect() throws Exception {
        Entered me = entered();
        faults.put(Act.REGISTER, Fault.of(Outcome.LOST));

        assertThrows(SessionException.class, () -> register(me));

        assertTrue(database.primary().row("orders").isEmpty());
    }

    @Test
    void lostAnswer_followsAnEffect() throws Exception {
        Entered me = entered();
        faults.put(Act.REGISTER, Fault.of(Outcome.ANSWER_LOST));

        assertThrows(SessionException.class, () -> register(me));

        assertTrue(database.primary().row("orders").isPresent());
        assertThrows(IllegalStateException.class, () -> me.session().look(List.of()), "it was used again");
    }

    @Test
    void delay_passes_onTheCallersClock() throws Exception {
        Entered me = entered();
        faults.put(
                Act.LOOK,
                new Fault(Outcome.ANSWERED, Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofMillis(400)));

        me.session().look(List.of("orders"));

        assertEquals(Duration.ofMillis(750).toNanos(), nanos);
    }

    @Test
    void notice_canBeLost() throws Exception {
        try (Listener listener = route.openListener(Guard.NONE)) {
            faults.put(Act.NOTICE, Fault.of(Outcome.LOST));

            entered().session().announce(List.of("orders"));

            assertEquals(Map.of(), listener.await(Duration.ofSeconds(1)));
        }
    }

    @Test
    void lateStatement_takesEffectAfterItsFailure_whileTheSessionLives() throws Exception {
        Entered me = entered();
        faults.put(Act.REGISTER, Fault.of(Outcome.LATE));

        assertThrows(SessionException.class, () -> register(me));
        assertTrue(database.primary().row("orders").isEmpty());
        postponed.forEach(Runnable::run);

        assertTrue(database.primary().row("orders").isPresent());
    }

    // Sessions and locks

    @Test
    void silentSession_isEndedByTheServer_onlyWhileItMustNotFallSilent() throws Exception {
        Entered standing = entered();
        Entered holder = entered();
        elected(holder, ME);

        nanos += Duration.ofSeconds(4).toNanos();

        assertFalse(isLocked(holder));
        assertTrue(isLocked(standing));
        assertThrows(SessionException.class, () -> renew(holder));
    }

    @Test
    void sessionThatHoldsNothingAnyMore_mayFallSilent() throws Exception {
        Entered me = entered();
        elected(me, ME);
        me.session().renew(me.id(), LEASE, false);

        nanos += Duration.ofMinutes(1).toNanos();

        assertTrue(isLocked(me));
    }

    @Test
    void endOfASession_isHeardByItsClient_unlessTheWordIsLost() throws Exception {
        Entered told = entered();
        Entered untold = entered();

        kill(told);
        faults.put(Act.END, Fault.of(Outcome.LOST));
        kill(untold);

        assertThrows(SessionException.class, () -> told.session().requireAlive());
        untold.session().requireAlive();
        assertThrows(SessionException.class, () -> untold.session().look(List.of()));
    }

    @Test
    void closeThatNeverArrives_leavesTheLockBehind() throws Exception {
        Entered gone = entered();
        faults.put(Act.CLOSE, Fault.of(Outcome.LOST));

        gone.session().close();

        assertTrue(isLocked(gone));
        assertEquals(List.of(), database.leftOpen(), "the process itself has closed it");
    }

    @Test
    void whatIsLeftOpen_isNamed() throws Exception {
        Entered forgotten = entered();
        Listener listener = route.openListener(Guard.NONE);

        assertEquals(2, database.leftOpen().size(), database.leftOpen()::toString);

        forgotten.session().close();
        listener.close();
        assertEquals(List.of(), database.leftOpen());
    }

    @Test
    void idThatIsLocked_isPassedOverByTheNextSession() throws Exception {
        Entered first = entered();
        database.primary().byHand().dropAndMigrate();

        Entered second = entered();

        assertNotEquals(first.id(), second.id());
    }

    // Server processes that stand still

    @Test
    void stuckServerProcess_hasActed_andKeepsItsLock_whateverHappensToIt() throws Exception {
        Entered me = entered();
        faults.put(Act.RENEW, Fault.of(Outcome.STUCK));
        long beat = beat(me);

        assertThrows(SessionException.class, () -> renew(me));
        me.session().close();
        kill(me);
        nanos += Duration.ofMinutes(1).toNanos();

        assertEquals(beat + 1, beat(me));
        assertTrue(isLocked(me));
    }

    @Test
    void haltedServerProcess_actsWhenItGoesOn_andThenNoticesThatItsClientIsGone() throws Exception {
        Entered me = entered();
        faults.put(Act.RENEW, Fault.of(Outcome.HALTED));
        long beat = beat(me);

        assertThrows(SessionException.class, () -> renew(me));
        me.session().close();
        assertTrue(isLocked(me));
        postponed.forEach(Runnable::run);

        assertEquals(beat + 1, beat(me));
        assertFalse(isLocked(me));
    }

    @Test
    void haltedServerProcess_thatWasEnded_actsNoMore() throws Exception {
        Entered me = entered();
        faults.put(Act.RENEW, Fault.of(Outcome.HALTED));
        long beat = beat(me);
        assertThrows(SessionException.class, () -> renew(me));

        kill(me);
        postponed.forEach(Runnable::run);

        assertEquals(beat, beat(me));
        assertFalse(isLocked(me));
    }

    @Test
    void serverThatStops_endsAlsoWhatStandsStill() throws Exception {
        Entered me = entered();
        faults.put(Act.RENEW, Fault.of(Outcome.STUCK));
        assertThrows(SessionException.class, () -> renew(me));

        database.primary().restart();

        assertFalse(isLocked(me));
    }

    // Fences

    @Test
    void fencedTransaction_keepsOthersFromTaking_untilItEnds() throws Exception {
        Entered former = entered();
        long term = elected(former, ME);
        FencedTransaction fenced = database.primary().fence("orders", term).orElseThrow();
        vacated(former, term);
        Entered me = entered();

        assertFalse(wins(me));
        fenced.commit();

        assertTrue(wins(me));
        assertTrue(database.primary().fence("orders", term).isEmpty());
    }

    @Test
    void fence_isRefused_whereTheSessionDoesNotRun_orALaterTermIsKnown() throws Exception {
        Entered me = entered();
        long term = elected(me, ME);
        InMemoryServer server = database.primary();
        assertTrue(server.fence("orders", term).isPresent());

        server.byHand().remember("orders", term + 1, java.util.Optional.of(LEASE), "resigned");
        assertTrue(server.fence("orders", term).isEmpty());

        long other = elected(me, "billing", ME);
        nanos += LEASE.toNanos();
        assertTrue(server.fence("billing", other).isEmpty());
        database.primary().restart();
    }

    // Restart, crash and promotion

    @Test
    void restart_endsSessionsAndListeners_andKeepsTheRows() throws Exception {
        Entered me = entered();
        Listener listener = route.openListener(Guard.NONE);
        long term = elected(me, ME);

        database.primary().restart();

        assertThrows(SessionException.class, () -> me.session().look(List.of("orders")));
        assertThrows(SessionException.class, () -> listener.await(Duration.ZERO));
        Entered after = entered();
        assertNotEquals(me.session().server(), after.session().server());
        assertTrue(me.session().server().hasHistoryOf(after.session().server()));
        assertEquals(term, row().term());
    }

    @Test
    void crash_losesWhatDidNotWaitForTheDisk_andKeepsThePostmaster() throws Exception {
        Entered me = entered();
        long term = elected(me, ME);
        vacated(me, term);
        assertTrue(row().holder().isEmpty());

        database.primary().crash();

        assertTrue(row().holder().isPresent());
        assertEquals(me.session().server(), entered().session().server());
    }

    @Test
    void stoppedServer_isNotReached() {
        database.primary().stop();

        assertThrows(SessionException.class, this::entered);
    }

    @Test
    void promotion_losesTheLastCommits_andNeverIssuesATermAgain() throws Exception {
        InMemoryServer old = database.primary();
        Entered left = entered();
        register(left);
        long lost = elected(left, ME);

        InMemoryServer promoted = database.promoteStandby(1, new DatabaseClock(() -> nanos));

        assertTrue(row().holder().isEmpty());
        assertEquals(old.identity().timeline() + 1, promoted.identity().timeline());
        assertTrue(promoted.isLockFree(left.id()), "locks do not travel");
        Entered right = entered();
        assertFalse(wins(right), "a vacant row of another history was taken at once");
        assertTrue(elected(right, OTHER) > lost);
        assertTrue(renew(left) instanceof Renewal.Renewed, "the old primary lives on");
    }

    @Test
    void promotion_isWrittenDownByTheNextEntry_soThatNewElectionsWaitALease() throws Exception {
        database.promoteStandby(0, new DatabaseClock(() -> nanos));

        Entered me = entered();
        register(me);
        assertFalse(wins(me));
        nanos += LEASE.toNanos();
        me.session().close();

        Entered later = entered();
        later.session().register(List.of("billing"), LEASE);
        assertTrue(wins(later, "billing"));
    }

    @Test
    void processStuckToTheOldPrimary_reachesItAgain() throws Exception {
        InMemoryServer old = database.primary();
        database.promoteStandby(0, new DatabaseClock(() -> nanos));
        Route stuck = database.reachedBy(Faults.NONE);

        stuck.stickTo(old);

        assertEquals(old.identity(), stuck.openSession(Guard.NONE).server());
        assertNotEquals(old.identity(), entered().session().server());
    }
}
