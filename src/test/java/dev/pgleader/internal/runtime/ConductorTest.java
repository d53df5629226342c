package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.CandidateConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Route;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which statements go out, in which order, and what becomes of leaderships when they fail. */
class ConductorTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int PRESENCES_PER_MINUTE = 12;
    private static final int CHECKS_PER_MINUTE = 2;
    private static final Duration MOMENT = Duration.ofMillis(1);

    /** So slow that a heartbeat becomes due while a statement runs. */
    private static final Fault SLOW = Fault.delay(Duration.ofMillis(650), Duration.ZERO);

    /** Gives up waiting for its work after as long as that may be late. */
    private static final Timings HURRIED =
            new Timings(Duration.ofSeconds(5), Duration.ofMillis(1500), MINUTE, Duration.ofMillis(1500), false);

    private final Machines machines = new Machines();
    private final Machine machine = machines.start();

    @AfterEach
    void nothingIsLeftOpen() {
        machine.conductor.end();
        assertEquals(List.of(), machines.database.leftOpen());
    }

    // How many statements

    @Test
    void rowThatStaysInvisible_isRegisteredOncePerRetryInterval_andTheTurnEnds() {
        Route seen = machine.route;
        Database blind = (Database) Proxy.newProxyInstance(
                Database.class.getClassLoader(), new Class<?>[] {Database.class}, (self, method, arguments) -> {
                    Object answer = method.invoke(seen, arguments);
                    return answer instanceof Session session ? blind(session) : answer;
                });
        Conductor conductor = new Conductor(
                blind,
                Guard.NONE,
                machine.ticker,
                new Random(1),
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)),
                Machine.TIMINGS);
        RecordedWork work = new RecordedWork(machine);
        work.contender = new Contender(
                "orders", CandidateConfig.at("here"), new UUID(1, 1), Machine.TIMINGS, work, machine.ticker.read());
        conductor.stand(work.contender());
        machine.asked();

        long end = machines.nanos() + MINUTE.toNanos();
        int turns = 0;
        while (machines.nanos() < end && turns < 1_000) {
            long due = Machines.nanosOf(conductor.turn());
            machines.elapse(Duration.ofNanos(Math.max(0, due - machines.nanos())));
            turns++;
        }

        int registered = Machine.count(machine.asked(), Act.REGISTER);
        assertTrue(turns < 1_000, "statements lead to statements without end");
        assertTrue(registered >= 20 && registered <= 40, registered + " times in a minute");
        conductor.end();
    }

    /** Its answers leave every row out, as row security may. */
    private static Session blind(Session session) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (self, method, arguments) -> {
                    Object answer = method.invoke(session, arguments);
                    return answer instanceof Session.Looked looked
                            ? new Session.Looked(Map.of(), looked.server(), looked.micros())
                            : answer;
                });
    }

    @Test
    void aThousandNewElections_areWon_byOneStatementOfEachKind_andFiveHundredABid() {
        List<RecordedWork> works = standInAThousand(machine);

        machines.run(MOMENT);

        assertTrue(works.stream().allMatch(RecordedWork::leads));
        assertEquals(
                List.of(
                        Act.OPEN_SESSION,
                        Act.ENTER,
                        Act.LOOK,
                        Act.REGISTER,
                        Act.LOOK,
                        Act.BID,
                        Act.BID,
                        Act.ANNOUNCE,
                        Act.LIST),
                machine.asked());
    }

    @Test
    void aThousandReadyToServe_areSaidToLead_fiveHundredAStatement_withTheHeartbeatInBetween() {
        List<RecordedWork> works = standInAThousand(machine);
        machines.run(Duration.ofMillis(400));
        machine.asked();

        machine.suffer(act -> act == Act.LEAD ? SLOW : Fault.NONE);
        works.forEach(work -> machine.post(body -> body.happen(work.contender(), Event.recovered(work.term()))));
        machines.run(Duration.ofSeconds(2));

        assertEquals(List.of(Act.LEAD, Act.RENEW, Act.LEAD), machine.asked().subList(0, 3));
        assertEquals(Set.of(Phase.LEADING), phasesOfAThousand());
    }

    @Test
    void aThousandResigned_areVacated_fiveHundredAStatement_withTheHeartbeatInBetween() {
        List<RecordedWork> works = standInAThousand(machine);
        machines.run(Duration.ofMillis(400));
        machine.asked();

        machine.suffer(act -> act == Act.VACATE ? SLOW : Fault.NONE);
        resign(works);
        machines.run(Duration.ofMillis(1500));

        assertEquals(List.of(Act.VACATE, Act.RENEW, Act.VACATE), machine.asked().subList(0, 3));
        assertEquals(Set.of(), phasesOfAThousand());
    }

    @Test
    void aThousandWhoseWorkDoesNotStop_areLetGo_fiveHundredAStatement_withTheHeartbeatInBetween() {
        List<RecordedWork> works = IntStream.range(0, 1000)
                .mapToObj(each -> machine.stand("election " + each, HURRIED))
                .toList();
        works.forEach(RecordedWork::doNotStop);
        machines.run(MOMENT);
        resign(works);
        machines.run(Duration.ofMillis(1200));
        machine.asked();

        machine.suffer(act -> act == Act.DETACH ? SLOW : Fault.NONE);
        machines.run(Duration.ofMillis(1500));

        assertEquals(List.of(Act.DETACH, Act.RENEW, Act.DETACH), machine.asked().subList(0, 3));
        assertEquals(Set.of(), phasesOfAThousand());
    }

    @Test
    void leaderOfAThousand_sendsOneHeartbeatPerInterval_seesThatTheListIsWhole_andNothingElse() {
        List<RecordedWork> works = standInAThousand(machine);
        machines.run(MOMENT);
        machine.asked();

        machines.run(MINUTE);

        List<Act> asked = machine.asked();
        int beats = Machine.count(asked, Act.RENEW);
        assertTrue(beats >= 59 && beats <= 60, beats + " heartbeats");
        assertEquals(CHECKS_PER_MINUTE, Machine.count(asked, Act.LIST));
        assertEquals(beats + CHECKS_PER_MINUTE, asked.size());
        assertTrue(works.stream().allMatch(work -> work.leads() && work.terms.size() == 1));
    }

    @Test
    void followerOfAThousand_looksOncePerRetryInterval_saysThatItIsThere_andNothingElse() {
        standInAThousand(machine);
        machines.run(MOMENT);
        Machine follower = machines.start();
        standInAThousand(follower);
        machines.run(Duration.ofSeconds(10));
        follower.asked();

        machines.run(MINUTE);

        List<Act> asked = follower.asked();
        int looks = Machine.count(asked, Act.LOOK);
        assertTrue(looks >= 25 && looks <= 38, looks + " looks");
        assertEquals(PRESENCES_PER_MINUTE, Machine.count(asked, Act.RENEW));
        assertEquals(CHECKS_PER_MINUTE, Machine.count(asked, Act.LIST));
        assertEquals(looks + PRESENCES_PER_MINUTE + CHECKS_PER_MINUTE, asked.size());
        follower.conductor.end();
    }

    @Test
    void vacancyAnnounced_isBidForAtOnce_andOtherNewsIsLookedAt() {
        Machine other = machines.start();
        other.stand("orders");
        machines.run(MOMENT);
        machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.announced(Map.of("orders", News.CHANGED, "somebody else's", News.CHANGED)));
        machines.run(MOMENT);
        assertEquals(List.of(Act.LOOK), machine.asked());

        machine.post(body -> body.announced(Map.of("orders", News.VACATED, "somebody else's", News.VACATED)));
        machines.run(MOMENT);

        assertEquals(List.of(Act.BID), machine.asked());
        other.conductor.end();
    }

    @Test
    void nobodyStanding_nothingIsAsked() {
        machines.run(MINUTE);

        assertEquals(List.of(), machine.asked());
    }

    @Test
    void candidateComesOrGoes_listSaysSoAtOnce_inOneStatement() {
        machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        RecordedWork late = machine.stand("billing");
        machines.run(MOMENT);
        List<Act> whenItCame = machine.asked();
        machine.post(body -> body.close(late.contender()));
        machines.run(MOMENT);

        assertEquals(1, Machine.count(whenItCame, Act.LIST));
        assertEquals(List.of(Act.VACATE, Act.LIST), machine.asked());
    }

    @Test
    void lastCandidateGoes_processLeaves_andBeginsAnotherSessionWithTheNext() {
        RecordedWork last = machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.close(last.contender()));
        machines.run(MINUTE);
        List<Act> whenItWent = machine.asked();
        machine.stand("billing");
        machines.run(MOMENT);

        assertEquals(List.of(Act.VACATE, Act.LEAVE), whenItWent);
        assertEquals(
                List.of(Act.CLOSE, Act.OPEN_SESSION, Act.ENTER), machine.asked().subList(0, 3));
    }

    @Test
    void listEmptiedByHand_isWrittenAnewWithTheNextCheck() {
        machine.stand("orders");
        machines.run(MOMENT);
        machines.database.primary().byHand().emptyList();
        machine.asked();

        machines.run(Duration.ofMillis(30_001));

        assertEquals(2, Machine.count(machine.asked(), Act.LIST), "found out that it is empty, then written");
        assertEquals(
                1, machines.database.primary().present("orders", Duration.ZERO).size());
    }

    @Test
    void sessionLost_candidatesAreListedAnewWithTheNext() {
        machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        Problem cutOff = new Problem(Problem.Kind.UNREACHABLE, "cut off", "simulated");
        machine.post(body -> body.loseSession(new SessionException(cutOff)));
        machines.run(Duration.ofSeconds(4));

        List<Act> asked = machine.asked();
        assertEquals(1, Machine.count(asked, Act.ENTER));
        assertEquals(1, Machine.count(asked, Act.LIST));
    }

    // In which order

    @Test
    void resigned_rowIsVacatedByOneStatement_andTheSessionGoesOn() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
        machines.run(MOMENT);

        assertEquals(List.of(Act.VACATE), machine.asked());
        assertTrue(holder("orders").isEmpty());
        assertEquals(1, machines.database.primary().sessions().size());
        assertEquals(List.of(Loss.RESIGNED), work.losses);
    }

    @Test
    void resigned_whileTheWorkGoesOn_heartbeatsGoOnAndNothingIsReleased() {
        RecordedWork work = machine.stand("orders");
        work.doNotStop();
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
        machines.run(Duration.ofSeconds(20));

        assertEquals(Set.of(Act.RENEW), Set.copyOf(machine.asked()));
        work.stop();
        machines.run(MOMENT);
        assertEquals(List.of(Act.VACATE), machine.asked());
    }

    @Test
    void preferredCandidateThatArrives_isOnTheListBeforeItAsksForThePost() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        Machine better = machines.start();

        better.standAs(CandidateConfig.at("better").withPriority(1).withPreemption(), "orders");
        machines.run(MOMENT);
        machine.post(body -> body.announced(Map.of("orders", News.CHANGED)));
        machines.run(MOMENT);

        assertEquals(List.of(Act.OPEN_SESSION, Act.ENTER, Act.LOOK, Act.LIST, Act.ASK_TO_RESIGN), better.asked());
        assertEquals(List.of(Loss.PREEMPTED), work.losses);
        better.conductor.end();
    }

    @Test
    void heartbeat_goesBeforeEverythingElse() {
        RecordedWork work = machine.stand("orders");
        RecordedWork resigning = machine.stand("billing");
        machines.run(Duration.ofMillis(999));
        machine.asked();

        machines.elapse(Duration.ofSeconds(1));
        machine.post(body -> {
            body.happen(resigning.contender(), Event.resignAsked(Succession.Request.RESIGN));
            body.lookAgain();
        });
        machine.stand("invoices");
        machines.run(MOMENT);

        assertEquals(Act.RENEW, machine.asked().get(0));
        assertTrue(work.leads());
    }

    private void resign(List<RecordedWork> works) {
        works.forEach(work ->
                machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN))));
    }

    private Set<Phase> phasesOfAThousand() {
        return IntStream.range(0, 1000)
                .mapToObj(each -> holder("election " + each))
                .flatMap(Optional::stream)
                .map(Row.Holder::phase)
                .collect(Collectors.toSet());
    }

    private List<RecordedWork> standInAThousand(Machine where) {
        return IntStream.range(0, 1000)
                .mapToObj(each -> where.stand("election " + each))
                .toList();
    }

    private Optional<Row.Holder> holder(String election) {
        return machines.database.primary().row(election).orElseThrow().row().holder();
    }
}
