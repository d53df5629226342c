package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Faults.Outcome;
import dev.pgleader.testing.memory.InMemorySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When leases end and elections change hands, to the millisecond, and how often anybody asks meanwhile. */
class LeaseTimesTest {

    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** The lease and the pace of Chain Core: 1 s, renewed and looked at twice a second. */
    private static final Timings CHAINS = new Timings(
            Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMillis(500), Duration.ofSeconds(30), false);

    private static final Pace CHAINS_PACE =
            new Pace(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(1));

    private final Machines machines = new Machines();
    private final List<Machine> started = new ArrayList<>();

    @AfterEach
    void nothingIsLeftOpen() {
        started.forEach(machine -> machine.conductor.end());
        assertEquals(List.of(), machines.database.leftOpen());
    }

    private Machine start(Pace pace, Timings timings) {
        Machine machine = machines.start(pace, timings);
        started.add(machine);
        return machine;
    }

    private Machine start() {
        return start(new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)), Machine.TIMINGS);
    }

    private Row row(String election) {
        return machines.database.primary().row(election).orElseThrow().row();
    }

    /** The process is gone, and the server has noticed. */
    private void kill(Machine machine) {
        machine.suffer(act -> Fault.of(Outcome.LOST));
        machines.database.primary().kill(leadersSession());
    }

    private InMemorySession leadersSession() {
        int id = row("orders").holder().orElseThrow().sessionId();
        return machines.database.primary().sessionOf(id).orElseThrow();
    }

    private Duration untilLedBy(RecordedWork successor) {
        long begun = machines.nanos();
        while (!successor.leads()) {
            machines.run(MOMENT);
            assertTrue(machines.nanos() - begun < MINUTE.toNanos(), "nobody leads");
        }
        return Duration.ofNanos(machines.nanos() - begun);
    }

    // How long it takes

    /** juju's TestExpiration: a lease of 500 ms ends after 500 ms, give or take 50. */
    @Test
    void leaseOfHalfASecond_isTakenOver_thenAndNotBefore() {
        Timings half =
                new Timings(Duration.ofMillis(500), Duration.ofMillis(100), MINUTE, Duration.ofSeconds(30), false);
        Pace rarely = new Pace(Duration.ofMillis(200), MINUTE, Duration.ofSeconds(1));
        Machine doomed = start(rarely, half);
        RecordedWork dead = doomed.stand("orders");
        machines.run(MOMENT);
        RecordedWork successor = start(rarely, half).stand("orders");
        machines.run(Duration.ofSeconds(10));
        assertFalse(successor.leads());
        kill(doomed);
        Duration left = machines.database.primary().row("orders").orElseThrow().remaining();

        Duration vacant = untilLedBy(successor);

        assertTrue(vacant.compareTo(left) >= 0, vacant + " of " + left);
        assertTrue(vacant.compareTo(left.plusMillis(50)) <= 0, vacant + " of " + left);
        assertFalse(dead.leads());
    }

    /** Chain Core: half a second to a second and a half after the leader has died another leads. */
    @Test
    void leaderDies_atWhateverMoment_anotherLeadsAfterHalfASecondToASecondAndAHalf() {
        Machine current = start(CHAINS_PACE, CHAINS);
        RecordedWork leading = current.stand("orders");
        machines.run(MOMENT);
        for (int i = 0; i < 40; i++) {
            Machine next = start(CHAINS_PACE, CHAINS);
            RecordedWork following = next.stand("orders");
            machines.run(Duration.ofSeconds(5).plusMillis(25 * i + 1));
            assertTrue(leading.leads());
            kill(current);

            Duration vacant = untilLedBy(following);

            assertTrue(vacant.compareTo(Duration.ofMillis(500)) >= 0, vacant::toString);
            assertTrue(vacant.compareTo(Duration.ofMillis(1500)) <= 0, vacant::toString);
            current = next;
            leading = following;
        }
    }

    /** juju: released between the refusal and the subscription, so that nobody was told; here whoever waits looks as well. */
    @Test
    void releaseIsNotAnnounced_whoeverWaits_findsItByLooking() {
        Machine other = start();
        RecordedWork leading = other.stand("orders");
        machines.run(MOMENT);
        RecordedWork waiting = start().stand("orders");
        machines.run(Duration.ofSeconds(10));

        other.post(body -> body.close(leading.contender()));
        Duration vacant = untilLedBy(waiting);

        assertTrue(vacant.compareTo(Duration.ofMillis(2400).plus(MOMENT)) <= 0, vacant::toString);
    }

    /** Whoever bids in vain asks whether its own session is still there, long before that is extended again. */
    @Test
    void rowsOfAllSessionsAreGone_whoeverBids_soonHasAnother() {
        start(CHAINS_PACE, CHAINS).stand("orders");
        machines.run(MOMENT);
        Machine follower = start(CHAINS_PACE, CHAINS);
        RecordedWork waiting = follower.stand("orders");
        machines.run(MOMENT);
        do {
            machines.run(MOMENT);
        } while (!follower.asked().contains(Act.RENEW));
        kill(started.get(0));

        machines.database.primary().byHand().truncateSessions();
        Duration vacant = untilLedBy(waiting);

        assertTrue(vacant.compareTo(CHAINS.lease()) >= 0, vacant::toString);
        assertTrue(vacant.compareTo(Duration.ofMillis(2500)) <= 0, vacant::toString);
    }

    // How often somebody asks

    /** juju: whoever was refused was unblocked at once, and refused again. */
    @Test
    void vacantButNotToBeHad_isAskedForAtAMeasuredPace() throws Exception {
        Machine other = start();
        RecordedWork leading = other.stand("orders");
        machines.run(MOMENT);
        Machine machine = start();
        RecordedWork waiting = machine.stand("orders");
        machines.run(Duration.ofSeconds(10));
        other.post(body -> body.close(leading.contender()));
        do {
            other.turn();
        } while (other.conductor.isBusy());
        machines.database.primary().lockRow("orders");
        machine.asked();

        machines.run(MINUTE);

        assertTrue(row("orders").holder().isEmpty());
        assertFalse(waiting.leads());
        int asked = machine.asked().size();
        assertTrue(asked > 50 && asked <= 150, asked + " statements in a minute");
        machines.database.primary().unlockRow("orders");
        assertTrue(untilLedBy(waiting).compareTo(Duration.ofSeconds(5)) <= 0);
    }

    /** Chain Core's Address: one statement, and none of those for which it would have to be the leader. */
    @Test
    void address_isAskedFor_byOneLook() {
        Machine other = start();
        other.stand("orders");
        machines.run(MOMENT);
        Machine machine = start();
        machine.stand("orders");
        machines.run(Duration.ofSeconds(4));
        machine.asked();
        Inquiry inquiry = new Inquiry("orders");

        machine.post(body -> body.inquire(inquiry));
        machine.turn();

        assertEquals(List.of(Act.LOOK), machine.asked());
        assertEquals("machine 0", inquiry.await(Duration.ZERO).address("orders", machine.ticker.read()));
    }

    // What is not to be left behind

    /** A lock whose granting no process has heard of is a lock all the same, and would be held for ever. */
    @Test
    void answerToAnEntryIsLost_sessionIsGivenUp_andTheLockWithIt() {
        Machine machine = start();
        machine.suffer(act -> act == Act.ENTER ? Fault.of(Outcome.ANSWER_LOST) : Fault.NONE);
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        assertFalse(work.leads());
        assertEquals(List.of(), machines.database.primary().sessions());

        machine.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(2));

        assertTrue(work.leads());
        assertEquals(1, work.terms.size());
    }

    /** etcd: told to lead, long after the lease that this rests on has ended. */
    @Test
    void takingIsAnswered_whenItsTrustIsOver_nobodyLeadsByIt() {
        Machine machine = start();
        machine.suffer(act -> act == Act.BID ? Fault.delay(Duration.ZERO, Duration.ofMillis(3465)) : Fault.NONE);
        RecordedWork work = machine.stand("orders");

        machines.run(Duration.ofMillis(3500));

        assertEquals(List.of(), work.terms);
        machine.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(10));
        assertTrue(work.leads());
    }

    // Many leases at once

    /** etcd: leases are lost by the thousand when the disk stalls for less than they last. */
    @Test
    void databaseStalls_forLessThanAStatementMayTake_noLeadershipIsLost() {
        Machine machine = start();
        List<RecordedWork> works = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            works.add(machine.stand("orders " + i));
        }
        machines.run(Duration.ofSeconds(10));
        machine.suffer(act -> Fault.delay(Duration.ofMillis(990), Duration.ZERO));

        machines.run(MINUTE);

        assertTrue(works.stream().allMatch(RecordedWork::leads));
        assertTrue(works.stream().allMatch(work -> work.losses.isEmpty() && work.terms.size() == 1));
        machine.suffer(act -> Fault.NONE);
    }

    @Test
    void databaseStalls_forLongerThanTheLease_allLeadershipsEnd_andComeBackWithOneTakingEach() {
        Machine machine = start();
        List<RecordedWork> works = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            works.add(machine.stand("orders " + i));
        }
        machines.run(Duration.ofSeconds(10));
        machine.suffer(act -> Fault.of(Outcome.LOST));
        machines.run(Duration.ofSeconds(10));
        assertTrue(works.stream().noneMatch(RecordedWork::leads));

        machine.suffer(act -> Fault.NONE);
        machines.run(Duration.ofSeconds(10));

        assertTrue(works.stream().allMatch(work -> work.leads() && work.terms.size() == 2));
    }

    /** juju: the worker that let leases end ran where the holder was, and ended with it. */
    @Test
    void everybodyWhoWasThereIsGone_whoeverComesLater_takesOver() {
        Machine first = start();
        Machine second = start();
        first.stand("orders");
        machines.run(MOMENT);
        second.stand("orders");
        machines.run(Duration.ofSeconds(5));
        kill(first);
        second.conductor.end();
        second.suffer(act -> Fault.of(Outcome.LOST));
        machines.run(Duration.ofHours(1));

        RecordedWork latecomer = start().stand("orders");
        machines.run(MOMENT);

        assertTrue(latecomer.leads());
    }

    /** Nothing is taken from those who resign and come back, by the same process or another, without a term of its own. */
    @Test
    void resignedAgainAndAgain_everyTakingHasATermOfItsOwn() {
        Machine machine = start();
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);

        for (int i = 0; i < 5; i++) {
            machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
            machines.run(Duration.ofSeconds(5));
        }

        assertEquals(6, work.terms.size());
        assertEquals(work.terms.stream().sorted().distinct().toList(), work.terms);
    }
}
