package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Version;
import dev.pgleader.internal.runtime.SessionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Forty candidates, each with a session of its own, that have all seen the same row and all have the right to take it: they
 * try at the same moment, in one election after the other. Each holds its own session's lock, and nothing but the comparison
 * with what was seen is in their way.
 */
class ContendersAtOnceTest extends PostgresFixture {

    private static final int CONTENDERS = 40;
    private static final int ROUNDS = 200;
    private static final List<String> ELECTIONS =
            IntStream.range(0, ROUNDS).mapToObj(round -> "round " + round).toList();

    private final ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);
    private final CyclicBarrier together = new CyclicBarrier(CONTENDERS);

    /** What one of them has found out: which elections it has won, and who it says has won each. */
    private record Account(UUID candidate, Set<String> won, Map<String, UUID> leaders) {}

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void fortyContenders_onAnEmptyElection_exactlyOneWins_twoHundredTimes() throws Exception {
        expectOneWinnerEach(contend(this::session));
    }

    @Test
    void fortyContenders_onAnExpiredElection_exactlyOneWins_twoHundredTimes() throws Exception {
        letADeadLeaderHaveThemAll();

        expectOneWinnerEach(contend(this::session));
    }

    @Test
    void fortyContendersWithoutSessions_onAnEmptyElection_exactlyOneWins_twoHundredTimes() throws Exception {
        expectOneWinnerEach(contend(this::rowOnly));
    }

    @Test
    void fortyContendersWithoutSessions_onAnExpiredElection_exactlyOneWins_twoHundredTimes() throws Exception {
        letADeadLeaderHaveThemAll();

        expectOneWinnerEach(contend(this::rowOnly));
    }

    private void letADeadLeaderHaveThemAll() throws Exception {
        Entered dead = entered();
        dead.session().register(ELECTIONS, LEASE);
        dead.session()
                .bid(
                        terms(dead),
                        ELECTIONS.stream()
                                .map(election -> Grounds.NONE.by(enrolment(election, OTHER)))
                                .toList());
        kill(dead.id());
        byHand().setRemaining(dead.id(), Duration.ofMillis(-1));
    }

    private List<Account> contend(Callable<Session> opening) throws Exception {
        // A contender that fails is told of first, and ends the others' waiting.
        CompletionService<Account> running = new ExecutorCompletionService<>(threads);
        for (int i = 0; i < CONTENDERS; i++) {
            Session session = opening.call();
            running.submit(() -> contend(session));
        }
        List<Account> accounts = new ArrayList<>();
        while (accounts.size() < CONTENDERS) {
            accounts.add(running.take().get());
        }
        return accounts;
    }

    private Account contend(Session session) throws Exception {
        UUID candidate = UUID.randomUUID();
        Entered me = entered(session);
        together.await();
        registerAll(session);
        Session.Looked seen = session.look(ELECTIONS);
        Set<String> won = new HashSet<>();
        for (String election : ELECTIONS) {
            Grounds stoodStill =
                    Grounds.NONE.still(new Version(of(election, seen.rows()).row(), seen.server()));
            together.await();
            won.addAll(bid(me, election, candidate, stoodStill).won().keySet());
        }
        together.await();
        return new Account(candidate, won, leaders(session));
    }

    /** Others that register the same at the same moment may be in the way for a while. */
    private static void registerAll(Session session) throws SessionException {
        boolean registered = false;
        while (!registered) {
            try {
                session.register(ELECTIONS, LEASE);
                registered = session.look(ELECTIONS).rows().size() == ROUNDS;
            } catch (BusyException inTheWay) {
                registered = false;
            }
        }
    }

    private Map<String, UUID> leaders(Session session) throws Exception {
        Map<String, UUID> leaders = new HashMap<>();
        session.look(ELECTIONS).rows().forEach((election, found) -> found.row()
                .holder()
                .ifPresent(holder -> leaders.put(election, holder.candidate())));
        return leaders;
    }

    private static void expectOneWinnerEach(List<Account> accounts) {
        for (String election : ELECTIONS) {
            List<UUID> winners = accounts.stream()
                    .filter(each -> each.won().contains(election))
                    .map(Account::candidate)
                    .toList();
            Set<UUID> named = accounts.stream()
                    .map(each -> each.leaders().getOrDefault(election, new UUID(0, 0)))
                    .collect(Collectors.toSet());

            assertEquals(1, winners.size(), () -> election + " was won by " + winners);
            assertEquals(Set.copyOf(winners), named, election);
        }
    }

    @Override
    Session openedFrom(DataSource dataSource) throws SessionException {
        Session session = new PostgresDatabase(dataSource, CONFIG).openSession(Guard.NONE);
        opened.add(session);
        return session;
    }

    private Session rowOnly() throws SessionException {
        Session session = rowOnly(Connector.to(database.dataSource(), CONFIG), CONFIG);
        opened.add(session);
        return session;
    }
}
