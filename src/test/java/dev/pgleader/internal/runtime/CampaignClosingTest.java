package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever campaigns while everything is being closed is told so, whichever comes first. */
class CampaignClosingTest {

    private static final int ROUNDS = 300;

    @AfterEach
    void everyThreadHasEnded() {
        Leftovers.expectNoThreads();
    }

    private enum Outcome {
        RAN,
        LOST,
        REFUSED
    }

    @Test
    void closedAtTheSameTime_workRunsOrIsRefused_andNobodyHangs() throws Exception {
        Set<Outcome> seen = EnumSet.noneOf(Outcome.class);
        for (int round = 0; round < ROUNDS; round++) {
            InMemoryDatabase memory = new InMemoryDatabase(System::nanoTime);
            Loop loop = new Loop(memory, ElectionConfig.defaults(), Ticker.system(), new Random(round));
            loop.start();
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            int spins = round % 30 * 200;
            Thread campaigning = new Thread(() -> outcome.complete(campaign(loop, start)), "campaigning");
            campaigning.start();
            start.await(20, TimeUnit.SECONDS);
            spin(spins);

            loop.close();

            seen.add(outcome.get(20, TimeUnit.SECONDS));
            campaigning.join();
            assertEquals(List.of(), memory.leftOpen());
        }
        assertTrue(seen.contains(Outcome.REFUSED), seen::toString);
    }

    private static Outcome campaign(Loop loop, CyclicBarrier start) {
        try {
            start.await(20, TimeUnit.SECONDS);
            try (Campaign campaign = new Campaign(loop, "orders", CandidateConfig.at("here"))) {
                return campaign.run(leadership -> Outcome.RAN);
            }
        } catch (LeadershipLostException lost) {
            return Outcome.LOST;
        } catch (IllegalStateException closed) {
            return Outcome.REFUSED;
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
