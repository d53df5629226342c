package dev.pgleader.peers.candidate;

import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;

/** Curator's {@code LeaderSelector}: the callback is the leadership, and its return gives it up. */
public final class CuratorSelectorPeer implements Peer {

    private final Target target;
    private final Duration sessionTimeout;
    private Work work;

    /**
     * Makes the peer.
     *
     * @param target the server
     * @param sessionTimeout the session time-out that is asked for, zero for Curator's default
     */
    public CuratorSelectorPeer(Target target, Duration sessionTimeout) {
        this.target = target;
        this.sessionTimeout = sessionTimeout;
    }

    @Override
    public void stand(String election, Work duty) throws Exception {
        work = duty;
        String id = String.valueOf(ProcessHandle.current().pid());
        LeaderSelectorListenerAdapter listener = new LeaderSelectorListenerAdapter() {
            @Override
            public void takeLeadership(CuratorFramework client) {
                duty.begin();
                duty.awaitStop();
                duty.end();
            }
        };
        LeaderSelector selector =
                new LeaderSelector(CuratorClient.start(target, sessionTimeout), "/" + election, listener);
        selector.setId(id);
        selector.autoRequeue();
        selector.start();
        CuratorClient.awaitStanding(id, selector::getParticipants);
    }

    @Override
    public void resign() {
        work.stop();
    }
}
