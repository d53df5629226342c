package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many candidates for one election. */
@PostgresTest
class ContendersTest {

    private static final int CONTENDERS = 40;

    @Test
    void fortyStandAtOnce_oneLeads_andTheOthersKnowIt(TestDatabase database) throws Exception {
        Work work = new Work();
        List<Elections> open = new ArrayList<>();
        try {
            List<Leader> leaders = standAll(database, work, open);

            Eventually.comes(work.begun);
            Eventually.holds("one of them says that it leads", () -> leading(leaders) == 1);
            Eventually.holds("everybody knows the leader", () -> leaders.stream()
                    .allMatch(leader -> leader.current().isPresent()));

            assertEquals(1, leading(leaders));
            Set<String> addresses = new HashSet<>();
            leaders.forEach(leader -> addresses.add(leader.address()));
            assertEquals(1, addresses.size(), addresses::toString);
            assertEquals(1, work.calls.get());
            assertEquals(1, work.most.get());
        } finally {
            open.parallelStream().forEach(Elections::close);
        }
        assertEquals(1, work.most.get());
    }

    @Test
    void leaderGoesAgainAndAgain_neverTwoLead_andTermsGrow(TestDatabase database) throws Exception {
        Work work = new Work();
        List<Elections> open = new ArrayList<>();
        try {
            List<Leader> leaders = standAll(database, work, open);
            for (int left = CONTENDERS; left > CONTENDERS - 15; left--) {
                Eventually.holds("somebody leads", () -> leading(leaders) == 1);

                Leader leader = leaders.stream()
                        .filter(each -> each.state() != ProcessState.FOLLOWING)
                        .findFirst()
                        .orElseThrow();
                if (left % 2 == 0) {
                    leader.close();
                } else {
                    assertTrue(leader.resign());
                }
            }
        } finally {
            open.parallelStream().forEach(Elections::close);
        }
        assertEquals(1, work.most.get());
        List<Long> sorted = work.terms().stream().sorted().distinct().toList();
        assertEquals(sorted, work.terms());
    }

    private static List<Leader> standAll(TestDatabase database, LeadFunction work, List<Elections> open) {
        List<Leader> leaders = new ArrayList<>();
        for (int i = 0; i < CONTENDERS; i++) {
            Elections elections =
                    Elections.connect(database.dataSource(), Settings.calm().build());
            open.add(elections);
            leaders.add(elections.run("orders", "10.0.0." + i, work));
        }
        return leaders;
    }

    private static long leading(List<Leader> leaders) {
        return leaders.stream()
                .filter(leader -> leader.state() != ProcessState.FOLLOWING)
                .count();
    }

    /** Counts how many do it at the same time. */
    private static final class Work implements LeadFunction {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final List<Long> terms = new ArrayList<>();

        @Override
        public void lead(Leadership leadership) {
            calls.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            synchronized (terms) {
                terms.add(leadership.term());
            }
            begun.countDown();
            leadership.recovered();
            try {
                leadership.awaitLoss();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                now.decrementAndGet();
            }
        }

        List<Long> terms() {
            synchronized (terms) {
                return List.copyOf(terms);
            }
        }
    }
}
