package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Version;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session that has a lock keeps to, and what it makes of the locks of others. See {@link Session}. */
public interface SessionLocksContract extends SessionFixture {

    /** Some time that is over. */
    Duration OVER = Duration.ofMillis(-1);

    // One's own

    @Test
    default void session_livesOnTheServerThatItSays_withALock() throws Exception {
        Entered me = entered();

        Row.HolderSession row = elected(me, "orders", ME).session().orElseThrow();

        assertTrue(row.locked());
        assertEquals(me.session().server(), row.server());
        assertTrue(row.server().startedAtMicros() > 0, row::toString);
    }

    // The lock of a session that is over

    @Test
    default void sessionThatIsOver_whoseLockIsFree_isOvertaken() throws Exception {
        Entered me = entered();
        overAndFree("orders");

        Outcome outcome = bid(me, "orders", ME, Grounds.NONE);

        assertEquals(Set.of("orders"), outcome.won().keySet());
        assertEquals(Optional.of(true), of("orders", outcome.seen().rows()).lockFree());
    }

    @Test
    default void sessionThatIsOver_whoseLockIsHeld_isNot() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), OVER);

        Outcome outcome = bid(me, "orders", ME, Grounds.NONE);

        assertEquals(Set.of(), outcome.won().keySet());
        assertEquals(Optional.of(false), of("orders", outcome.seen().rows()).lockFree());
    }

    @Test
    default void severalElectionsOfOneSession_areJudgedByOneLock() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        elected(other, "billing", OTHER);
        kill(other.id());
        byHand().setRemaining(other.id(), OVER);

        Outcome outcome = me.session()
                .bid(
                        terms(me),
                        List.of(Grounds.NONE.by(enrolment("orders", ME)), Grounds.NONE.by(enrolment("billing", ME))));

        assertEquals(Set.of("orders", "billing"), outcome.won().keySet());
    }

    @Test
    default void freeLock_behindAnEditedRow_provesNothing() throws Exception {
        Entered me = entered();
        overAndFree("orders");
        byHand().rewrite("orders");

        onlyByStandingStill(me);
    }

    @Test
    default void freeLock_ofASessionThatOtherHandsHaveSetBack_provesNothing() throws Exception {
        Entered me = entered();
        byHand().rewriteSession(overAndFree("orders"));

        onlyByStandingStill(me);
    }

    @Test
    default void lockOfASessionThatHasNone_isNotAskedFor() throws Exception {
        Entered me = entered();
        byHand().setUnlocked(overAndFree("orders"));

        assertEquals(Optional.empty(), lockFree(bid(me, "orders", ME, Grounds.NONE)));
        onlyByStandingStill(me);
    }

    @Test
    default void rowGivenByHandToASessionThatIsOver_isNotOvertaken() throws Exception {
        Entered me = entered();
        int dead = overAndFree("billing");
        elected(entered(), "orders", OTHER);
        byHand().give("orders", dead);

        onlyByStandingStill(me);
    }

    @Test
    default void lockOfASessionOnAnotherServer_isNotAskedFor() throws Exception {
        Entered me = entered();
        int dead = overAndFree("orders");
        Server here = me.session().server();

        for (Server there : List.of(
                new Server(here.systemIdentifier() + 1, here.timeline(), here.startedAtMicros()),
                new Server(here.systemIdentifier(), here.timeline() + 1, here.startedAtMicros()),
                new Server(here.systemIdentifier(), here.timeline(), here.startedAtMicros() - 1_000_000))) {
            byHand().setServer(dead, there);
            Outcome outcome = bid(me, "orders", ME, Grounds.NONE);
            assertEquals(Set.of(), outcome.won().keySet(), there::toString);
            assertEquals(Optional.empty(), of("orders", outcome.seen().rows()).lockFree());
        }
        onlyByStandingStill(me);
    }

    @Test
    default void versionSeenInAnotherLifeOfTheServer_didNotStandStill() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);
        byHand().empty("orders");
        Version seen = version(me.session(), "orders");
        Server here = seen.seenOn();
        Server before = new Server(here.systemIdentifier(), here.timeline(), here.startedAtMicros() - 1);

        assertFalse(wins(me, "orders", ME, Grounds.NONE.still(new Version(seen.row(), before))));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(seen)));
    }

    @Test
    default void biddersOwnLock_isNotAskedFor() throws Exception {
        Entered me = entered();
        elected(me, "orders", OTHER);

        Outcome outcome = me.session().bid(termsOnSessionEnd(me), List.of(Grounds.NONE.by(enrolment("orders", ME))));

        assertEquals(Optional.empty(), of("orders", outcome.seen().rows()).lockFree());
        assertEquals(Set.of(), outcome.won().keySet());
    }

    // A clock that has been trusted for too long

    @Test
    default void clockThatWasOutrun_provesNothing() throws Exception {
        Entered me = entered();
        overAndFree("orders");
        long now = me.session().look(List.of("orders")).micros();
        long refractory = REFRACTORY.toNanos() / 1_000;

        assertFalse(wins(me, "orders", ME, Grounds.NONE.trustingClockUntil(Long.MIN_VALUE)));
        assertFalse(wins(me, "orders", ME, Grounds.NONE.trustingClockUntil(now - refractory - 1)));
        assertFalse(wins(me, "orders", ME, Grounds.NONE.trustingClockUntil(Long.MIN_VALUE + 1)));
    }

    @Test
    default void clockThatKeptStep_orOutranByLessThanTheRefractoryPeriod_isTrusted() throws Exception {
        Entered me = entered();
        long aMinute = 60_000_000;

        overAndFree("kept step");
        long now = me.session().look(List.of("kept step")).micros();
        assertTrue(wins(me, "kept step", ME, Grounds.NONE.trustingClockUntil(now + aMinute)));

        Entered other = entered();
        registered(me.session(), "a little");
        BidTerms longRefractory = new BidTerms(other.id(), LEASE, LEASE.dividedBy(2), false);
        other.session().bid(longRefractory, List.of(Grounds.NONE.by(enrolment("a little", OTHER))));
        kill(other.id());
        byHand().setRemaining(other.id(), OVER);
        assertTrue(wins(me, "a little", ME, Grounds.NONE.trustingClockUntil(now - aMinute)));

        overAndFree("for ever");
        assertTrue(wins(me, "for ever", ME, Grounds.NONE.trustingClockUntil(Long.MAX_VALUE)));
    }

    // ON_SESSION_END

    @Test
    default void lockOfARunningSession_isAskedForOnlyByThoseWhoWantIt() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        var bids = List.of(Grounds.NONE.by(enrolment("orders", ME)));

        assertEquals(Optional.empty(), lockFree(me.session().bid(terms(me), bids)));
        assertEquals(Optional.of(false), lockFree(me.session().bid(termsOnSessionEnd(me), bids)));
        kill(other.id());

        Outcome first = me.session().bid(termsOnSessionEnd(me), bids);
        assertEquals(Optional.of(true), lockFree(first));
        assertEquals(Set.of(), first.won().keySet(), "taken without the refractory period");
    }

    @Test
    default void runningSession_whoseLockWasAndIsFree_isOvertaken() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());
        Grounds freed = Grounds.NONE.freed(version(me.session(), "orders"));

        assertFalse(wins(me, "orders", ME, freed), "its lock was not asked for");
        assertTrue(winsOnSessionEnd(me, freed));
    }

    @Test
    default void runningSession_whoseLockIsHeld_isNotOvertaken() throws Exception {
        Entered me = entered();
        elected(entered(), "orders", OTHER);

        assertFalse(winsOnSessionEnd(me, Grounds.NONE.freed(version(me.session(), "orders"))));
    }

    @Test
    default void runningSession_thatHasMovedSinceItsLockWasFree_isNotOvertaken() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());
        Version old = version(me.session(), "orders");
        byHand().raiseBeat(other.id());

        assertFalse(winsOnSessionEnd(me, Grounds.NONE.freed(old)));
    }

    @Test
    default void runningSession_behindAnEditedRow_isNotOvertaken() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());
        byHand().rewrite("orders");

        assertFalse(winsOnSessionEnd(me, Grounds.NONE.freed(version(me.session(), "orders"))));
    }

    @Test
    default void runningSession_whoseRowWasEdited_isNotOvertaken() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());
        byHand().rewriteSession(other.id());

        assertFalse(winsOnSessionEnd(me, Grounds.NONE.freed(version(me.session(), "orders"))));
    }

    @Test
    default void moreTimeLeftThanTheLease_isNotOvertakenByAFreeLock() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        kill(other.id());
        byHand().setRemaining(other.id(), LEASE.plusMinutes(1));

        Version version = version(me.session(), "orders");
        assertFalse(winsOnSessionEnd(me, Grounds.NONE.freed(version)));
        assertTrue(winsOnSessionEnd(me, Grounds.NONE.still(version)));
    }

    // Its end

    @Test
    default void sessionThatWasEnded_saysSoAtTheNextStatement() throws Exception {
        Entered me = entered();
        registered(me.session(), "orders");

        kill(me.id());

        assertThrows(SessionException.class, () -> me.session().look(List.of("orders")));
    }

    @Test
    default void sessionClosedOrAborted_givesItsLockBack() throws Exception {
        Entered me = entered();
        for (boolean aborted : List.of(false, true)) {
            Entered other = entered();
            String election = aborted ? "aborted" : "closed";
            elected(other, election, OTHER);
            byHand().setRemaining(other.id(), OVER);
            assertFalse(wins(me, election, ME, Grounds.NONE));

            if (aborted) {
                other.session().abort();
            } else {
                other.session().close();
            }

            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> wins(me, election, ME, Grounds.NONE),
                    () -> "the lock of '" + election + "' does not come free");
        }
    }

    // Registering beside a lock

    @Test
    default void lockWithoutARunningSession_makesNewRowsStandStill() throws Exception {
        Entered me = entered();
        Entered other = entered();

        byHand().deleteSession(other.id());
        registered(me.session(), "while locked");
        kill(other.id());
        registered(me.session(), "after");

        assertFalse(wins(me, "while locked", ME, Grounds.NONE));
        assertTrue(wins(me, "after", ME, Grounds.NONE));
    }

    private Optional<Boolean> lockFree(Outcome outcome) {
        return of("orders", outcome.seen().rows()).lockFree();
    }

    private boolean winsOnSessionEnd(Entered me, Grounds grounds) throws Exception {
        return me.session()
                .bid(termsOnSessionEnd(me), List.of(grounds.by(enrolment("orders", ME))))
                .won()
                .containsKey("orders");
    }

    private void onlyByStandingStill(Entered me) throws Exception {
        assertFalse(wins(me, "orders", ME, Grounds.NONE));
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }

    /** Has an election held by a session that has ended, and whose time is over; returns its id. */
    private int overAndFree(String election) throws Exception {
        Entered other = entered();
        elected(other, election, OTHER);
        kill(other.id());
        byHand().setRemaining(other.id(), OVER);
        return other.id();
    }
}
