package dev.pgleader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cases of the leader of Chain Core, which was a row in PostgreSQL as well. */
@PostgresTest
class LeaderCasesTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static Elections connect(TestDatabase database) {
        return Elections.connect(database.dataSource(), Settings.calm().build());
    }

    /** Chain Core's TestFailover. */
    @Test
    void firstIsElected_secondFollows_andLeadsWhenTheFirstIsClosed(TestDatabase database) throws Exception {
        RecordedWork ofFirst = RecordedWork.returning();
        RecordedWork ofSecond = RecordedWork.returning();
        Leader first = Leader.run(database.dataSource(), ":1999", ofFirst);
        try {
            ofFirst.next();
            Eventually.isIn(ProcessState.LEADING, first);
            assertEquals(":1999", first.address());
            try (Leader second = Leader.run(database.dataSource(), ":2000", ofSecond)) {
                assertEquals(":1999", second.address());
                assertEquals(ProcessState.FOLLOWING, second.state());

                first.close();

                ofSecond.next();
                Eventually.isIn(ProcessState.LEADING, second);
                assertEquals(":2000", second.address());
                assertEquals(ProcessState.FOLLOWING, first.state());
                assertEquals(1, ofFirst.calls());
            }
        } finally {
            first.close();
        }
    }

    // Elected

    @Test
    void firstAttempt_isMadeAtOnce_howeverRarelyOthersFollow(TestDatabase database) {
        RecordedWork work = RecordedWork.returning();
        ElectionConfig rare =
                Settings.slow().retryInterval(Duration.ofMinutes(1)).build();
        try (Elections elections = Elections.connect(database.dataSource(), rare)) {
            elections.run("orders", "a:1", work);

            assertTimeout(SOON, work::next);
        }
    }

    /** In Chain Core, two processes of one address lead together for ever. */
    @Test
    void twoProcessesOfOneAddress_areTwoCandidates_andOnlyOneLeads(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        RecordedWork none = RecordedWork.staying();
        ElectionConfig config =
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build();
        try (Elections first = Elections.connect(database.dataSource(), config);
                Elections second = Elections.connect(database.dataSource(), config)) {
            Leader leader = first.run("orders", "a:1", work);
            Leadership leadership = work.next();

            Leader follower = second.run("orders", "a:1", none);

            Eventually.holds("has seen the leader", () -> follower.current().isPresent());
            ElectionRow row = new ElectionRow(database, "orders");
            long beat = row.beat();
            Eventually.holds("heartbeats go on", () -> row.beat() > beat + 3);
            assertEquals(ProcessState.FOLLOWING, follower.state());
            assertEquals(leader.candidate(), follower.current().orElseThrow().candidate());
            assertNotEquals(leader.candidate(), follower.candidate());
            assertTrue(leadership.isHeld());
            assertEquals(0, none.calls());
        }
    }

    /** In Chain Core as well, though its comment promises more: whoever comes back waits for its former lease to end. */
    @Test
    void leaderDies_startedAnewUnderItsAddress_waitsForTheLease_andHasAnotherTerm(TestDatabase database)
            throws Exception {
        RecordedWork dying = RecordedWork.staying();
        RecordedWork again = RecordedWork.staying();
        ElectionConfig config = Settings.quick().build();
        try (CapturedLog log = CapturedLog.start();
                Network network = Network.to(database);
                Elections dead = Elections.connect(network.dataSource(), config)) {
            Leader former = dead.run("orders", "a:1", dying);
            Leadership old = dying.next();
            database.execute(LeaseAudit.INSTALL);
            network.proxy().cut();

            try (Elections anew = Elections.connect(database.dataSource(), config)) {
                Leader restarted = anew.run("orders", "a:1", again);

                assertTrue(again.next().term() > old.term(), log::text);
                assertEquals(0, LeaseAudit.takenEarly(database), log::text);
                assertNotEquals(former.candidate(), restarted.candidate());
                assertFalse(old.isHeld());
            }
        }
    }

    /** In Chain Core, whoever takes longer than the lease to restore its state was deposed meanwhile. */
    @Test
    void recoveryTakesLongerThanTheLease_leadershipIsKept_andServesOnlyAfterIt(TestDatabase database) throws Exception {
        CountDownLatch recovered = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> recovered.await());
        RecordedWork other = RecordedWork.staying();
        ElectionConfig config =
                Settings.quick().leaseDuration(Duration.ofSeconds(2)).build();
        try (CapturedLog log = CapturedLog.start();
                Elections elections = Elections.connect(database.dataSource(), config);
                Elections waiting = Elections.connect(database.dataSource(), config)) {
            Leader leader = elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            Leader follower = waiting.run("orders", "b:2", other);
            OffsetDateTime end = database.queryOne(
                    OffsetDateTime.class,
                    "select s.expires_at from pgleader.session as s join pgleader.election as e on e.session_id = s.id");

            Eventually.holds(
                    "the first lease is over",
                    () -> database.queryOne(Boolean.class, "select clock_timestamp() > ?", end));

            assertTrue(leadership.isHeld(), log::text);
            assertEquals(ProcessState.RECOVERING, leader.state());
            assertEquals(
                    ProcessState.RECOVERING,
                    follower.current().map(LeaderInfo::phase).orElseThrow());
            recovered.countDown();
            Eventually.isIn(ProcessState.LEADING, leader);
            assertEquals(0, other.calls());
        }
    }

    // Asked

    /** Chain Core's test of its info: a follower passes the question on, and gives the leader's answer. */
    @Test
    void followerIsAsked_answerIsTheLeaders_andThereIsNoneWhileNobodyLeads(TestDatabase database) throws Exception {
        RecordedWork work = RecordedWork.staying();
        try (Elections first = connect(database);
                Elections second = connect(database);
                Service leading = new Service();
                Service following = new Service()) {
            leading.candidacy.complete(first.run("orders", CandidateConfig.at(leading.address()), work));
            following.candidacy.complete(
                    second.run("orders", CandidateConfig.at(following.address()).withoutLeading(), work));
            work.next();

            assertEquals("200 answer of " + leading.address(), ask(leading));
            assertEquals("200 answer of " + leading.address(), ask(following));

            leading.candidacy.join().close();
            assertTrue(ask(following).startsWith("503 "), () -> ask(following));
        }
    }

    /** In Chain Core, questions broke down until there had been a leader; and whoever recovers answers for itself. */
    @Test
    void anybodyIsAsked_beforeTheFirstLeader_thereIsNone_andARecoveringOneAnswersItself(TestDatabase database)
            throws Exception {
        CountDownLatch recovered = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> recovered.await());
        try (Elections first = connect(database);
                Elections second = connect(database);
                Service following = new Service();
                Service recovering = new Service()) {
            Leader follower =
                    first.run("orders", CandidateConfig.at(following.address()).withoutLeading(), work);
            following.candidacy.complete(follower);
            Eventually.holds(
                    "it is registered",
                    () -> database.queryOne(Long.class, "select count(*) from pgleader.election") == 1);
            String before = ask(following);

            recovering.candidacy.complete(second.run("orders", recovering.address(), work));
            work.next();

            assertTrue(before.startsWith("503 "), before);
            assertEquals("200 answer of " + recovering.address(), ask(recovering));
            assertEquals("200 answer of " + recovering.address(), ask(following));
            assertEquals(ProcessState.RECOVERING, recovering.candidacy.join().state());
            recovered.countDown();
        }
    }

    /** In Chain Core, a process that did not lead passed questions on to the address of the leader, which was its own. */
    @Test
    void whoeverLeadsNoMore_isStillNamedByTheRow_andDoesNotPassQuestionsOnToItself(TestDatabase database)
            throws Exception {
        CountDownLatch mayStop = new CountDownLatch(1);
        RecordedWork work = RecordedWork.of(leadership -> {
            leadership.recovered();
            leadership.onLoss(reason -> awaitQuietly(mayStop));
            leadership.awaitLoss();
        });
        try (Elections elections = connect(database);
                Service service = new Service()) {
            Leader leader = elections.run("orders", service.address(), work);
            service.candidacy.complete(leader);
            work.next();
            CompletableFuture<Boolean> resigning = CompletableFuture.supplyAsync(leader::resign);
            Eventually.isIn(ProcessState.FOLLOWING, leader);

            String answer = ask(service);

            assertEquals(service.address(), leader.address());
            assertEquals("503 nobody leads just now", answer);
            assertEquals(1, service.asked.get(), "by the test, and not by itself");
            mayStop.countDown();
            assertTrue(resigning.get(60, TimeUnit.SECONDS));
        }
    }

    private static void awaitQuietly(CountDownLatch signal) {
        try {
            Eventually.comes(signal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String ask(Service service) {
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://" + service.address() + "/info"))
                                    .timeout(SOON)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers if it leads, passes the question on if another does, and otherwise says that it cannot. */
    private static final class Service implements AutoCloseable {

        private final HttpServer server;
        private final CompletableFuture<Leader> candidacy = new CompletableFuture<>();
        private final AtomicInteger asked = new AtomicInteger();

        Service() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/info", this::answer);
            server.start();
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        private void answer(HttpExchange exchange) throws IOException {
            asked.incrementAndGet();
            String reply = reply();
            byte[] body = reply.substring(4).getBytes(UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(Integer.parseInt(reply.substring(0, 3)), body.length);
                exchange.getResponseBody().write(body);
            }
        }

        private String reply() {
            Leader leader = candidacy.join();
            if (leader.state() != ProcessState.FOLLOWING) {
                return "200 answer of " + address();
            }
            try {
                String other = leader.address();
                if (other.equals(address())) {
                    return "503 nobody leads just now";
                }
                HttpResponse<String> response = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://" + other + "/info"))
                                        .timeout(SOON)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                return response.statusCode() + " " + response.body();
            } catch (NoLeaderException | LeaderUnknownException none) {
                return "503 " + none.getMessage();
            } catch (IOException | InterruptedException e) {
                return "503 the leader does not answer";
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** Chain Core's String, of each state and of one that there is not. */
    @Test
    void states_areTheirNamesInLowerCase_andThereAreNoOthers() {
        assertEquals(
                List.of("following", "recovering", "leading"),
                Arrays.stream(ProcessState.values()).map(ProcessState::toString).toList());
        assertThrows(IllegalArgumentException.class, () -> ProcessState.valueOf("4"));
    }
}
