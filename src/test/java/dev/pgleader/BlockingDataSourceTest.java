package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.Leftovers;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A data source whose {@code getConnection} does not return keeps nobody waiting. */
@Timeout(120)
class BlockingDataSourceTest {

    private static final int MOST_THREADS = 4;

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final ElectionConfig config =
            ElectionConfig.builder().connectTimeout(Duration.ofMillis(50)).build();

    @AfterEach
    void everyThreadHasEnded() {
        end.countDown();
        Leftovers.expectNoThreads();
    }

    @Test
    void neverAnswered_isTold_andAskedByFewThreads_andCloses() throws Exception {
        try (Elections elections = Elections.connect(blocking(), config)) {
            Leader leader = elections.run("orders", "a:1", leadership -> {});

            Eventually.holds("the problem is told", () -> leader.problem()
                    .filter(problem -> problem.message().contains("threads wait for a connection"))
                    .isPresent());

            assertEquals(MOST_THREADS, asked.get());
            CompletableFuture<Void> closing = CompletableFuture.runAsync(elections::close);
            closing.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void neverAnswered_diagnosis_saysSo() {
        try (Elections elections = Elections.connect(blocking(), config)) {
            Diagnosis diagnosis = elections.diagnose();

            assertEquals(Diagnosis.Mode.REFUSED, diagnosis.mode());
            assertTrue(diagnosis.toString().contains("no connection was to be had in time"), diagnosis::toString);
        }
    }

    private DataSource blocking() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        asked.incrementAndGet();
                        awaitEnd();
                        throw new SQLException("the test is over");
                    }
                    return method.getReturnType() == boolean.class ? (Object) false : null;
                });
    }

    /** Deaf to interrupts, as a pool may be. */
    private void awaitEnd() {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException ignored) {
                // Goes on waiting, which is the point here.
            }
        }
    }
}
