package dev.pgleader.peers.candidate;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.Leadership;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** pgleader: the callback runs while this process leads, and the row is given up after it has returned. */
public final class PgleaderPeer implements Peer {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Target target;
    private final ElectionConfig config;
    private Leader leader;

    /**
     * Makes the peer.
     *
     * @param target the server
     * @param config the settings
     */
    public PgleaderPeer(Target target, ElectionConfig config) {
        this.target = target;
        this.config = config;
    }

    @Override
    public void stand(String election, Work work) {
        String address = "process:" + ProcessHandle.current().pid();
        leader = Elections.connect(target.dataSource(), config).run(election, address, mine -> lead(mine, work));
        while (leader.current().isEmpty()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void lead(Leadership leadership, Work work) {
        work.begin();
        leadership.recovered();
        try {
            leadership.awaitLoss();
        } catch (InterruptedException lost) {
            // The loss interrupts; which of the two comes first does not matter here.
        }
        work.end();
    }

    @Override
    public void resign() {
        leader.resign();
    }
}
