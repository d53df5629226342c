package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.CandidateConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import dev.pgleader.testing.memory.Route;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which statements go out, in which order, and what becomes of leaderships when they fail. */
class ConductorTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int ROLLS_PER_MINUTE = 12;
    private static final Duration MOMENT = Duration.ofMillis(1);

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
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)));
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
                    return method.getName().equals("look") ? Map.of() : answer;
                });
    }

    @Test
    void aThousandNewElections_areWon_byOneStatementOfEachKind() {
        List<RecordedWork> works = standInAThousand(machine);

        machines.run(MOMENT);

        assertTrue(works.stream().allMatch(RecordedWork::leads));
        assertEquals(
                List.of(
                        Act.OPEN_SESSION,
                        Act.LOOK,
                        Act.REGISTER,
                        Act.LOOK,
                        Act.TRY_LOCK,
                        Act.TAKE,
                        Act.RELEASE,
                        Act.ROLL),
                machine.asked());
    }

    @Test
    void leaderOfAThousand_sendsOneHeartbeatPerInterval_answersTheRoll_andNothingElse() {
        List<RecordedWork> works = standInAThousand(machine);
        machines.run(MOMENT);
        machine.asked();

        machines.run(MINUTE);

        List<Act> asked = machine.asked();
        int beats = Machine.count(asked, Act.HEARTBEAT);
        assertTrue(beats >= 59 && beats <= 60, beats + " heartbeats");
        assertEquals(ROLLS_PER_MINUTE, Machine.count(asked, Act.ROLL));
        assertEquals(beats + ROLLS_PER_MINUTE, asked.size());
        assertTrue(works.stream().allMatch(work -> work.leads() && work.terms.size() == 1));
    }

    @Test
    void followerOfAThousand_looksOncePerRetryInterval_answersTheRoll_andNothingElse() {
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
        assertEquals(ROLLS_PER_MINUTE, Machine.count(asked, Act.ROLL));
        assertEquals(looks + ROLLS_PER_MINUTE, asked.size());
        follower.conductor.end();
    }

    @Test
    void announcement_isLookedAtAtOnce() {
        Machine other = machines.start();
        other.stand("orders");
        machines.run(MOMENT);
        machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.announced(List.of("orders", "somebody else's")));
        machines.run(MOMENT);

        assertEquals(List.of(Act.LOOK), machine.asked());
        other.conductor.end();
    }

    @Test
    void nobodyStanding_nothingIsAsked() {
        machines.run(MINUTE);

        assertEquals(List.of(), machine.asked());
    }

    @Test
    void candidateComesOrGoes_rollIsAnsweredAtOnce_inOneStatement() {
        machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        RecordedWork late = machine.stand("billing");
        machines.run(MOMENT);
        List<Act> whenItCame = machine.asked();
        machine.post(body -> body.close(late.contender()));
        machines.run(MOMENT);

        assertEquals(1, Machine.count(whenItCame, Act.ROLL));
        assertEquals(List.of(Act.VACATE, Act.RELEASE, Act.ROLL), machine.asked());
    }

    @Test
    void lastCandidateGoes_processLeavesTheRoll_andEnrollsAnewWithTheNext() {
        RecordedWork last = machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();

        machine.post(body -> body.close(last.contender()));
        machines.run(MINUTE);
        List<Act> whenItWent = machine.asked();
        machine.stand("billing");
        machines.run(MOMENT);

        assertEquals(List.of(Act.VACATE, Act.RELEASE, Act.ROLL), whenItWent);
        assertEquals(1, Machine.count(machine.asked(), Act.ROLL));
    }

    @Test
    void forgottenByTheDatabase_processEnrollsAnewWithTheNextRoll() {
        machine.stand("orders");
        machines.run(MOMENT);
        machines.database.primary().forgetRoll();
        machine.asked();

        machines.run(Duration.ofMillis(5_001));

        assertEquals(2, Machine.count(machine.asked(), Act.ROLL), "told that it is unknown, then enrolled");
    }

    @Test
    void sessionLost_processEnrollsAnewInTheNext() {
        machine.stand("orders");
        machines.run(MOMENT);
        machines.database.primary().forgetRoll();
        machine.asked();

        Problem cutOff = new Problem(Problem.Kind.UNREACHABLE, "cut off", "simulated");
        machine.post(body -> body.loseSession(new SessionException(cutOff)));
        machines.run(Duration.ofSeconds(4));

        assertEquals(1, Machine.count(machine.asked(), Act.ROLL));
    }

    // In which order

    @Test
    void resigned_rowIsVacatedAndCommitted_beforeTheLockIsGivenBack() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        machine.asked();
        List<Boolean> vacantAtRelease = new ArrayList<>();
        machine.suffer(act -> {
            if (act == Act.RELEASE) {
                vacantAtRelease.add(holder("orders").isEmpty());
            }
            return Fault.NONE;
        });

        machine.post(body -> body.happen(work.contender(), Event.resignAsked(Succession.Request.RESIGN)));
        machines.run(MOMENT);

        assertEquals(List.of(Act.VACATE, Act.RELEASE, Act.LOOK), machine.asked());
        assertEquals(List.of(true), vacantAtRelease);
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

        assertEquals(Set.of(Act.HEARTBEAT, Act.ROLL), Set.copyOf(machine.asked()));
        work.stop();
        machines.run(MOMENT);
        assertEquals(List.of(Act.VACATE, Act.RELEASE, Act.LOOK), machine.asked());
    }

    @Test
    void preferredCandidateThatArrives_isOnTheListBeforeItAsksForThePost() {
        RecordedWork work = machine.stand("orders");
        machines.run(MOMENT);
        Machine better = machines.start();

        better.standAs(CandidateConfig.at("better").withPriority(1).withPreemption(), "orders");
        machines.run(MOMENT);
        machine.post(body -> body.announced(List.of("orders")));
        machines.run(MOMENT);

        assertEquals(List.of(Act.OPEN_SESSION, Act.LOOK, Act.ROLL, Act.ASK_TO_RESIGN), better.asked());
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

        assertEquals(Act.HEARTBEAT, machine.asked().get(0));
        assertTrue(work.leads());
    }

    private List<RecordedWork> standInAThousand(Machine where) {
        return IntStream.range(0, 1000)
                .mapToObj(each -> where.stand("election " + each))
                .toList();
    }

    private Optional<Row.Backend> holder(String election) {
        return machines.database
                .primary()
                .row(election)
                .orElseThrow()
                .row()
                .holder()
                .map(Row.Holder::backend);
    }
}
