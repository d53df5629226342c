package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Claim;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Beat;
import dev.pgleader.internal.runtime.Session.Bid;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A statement that had to wait goes by the time at which it does something, not by the one at which it was sent. */
@PostgresTest
class WaitingStatementsTest {

    private static final UUID ME = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);
    private static final Duration LEASE = Duration.ofMinutes(5);

    /** Statements may wait for long here. */
    private static final ElectionConfig PATIENT = ElectionConfig.builder()
            .leaseDuration(LEASE)
            .statementTimeout(Duration.ofMinutes(1))
            .build();

    private TestDatabase database;
    private SessionUnderTest mine;
    private Row held;

    @BeforeEach
    void elect(TestDatabase fresh) throws Exception {
        database = fresh;
        mine = SessionUnderTest.open(database.dataSource(), PATIENT);
        mine.lockId("orders");
        held = only(mine.session.take(List.of(bid(ME, looked().row(), Claim.Basis.VACANT))))
                .row();
    }

    @AfterEach
    void close() {
        mine.close();
    }

    @Test
    void leaseOverWhileAHeartbeatWaited_isNotRevived() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Renewal> answer = table.whileWaiting(mine, this::beat);
            table.endLeases();
            table.release();

            assertEquals(new Renewal.Refused(), TableHeld.of(answer));
        }
    }

    @Test
    void heartbeatThatWaited_extendsTheLeaseFromWhenItWasDone() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Renewal> answer = table.whileWaiting(mine, this::beat);
            Instant released = table.release();

            Renewal.Renewed renewed = assertInstanceOf(Renewal.Renewed.class, TableHeld.of(answer));
            assertFalse(renewed.expiresAt().isBefore(released.plus(LEASE)), renewed::toString);
        }
    }

    @Test
    void leaseOverWhileATakeWaited_isTaken_andCountsFromThen() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            Bid bid = bid(OTHER, held, Claim.Basis.LEASE_OVER);
            CompletableFuture<Map<String, Found>> answer =
                    table.whileWaiting(mine, () -> mine.session.take(List.of(bid)));
            table.endLeases();
            Instant released = table.release();

            Row.Holder holder = only(TableHeld.of(answer)).row().holder().orElseThrow();
            assertEquals(OTHER, holder.candidate());
            assertFalse(holder.electedAt().isBefore(released), holder::toString);
            assertFalse(holder.expiresAt().isBefore(released.plus(LEASE)), holder::toString);
        }
    }

    @Test
    void leaseOverWhileALookWaited_isSeenToBeOver() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Found> answer = table.whileWaiting(mine, this::looked);
            table.endLeases();
            table.release();

            Duration remaining = TableHeld.of(answer).remaining();
            assertTrue(remaining.isNegative() || remaining.isZero(), remaining::toString);
        }
    }

    private Renewal beat() throws SessionException, BusyException {
        return only(mine.session.heartbeat(List.of(new Beat("orders", ME, held.term(), Phase.LEADING))));
    }

    private Found looked() throws SessionException, BusyException {
        return only(mine.session.look(List.of("orders")));
    }

    private Bid bid(UUID candidate, Row row, Claim.Basis basis) {
        Enrolment who = new Enrolment("orders", candidate, "here", 0, false, "");
        return new Bid(who, LEASE, Duration.ZERO, 1000, new Claim(basis, row), mine.session.server());
    }

    private static <T> T only(Map<String, T> answers) {
        return Objects.requireNonNull(answers.get("orders"), answers::toString);
    }
}
