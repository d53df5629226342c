package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Outcome;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A statement that had to wait judges and extends its own session by the time at which it does something, and judges others by
 * the time at which it was sent.
 */
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
    private int id;

    @BeforeEach
    void elect(TestDatabase fresh) throws Exception {
        database = fresh;
        mine = SessionUnderTest.open(database.dataSource(), PATIENT);
        id = mine.enter();
        mine.elect(id, ME, "orders");
    }

    @AfterEach
    void close() {
        mine.close();
    }

    @Test
    void leaseOverWhileARenewalWaited_isNotRevived() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Renewal> answer = table.whileWaiting(mine, this::renewed);
            table.endLeases();
            table.release();

            assertEquals(new Renewal.Refused(), TableHeld.of(answer));
        }
    }

    @Test
    void renewalThatWaited_extendsTheLeaseFromWhenItWasDone() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Renewal> answer = table.whileWaiting(mine, this::renewed);
            Instant released = table.release();

            Renewal.Renewed renewed = assertInstanceOf(Renewal.Renewed.class, TableHeld.of(answer));
            assertFalse(renewed.expiresAt().isBefore(released.plus(LEASE)), renewed::toString);
        }
    }

    @Test
    void bidThatWaited_extendsItsSessionFromWhenItWasDone() throws Exception {
        mine.register("billing");
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Outcome> answer = table.whileWaiting(mine, () -> mine.bid(id, ME, "billing"));
            Instant released = table.release();

            Outcome outcome = TableHeld.of(answer);
            assertEquals(Set.of("billing"), outcome.won().keySet());
            assertFalse(outcome.expiresAt().orElseThrow().isBefore(released.plus(LEASE)), outcome::toString);
            assertFalse(only("billing", outcome.won()).electedAt().isBefore(released), outcome::toString);
        }
    }

    @Test
    void ownLeaseOverWhileABidWaited_winsNothing() throws Exception {
        mine.register("billing");
        try (TableHeld table = TableHeld.in(database)) {
            CompletableFuture<Outcome> answer = table.whileWaiting(mine, () -> mine.bid(id, ME, "billing"));
            table.endLeases();
            table.release();

            assertEquals(Map.of(), TableHeld.of(answer).won());
        }
    }

    /** Its last renewal may have been finished after the bid has read the tables, if the bid only waits there for long enough. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leaseOfAnother_overOnlyWhileABidWaited_isNotTaken_andIsByTheNext(boolean asksForLocks) throws Exception {
        try (SessionUnderTest other = SessionUnderTest.open(database.dataSource(), PATIENT)) {
            int otherId = other.enter();
            Callable<Outcome> bid = () -> asksForLocks
                    ? other.bidOnSessionEnd(otherId, OTHER, "orders")
                    : other.bid(otherId, OTHER, "orders");
            mine.close();
            try (TableHeld table = TableHeld.in(database)) {
                CompletableFuture<Outcome> answer = table.whileWaiting(other, bid);
                table.endLeaseOf(id);
                table.release();

                assertEquals(Map.of(), TableHeld.of(answer).won());
            }
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> !bid.call().won().isEmpty(),
                    () -> "a lease that is over is not taken");
        }
    }

    @Test
    void leaseOverBeforeALook_isSeenToBeOver() throws Exception {
        try (TableHeld table = TableHeld.in(database)) {
            table.endLeases();
            table.release();
        }

        Duration remaining = looked().remaining();
        assertTrue(remaining.isNegative() || remaining.isZero(), remaining::toString);
    }

    private Renewal renewed() throws SessionException, BusyException {
        return mine.session.renew(id, LEASE, true);
    }

    private Found looked() throws SessionException, BusyException {
        return only("orders", mine.session.look(List.of("orders")).rows());
    }

    private static <T> T only(String election, Map<String, T> answers) {
        return Objects.requireNonNull(answers.get(election), answers::toString);
    }
}
