package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import java.util.ArrayList;
import java.util.HashMap;
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
 * try at the same moment, in one election after the other. Without sessions nothing but the compare-and-set is in their way.
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
        expectOneWinnerEach(contend(this::session, Claim.Basis.VACANT));
    }

    @Test
    void fortyContenders_onAnExpiredElection_exactlyOneWins_twoHundredTimes() throws Exception {
        letADeadLeaderHaveThemAll();

        expectOneWinnerEach(contend(this::session, Claim.Basis.LEASE_OVER));
    }

    @Test
    void fortyContendersWithoutSessions_onAnEmptyElection_exactlyOneWins_twoHundredTimes() throws Exception {
        expectOneWinnerEach(contend(this::rowOnly, Claim.Basis.VACANT));
    }

    @Test
    void fortyContendersWithoutSessions_onAnExpiredElection_exactlyOneWins_twoHundredTimes() throws Exception {
        letADeadLeaderHaveThemAll();

        expectOneWinnerEach(contend(this::rowOnly, Claim.Basis.STOOD_STILL));
    }

    private void letADeadLeaderHaveThemAll() throws Exception {
        Session dead = session();
        dead.register(ELECTIONS);
        dead.take(dead.look(ELECTIONS).entrySet().stream()
                .map(each -> bid(dead, each.getKey(), OTHER, each.getValue().row()))
                .toList());
        dead.close();
        letLeasesRunOut();
    }

    private List<Account> contend(Callable<Session> opening, Claim.Basis basis) throws Exception {
        // Whoever fails is told of first, and ends the others' waiting.
        CompletionService<Account> running = new ExecutorCompletionService<>(threads);
        for (int i = 0; i < CONTENDERS; i++) {
            Session session = opening.call();
            running.submit(() -> contend(session, basis));
        }
        List<Account> accounts = new ArrayList<>();
        while (accounts.size() < CONTENDERS) {
            accounts.add(running.take().get());
        }
        return accounts;
    }

    private Account contend(Session session, Claim.Basis basis) throws Exception {
        UUID me = UUID.randomUUID();
        together.await();
        session.register(ELECTIONS);
        Map<String, Session.Found> seen = session.look(ELECTIONS);
        List<String> won = new ArrayList<>();
        for (String election : ELECTIONS) {
            Row row = of(election, seen).row();
            together.await();
            if (locks(session, election, row.lockId())) {
                won.addAll(session.take(List.of(bid(session, election, me, row, basis)))
                        .keySet());
            }
        }
        together.await();
        return new Account(me, Set.copyOf(won), leaders(session));
    }

    private Map<String, UUID> leaders(Session session) throws Exception {
        Map<String, UUID> leaders = new HashMap<>();
        session.look(ELECTIONS)
                .forEach((election, found) ->
                        found.row().holder().ifPresent(holder -> leaders.put(election, holder.candidate())));
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
        Sql sql = new Sql(new SchemaName(CONFIG.schema()));
        Wire wire = Wire.open(
                Connector.to(database.dataSource(), CONFIG), CONFIG.statementTimeout(), Guard.NONE, CONFIG.schema());
        wire.frameEach(OwnSettings.perTransaction(CONFIG));
        Session session = JdbcSession.rowOnly(wire, Facts.find(wire, sql).sessionless(), sql);
        opened.add(session);
        return session;
    }
}
