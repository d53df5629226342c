package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Tenure;
import dev.pgleader.testing.memory.InMemoryDatabase;
import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a candidacy knows of the leader without asking. */
class CandidacyTest {

    private static final Duration LEASE = Duration.ofSeconds(5);

    private final AtomicLong nanos = new AtomicLong();
    private final VirtualTicker ticker = new VirtualTicker(nanos::get);
    private final ElectionConfig config = ElectionConfig.defaults();
    private final Loop loop = new Loop(new InMemoryDatabase(nanos::get), config, ticker, new Random(1));
    private final Candidacy candidacy =
            new Candidacy(loop, config, ticker, "orders", CandidateConfig.at("here"), leadership -> {});

    @Test
    void leaderSeen_isKnownUntilItsLeaseIsOver() {
        candidacy.sighted(leaderWith(LEASE));

        nanos.addAndGet(LEASE.toNanos() - 1);
        assertTrue(candidacy.current().isPresent());
        nanos.incrementAndGet();
        assertEquals(Optional.empty(), candidacy.current());
    }

    @Test
    void leaderSeenBeforeTheMachineWasSuspended_isNotKnownAfterIt() {
        candidacy.sighted(leaderWith(LEASE));

        ticker.suspended(Duration.ofHours(1));

        assertEquals(Optional.empty(), candidacy.current());
    }

    @Test
    void alarmSet_watchdogComesBy_thoughItKnewOfNothingToWatch() throws Exception {
        ElectionConfig calm = ElectionConfig.builder()
                .leaseDuration(Duration.ofHours(20))
                .statementTimeout(Duration.ofHours(1))
                .build();
        Loop idle = new Loop(new InMemoryDatabase(nanos::get), calm, ticker, new Random(1));
        idle.start();
        try {
            Candidacy owner = new Candidacy(idle, calm, ticker, "orders", CandidateConfig.at("here"), leadership -> {});
            Tenure tenure = new Tenure(7, 7, Deadline.after(ticker.read(), LEASE), ticker.read(), ticker.read(), 0);
            Tenancy unwatched =
                    new Tenancy("orders", tenure, calm, ticker, new RecordedFencing(new ArrayList<>()), owner);
            CountDownLatch sounded = new CountDownLatch(1);

            unwatched.warn(Duration.ofSeconds(1), sounded::countDown);
            nanos.addAndGet(Duration.ofSeconds(4).toNanos());

            assertTrue(sounded.await(10, TimeUnit.SECONDS), "the watchdog sleeps for as long as a statement may take");
        } finally {
            idle.close();
        }
    }

    private Sighting leaderWith(Duration remaining) {
        return Looks.leader(7, Phase.LEADING, LEASE, remaining, ticker.read(), ticker.read());
    }
}
