package dev.pgleader.pooler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Diagnosis;
import dev.pgleader.ElectionConfig;
import dev.pgleader.ElectionObserver;
import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.LossReason;
import dev.pgleader.Takeover;
import dev.pgleader.testing.PgBouncer;
import dev.pgleader.testing.PgBouncer.Pooling;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elections through PgBouncer in each of its modes, alone and beside processes that connect past it. */
@Tag("faults")
@PostgresTest
class PgBouncerTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void transactionPooling_isSeenThrough_andElectionsRunRowOnly(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.TRANSACTION)) {
            Diagnosis diagnosis = diagnose(pooler.dataSource(database));

            assertEquals(Diagnosis.Mode.ROW_ONLY, diagnosis.mode(), diagnosis::toString);
            assertTrue(diagnosis.toString().contains("single transactions"), diagnosis::toString);
        }
    }

    @Test
    void sessionPooling_isSeenThrough_andElectionsHaveSessions(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.SESSION)) {
            Diagnosis diagnosis = diagnose(pooler.dataSource(database));

            assertEquals(Diagnosis.Mode.SESSIONS, diagnosis.mode(), diagnosis::toString);
            assertTrue(diagnosis.toString().contains("whole sessions"), diagnosis::toString);
        }
    }

    @Test
    void statementPooling_isRefused_inWordsThatHelp(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.STATEMENT)) {
            Diagnosis diagnosis = diagnose(pooler.dataSource(database));

            assertEquals(Diagnosis.Mode.REFUSED, diagnosis.mode(), diagnosis::toString);
            assertTrue(diagnosis.toString().contains("session or transaction mode"), diagnosis::toString);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Pooling.class,
            names = {"SESSION", "TRANSACTION"})
    void twoProcesses_oneLeads_andTheOtherFollowsWhenItCloses(Pooling pooling, TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), pooling);
                Candidate one = Candidate.stands(pooler.dataSource(database));
                Candidate other = Candidate.stands(pooler.dataSource(database))) {
            Candidate first = eitherOf(one, other);
            Candidate second = first == one ? other : one;
            Leadership lost = first.next();
            assertTrue(lost.isHeld());
            assertFalse(second.leads());

            first.leave();

            Leadership gained = second.next();
            assertEquals(LossReason.CLOSED, lost.awaitLoss());
            assertTrue(gained.term() > lost.term());
            assertEquals(second.address(), second.leader().address());
        }
    }

    @Test
    void mixedProcesses_neverLeadTogether_andHandOverBothWays(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.TRANSACTION);
                Candidate pooled = Candidate.stands(pooler.dataSource(database))) {
            Leadership first = pooled.next();
            try (Candidate direct = Candidate.stands(database.dataSource(), Takeover.ON_SESSION_END)) {
                Waiting.until(BOUND, direct::knowsALeader, () -> "the direct one sees nobody lead");
                assertFalse(direct.leads());

                Leadership second = handedOver(pooled, direct);
                assertTrue(second.term() > first.term());
                assertFalse(pooled.leads());

                Leadership third = handedOver(direct, pooled);
                assertTrue(third.term() > second.term());
                assertFalse(direct.leads());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Pooling.class,
            names = {"SESSION", "TRANSACTION"})
    void poolerThatCrashes_deposesItsLeader_whichLeadsAgainUnderANewTerm(Pooling pooling, TestDatabase database)
            throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), pooling);
                Candidate candidate = Candidate.stands(pooler.dataSource(database))) {
            Leadership lost = candidate.next();

            pooler.crash();

            assertEquals(LossReason.SESSION_LOST, lost.awaitLoss());
            assertTrue(candidate.next().term() > lost.term());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Pooling.class,
            names = {"SESSION", "TRANSACTION"})
    void observer_seesWhoLeads_throughThePooler_andAgainWhenItHasCrashed(Pooling pooling, TestDatabase database)
            throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), pooling);
                Elections watching = connect(pooler.dataSource(database), Takeover.AFTER_LEASE);
                Candidate first = Candidate.stands(database.dataSource())) {
            ElectionObserver observer = watching.observe("orders");
            awaitSightOf(first, observer);

            pooler.crash();
            first.leave();

            try (Candidate second = Candidate.stands(database.dataSource())) {
                awaitSightOf(second, observer);
            }
        }
    }

    private static void awaitSightOf(Candidate leader, ElectionObserver observer) {
        Waiting.until(
                BOUND,
                () -> observer.state()
                        .leader()
                        .filter(seen -> seen.address().equals(leader.address()))
                        .isPresent(),
                () -> "instead of " + leader.address() + ": " + observer);
    }

    @Test
    void fence_throughThePooler_keepsADeposedLeaderOut(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.TRANSACTION);
                Candidate candidate = Candidate.stands(pooler.dataSource(database));
                Connection connection = pooler.dataSource(database).getConnection()) {
            connection.setAutoCommit(false);
            Leadership leadership = candidate.next();
            leadership.fence(connection);
            connection.commit();

            candidate.leave();

            assertThrows(LeadershipLostException.class, () -> leadership.fence(connection));
        }
    }

    @Test
    void othersBehindTheSamePooler_findTheirSessionsUntouched(TestDatabase database) throws Exception {
        try (PgBouncer pooler = PgBouncer.start(database.server(), Pooling.TRANSACTION)) {
            String fresh = stateThrough(pooler.dataSource(database));
            try (Candidate candidate = Candidate.stands(pooler.dataSource(database))) {
                candidate.next();
                candidate.leader().resign();
                candidate.next();
            }

            assertEquals(fresh, stateThrough(pooler.dataSource(database)));
        }
    }

    private static String stateThrough(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        """
                        select coalesce((select string_agg(name || '=' || setting, ' ' order by name) from pg_settings
                                 where source = 'session'), '')
                            || (select count(*) from pg_locks where locktype = 'advisory')
                            || (select count(*) from pg_listening_channels())
                            || (select count(*) from pg_prepared_statements)
                            || coalesce(current_setting('pgleader.mark', true), '')
                        """)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    /** Has one resign until the other leads: on a busy machine that one may come too late for the pause of the first. */
    private static Leadership handedOver(Candidate from, Candidate to) throws InterruptedException {
        Waiting.until(
                BOUND,
                () -> {
                    from.leader().resign();
                    return to.leads();
                },
                () -> to.address() + " does not lead: " + to.leader().problem());
        return to.next();
    }

    private static Candidate eitherOf(Candidate one, Candidate other) {
        Waiting.until(BOUND, () -> one.leads() || other.leads(), () -> "nobody leads");
        return one.leads() ? one : other;
    }

    private static Elections connect(DataSource dataSource, Takeover takeover) {
        return Elections.connect(
                dataSource,
                ElectionConfig.builder()
                        .retryInterval(Duration.ofMillis(200))
                        .takeover(takeover)
                        .build());
    }

    private static Diagnosis diagnose(DataSource dataSource) {
        try (Elections elections = Elections.connect(dataSource)) {
            return elections.diagnose();
        }
    }

    /** A process of its own, as far as the database can tell. */
    private static final class Candidate implements AutoCloseable {

        private final BlockingQueue<Leadership> gained = new LinkedBlockingQueue<>();
        private final Elections elections;
        private final Leader leader;
        private final String address;

        private Candidate(DataSource dataSource, Takeover takeover) {
            this.elections = connect(dataSource, takeover);
            this.address = "candidate-" + System.identityHashCode(this);
            this.leader = elections.run("orders", address, gained::add);
        }

        static Candidate stands(DataSource dataSource) {
            return stands(dataSource, Takeover.AFTER_LEASE);
        }

        static Candidate stands(DataSource dataSource, Takeover takeover) {
            return new Candidate(dataSource, takeover);
        }

        Leadership next() throws InterruptedException {
            Leadership next = gained.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("not elected: " + leader.problem());
            }
            return next;
        }

        boolean leads() {
            Leadership newest = gained.peek();
            return newest != null && newest.isHeld();
        }

        boolean knowsALeader() {
            return leader.current().isPresent();
        }

        Leader leader() {
            return leader;
        }

        String address() {
            return address;
        }

        void leave() {
            elections.close();
        }

        @Override
        public void close() {
            leave();
        }
    }
}
