package dev.pgleader.demo;

import dev.pgleader.demo.Reigns.Reign;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The processes of the demo: a PostgreSQL and the replicas. Closing it leaves none of them behind. */
final class Cluster implements AutoCloseable {

    private final Reigns reigns;
    private final List<ReplicaProcess> started = new ArrayList<>();
    private final List<ReplicaProcess> inService = new CopyOnWriteArrayList<>();
    private @Nullable EmbeddedServer server;
    private String url = "";

    /** Of nothing yet. What the replicas' callbacks report will go to {@code reigns}. */
    Cluster(Reigns reigns) {
        this.reigns = reigns;
    }

    /** Starts PostgreSQL, which ends with this process even if this process is killed, and waits for it to be up. */
    void startDatabase() {
        server = EmbeddedServer.builder().start();
        TestDatabase database = server.createEmptyDatabase();
        url = database.jdbcUrl() + "?user=" + database.username() + "&password=" + database.password();
    }

    /** Starts a replica more. */
    ReplicaProcess start(String name) throws IOException {
        ReplicaProcess replica = ReplicaProcess.start(name, url, reigns);
        started.add(replica);
        inService.add(replica);
        return replica;
    }

    /** Puts a new replica, when it is up, in the place of one that is gone. */
    ReplicaProcess replace(ReplicaProcess gone, String name) throws IOException, InterruptedException {
        ReplicaProcess replica = ReplicaProcess.start(name, url, reigns);
        started.add(replica);
        replica.awaitUp();
        inService.set(inService.indexOf(gone), replica);
        return replica;
    }

    /** {@return the replicas that requests are sent to; changes when one is replaced} */
    List<ReplicaProcess> inService() {
        return inService;
    }

    ReplicaProcess replicaOf(Reign reign) {
        return started.stream()
                .filter(replica -> replica.name().equals(reign.replica()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Has the replicas close their candidacies and end, the leader last; returns those that did not do so by themselves.
     * Each closes alone, so that none is helped by what another one does.
     */
    List<String> endReplicas(Reign last) {
        List<ReplicaProcess> leaderLast = new ArrayList<>(inService);
        leaderLast.remove(replicaOf(last));
        leaderLast.add(replicaOf(last));
        return leaderLast.stream()
                .filter(replica -> !replica.end())
                .map(ReplicaProcess::name)
                .toList();
    }

    @Override
    public void close() {
        started.forEach(ReplicaProcess::letGo);
        started.forEach(ReplicaProcess::close);
        if (server != null) {
            server.close();
        }
    }
}
