package dev.pgleader.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's PostgreSQL comes up on a machine that has never seen one, however little memory there is. */
class ClusterTest {

    private static final int PATIENCE_SECONDS = 60;
    private static final String UP = "up";

    @Test
    void emptyTemporaryFolderWithASpaceInItsName_databaseComesUpInASmallJvm(@TempDir Path folder) throws Exception {
        Path empty = Files.createDirectory(folder.resolve("never used"));
        BlockingQueue<String> said = new ArrayBlockingQueue<>(1);

        // By the environment, so that processes which this one starts use the folder too.
        List<String> environment = List.of("env", "JAVA_TOOL_OPTIONS='-Djava.io.tmpdir=" + empty + "'");
        try (ChildJvm child = ChildJvm.start(
                new ChildJvm.Launch(
                        "cluster", DatabaseOnly.class, environment, List.of(), ProcessBuilder.Redirect.INHERIT),
                said::add,
                List.of())) {
            assertEquals(UP, said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "it runs: " + child.isAlive());
        }
    }

    /** Starts the database of the demo and nothing else of it. */
    static final class DatabaseOnly {

        private DatabaseOnly() {}

        /** Says when the database is up, and ends it. */
        public static void main(String[] arguments) {
            try (Cluster cluster = new Cluster(new Reigns())) {
                cluster.startDatabase();
                System.out.println(UP);
            }
        }
    }
}
