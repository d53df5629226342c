package dev.pgleader.peers.candidate;

import java.io.IOException;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;

/**
 * Curator's {@code LeaderLatch}, used with care: the work is stopped first and the latch closed then. A latch that is closed
 * first tells its listeners after it has let go, so that two leaders overlap for as long as the work takes to stop.
 */
public final class CuratorLatchPeer implements Peer {

    private final Target target;
    private CuratorFramework client;
    private String path;
    private Work work;
    private LeaderLatch latch;

    /**
     * Makes the peer.
     *
     * @param target the server
     */
    public CuratorLatchPeer(Target target) {
        this.target = target;
    }

    @Override
    public void stand(String election, Work duty) throws Exception {
        client = CuratorClient.start(target, Duration.ZERO);
        path = "/" + election;
        work = duty;
        standAnew();
    }

    private void standAnew() throws Exception {
        String id = String.valueOf(ProcessHandle.current().pid());
        LeaderLatch fresh = new LeaderLatch(client, path, id, LeaderLatch.CloseMode.SILENT);
        fresh.addListener(new LeaderLatchListener() {
            @Override
            public void isLeader() {
                work.begin();
            }

            @Override
            public void notLeader() {
                work.end();
            }
        });
        fresh.start();
        latch = fresh;
        CuratorClient.awaitStanding(id, fresh::getParticipants);
    }

    @Override
    public void resign() throws Exception {
        work.end();
        close(latch);
        standAnew();
    }

    private static void close(LeaderLatch old) throws IOException {
        old.close();
    }
}
