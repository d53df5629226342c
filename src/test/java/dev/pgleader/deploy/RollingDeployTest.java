package dev.pgleader.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.ChildJvm;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three processes of a service are replaced one after the other by those of the next release, each stopped first. */
@PostgresTest
class RollingDeployTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIZE = 3;

    /** Somebody has to hand over to the new release; and one that is stopped first has nobody of that yet. */
    private static final int MOST_HAND_OVERS = 2;

    private final List<ChildJvm> running = new ArrayList<>();

    @AfterEach
    void endAll() {
        running.forEach(ChildJvm::close);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void leaderReplacedInThisPlace_leadershipMovesNoOftenerThanItMust(int place, TestDatabase database)
            throws Exception {
        for (int number = 0; number < SIZE; number++) {
            running.add(start(database, number, 1));
            awaitPresent(database, number + 1);
        }
        awaitLeader(database);
        // Started one by one: the first one leads.
        List<Integer> order = new ArrayList<>(IntStream.range(1, SIZE).boxed().toList());
        order.add(place, 0);

        for (int number : order) {
            assertTrue(running.get(number).end(), "each closes gracefully");
            running.set(number, start(database, number, 2));
            awaitPresent(database, SIZE);
        }
        Waiting.until(
                PATIENCE,
                () -> leaders(database).equals(List.of("release 2")),
                () -> "led by " + leaders(database) + " at last");

        List<String> releases = database.queryAll(
                String.class, "select coalesce(version, 'unknown') from pgleader.history order by term");
        List<String> forward = new ArrayList<>(releases);
        Collections.sort(forward);
        assertEquals(forward, releases, "never back to the old release, and each leader's release is known");
        assertTrue(releases.size() - 1 <= MOST_HAND_OVERS, releases::toString);
        assertEquals(
                List.of(),
                database.queryAll(
                        String.class,
                        "select ending from pgleader.history where ending not in ('closed', 'preempted')"));
    }

    private static ChildJvm start(TestDatabase database, int number, int release) throws IOException {
        return ChildJvm.start(
                "instance " + number,
                Instance.class,
                line -> {},
                database.jdbcUrl(),
                database.username(),
                database.password(),
                "instance:" + number,
                String.valueOf(release));
    }

    private static void awaitPresent(TestDatabase database, int count) {
        Waiting.until(
                PATIENCE,
                () -> database.queryOne(Long.class, "select count(*) from pgleader.candidates where present") == count,
                () -> "present are "
                        + database.queryAll(String.class, "select address || version from pgleader.candidates"));
    }

    private static void awaitLeader(TestDatabase database) {
        Waiting.until(PATIENCE, () -> leaders(database).size() == 1, () -> "nobody leads");
    }

    private static List<String> leaders(TestDatabase database) {
        return database.queryAll(String.class, "select version from pgleader.leader");
    }
}
