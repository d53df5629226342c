package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a leader believes in itself, compared with what its row says. */
@PostgresTest
class LeadershipTimeTest {

    private static final String LEASE_LEFT_MICROS =
            """
            select (extract(epoch from expires_at - clock_timestamp()) * 1000000)::bigint
            from pgleader.session
            """;

    @Test
    void remaining_atAnyMoment_endsBeforeTheRefractoryPeriodOfTheRow(TestDatabase database) throws Exception {
        ElectionConfig config =
                Settings.calm().heartbeatInterval(Duration.ofMillis(100)).build();
        RecordedWork work = RecordedWork.staying();
        try (Elections elections = Elections.connect(database.dataSource(), config)) {
            elections.run("orders", "a:1", work);
            Leadership leadership = work.next();
            ElectionRow row = new ElectionRow(database, "orders");
            long lastBeat = row.beat() + 10;

            while (row.beat() < lastBeat) {
                long asked = System.nanoTime();
                Duration remaining = leadership.remaining();
                Duration leaseLeft = Duration.ofNanos(1000 * database.queryOne(Long.class, LEASE_LEFT_MICROS));
                Duration elapsed = Duration.ofNanos(System.nanoTime() - asked);

                // The row is read later than the leader is asked, at most by what has elapsed.
                Duration leaseLeftThen = leaseLeft.plus(elapsed);
                assertFalse(remaining.isZero());
                assertTrue(
                        remaining.compareTo(leaseLeftThen.minus(config.refractoryPeriod())) <= 0,
                        () -> remaining + " remain, but the lease has " + leaseLeftThen);
            }
        }
    }
}
