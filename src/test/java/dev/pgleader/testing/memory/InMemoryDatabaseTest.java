package dev.pgleader.testing.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the simulated database can do that no contract asks of a session. */
class InMemoryDatabaseTest {

    private static final UUID ME = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final Duration LEASE = Duration.ofSeconds(5);

    private Server seenOn = new Server(0, 0, 0);
    private long nanos;
    private final InMemoryDatabase database = new InMemoryDatabase(() -> nanos);
    private final List<Runnable> postponed = new ArrayList<>();
    private final Map<Act, Fault> faults = new EnumMap<>(Act.class);
    private final Route route = database.reachedBy(new Faults() {
        @Override
        public Fault strike(Act act) {
            return faults.getOrDefault(act, Fault.NONE);
        }

        @Override
        public void elapse(Duration length) {
            nanos += length.toNanos();
        }

        @Override
        public void postpone(Runnable effect) {
            postponed.add(effect);
        }
    });

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
    void leaseReachingItsEnd_isOverExactlyThen() throws Exception {
        Session session = open();
        Row row = elected(session, ME);

        nanos = LEASE.toNanos() - 1_000;
        assertTrue(beat(session, row.term()) instanceof Renewal.Renewed);
        nanos += LEASE.toNanos();

        assertEquals(new Renewal.Refused(), beat(session, row.term()));
        assertEquals(Duration.ZERO, look(session).remaining());
        Bid bid = bid(OTHER, look(session).row(), Claim.Basis.LEASE_OVER);
        assertEquals(Set.of("orders"), session.take(List.of(bid)).keySet());
    }

    // Faults

    @Test
    void lostStatement_hasNoEffect() throws Exception {
        Session session = open();
        faults.put(Act.REGISTER, Fault.of(Outcome.LOST));

        assertThrows(SessionException.class, () -> session.register(List.of("orders")));

        assertTrue(database.primary().row("orders").isEmpty());
    }

    @Test
    void lostAnswer_followsAnEffect() throws Exception {
        Session session = open();
        faults.put(Act.REGISTER, Fault.of(Outcome.ANSWER_LOST));

        assertThrows(SessionException.class, () -> session.register(List.of("orders")));

        assertTrue(database.primary().row("orders").isPresent());
        assertThrows(IllegalStateException.class, () -> session.look(List.of("orders")), "it was used again");
    }

    @Test
    void delay_passes_onTheCallersClock() throws Exception {
        Session session = open();
        faults.put(Act.LOOK, Fault.delay(Duration.ofMillis(300), Duration.ofMillis(400)));

        session.look(List.of("orders"));

        assertEquals(Duration.ofMillis(700).toNanos(), nanos);
    }

    @Test
    void notice_canBeLost() throws Exception {
        try (Listener listener = route.openListener(Guard.NONE)) {
            faults.put(Act.NOTICE, Fault.of(Outcome.LOST));

            open().release(List.of(), List.of("orders"));

            assertEquals(Set.of(), listener.await(Duration.ofSeconds(1)));
        }
    }

    // Sessions and locks

    @Test
    void silentSession_isEndedByTheServer_onlyWhileItHoldsALock() throws Exception {
        Session quiet = open();
        Session holder = open();
        int lockId = elected(holder, ME).lockId();
        holder.tryLock(Map.of("orders", lockId));

        nanos += Duration.ofMinutes(1).toNanos();

        quiet.look(List.of("orders"));
        assertTrue(database.primary().lockHolder(lockId).isEmpty());
        assertThrows(SessionException.class, () -> holder.look(List.of("orders")));
    }

    @Test
    void endOfASession_isHeardByItsClient_unlessTheWordIsLost() throws Exception {
        InMemorySession told = (InMemorySession) open();
        InMemorySession untold = (InMemorySession) open();

        database.primary().kill(told.backend());
        faults.put(Act.END, Fault.of(Outcome.LOST));
        database.primary().kill(untold.backend());

        assertThrows(SessionException.class, told::requireAlive);
        untold.requireAlive();
        assertThrows(SessionException.class, () -> untold.look(List.of()));
    }

    @Test
    void lateStatement_takesEffectAfterItsFailure_whileTheSessionLives() throws Exception {
        Session session = open();
        faults.put(Act.REGISTER, Fault.of(Outcome.LATE));

        assertThrows(SessionException.class, () -> session.register(List.of("orders")));
        assertTrue(database.primary().row("orders").isEmpty());
        postponed.forEach(Runnable::run);

        assertTrue(database.primary().row("orders").isPresent());
    }

    @Test
    void fencedTransaction_keepsOthersFromTaking_untilItEnds() throws Exception {
        Session session = open();
        Row row = elected(session, ME);
        FencedTransaction fenced =
                database.primary().fence("orders", row.term()).orElseThrow();
        nanos += LEASE.toNanos();

        Bid bid = bid(OTHER, look(session).row(), Claim.Basis.LEASE_OVER);
        assertEquals(Map.of(), session.take(List.of(bid)));
        fenced.commit();

        assertEquals(Set.of("orders"), session.take(List.of(bid)).keySet());
        assertTrue(database.primary().fence("orders", row.term()).isEmpty());
    }

    @Test
    void closeThatNeverArrives_leavesTheLockBehind() throws Exception {
        Session gone = open();
        int lockId = elected(gone, ME).lockId();
        gone.tryLock(Map.of("orders", lockId));
        faults.put(Act.CLOSE, Fault.of(Outcome.LOST));

        gone.close();

        assertTrue(database.primary().lockHolder(lockId).isPresent());
        assertEquals(List.of(), database.leftOpen(), "the process itself has closed it");
    }

    @Test
    void whatIsLeftOpen_isNamed() throws Exception {
        Session forgotten = open();
        int lockId = elected(forgotten, ME).lockId();
        forgotten.tryLock(Map.of("orders", lockId));
        Listener listener = route.openListener(Guard.NONE);

        assertEquals(3, database.leftOpen().size(), database.leftOpen()::toString);

        forgotten.close();
        listener.close();
        assertEquals(List.of(), database.leftOpen());
    }

    // Restart and promotion

    @Test
    void restart_endsSessionsAndListeners_andKeepsTheRows() throws Exception {
        Session session = open();
        Listener listener = route.openListener(Guard.NONE);
        Row row = elected(session, ME);

        database.primary().restart();

        assertThrows(SessionException.class, () -> session.look(List.of("orders")));
        assertThrows(SessionException.class, () -> listener.await(Duration.ZERO));
        Session after = open();
        assertNotEquals(session.server(), after.server());
        assertEquals(session.server().timeline(), after.server().timeline());
        assertEquals(row, look(after).row());
    }

    @Test
    void stoppedServer_isNotReached() {
        database.primary().stop();

        assertThrows(SessionException.class, this::open);
    }

    @Test
    void promotion_losesTheLastCommits_andNeverIssuesATermAgain() throws Exception {
        InMemoryServer old = database.primary();
        Session left = open();
        Row lost = elected(left, ME);
        int lockId = lost.lockId();
        left.tryLock(Map.of("orders", lockId));

        InMemoryServer promoted = database.promoteStandby(1, new DatabaseClock(() -> nanos));

        Session right = open();
        assertEquals(0, look(right).row().term());
        assertEquals(old.identity().timeline() + 1, promoted.identity().timeline());
        assertEquals(Set.of("orders"), right.tryLock(Map.of("orders", lockId)), "locks do not travel");
        assertTrue(elected(right, OTHER).term() > lost.term());
        assertTrue(beat(left, lost.term()) instanceof Renewal.Renewed, "the old primary lives on");
    }

    @Test
    void processStuckToTheOldPrimary_reachesItAgain() throws Exception {
        InMemoryServer old = database.primary();
        database.promoteStandby(0, new DatabaseClock(() -> nanos));
        Route stuck = database.reachedBy(Faults.NONE);

        stuck.stickTo(old);

        assertEquals(old.identity(), stuck.openSession(Guard.NONE).server());
        assertFalse(open().server().equals(old.identity()));
    }

    private Session open() throws SessionException {
        return route.openSession(Guard.NONE);
    }

    private Found look(Session session) throws Exception {
        seenOn = session.server();
        return Objects.requireNonNull(session.look(List.of("orders")).get("orders"));
    }

    private Row elected(Session session, UUID candidate) throws Exception {
        session.register(List.of("orders"));
        Bid bid = bid(candidate, look(session).row(), Claim.Basis.STOOD_STILL);
        return Objects.requireNonNull(session.take(List.of(bid)).get("orders")).row();
    }

    private Bid bid(UUID candidate, Row row, Claim.Basis basis) {
        Enrolment who = new Enrolment("orders", candidate, "here", 0, false, "");
        return new Bid(who, LEASE, Duration.ZERO, 1000, new Claim(basis, row), seenOn);
    }

    private static Renewal beat(Session session, long term) throws Exception {
        List<Beat> beats = List.of(new Beat("orders", ME, term, Phase.LEADING));
        return Objects.requireNonNull(session.heartbeat(beats).get("orders"));
    }
}
