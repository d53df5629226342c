package dev.pgleader.peers.candidate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.Participant;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** Connects to ZooKeeper as Curator's documentation does, and waits for what both of its recipes have in common. */
final class CuratorClient {

    private static final int FIRST_PAUSE_MS = 1000;
    private static final int RETRIES = 3;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private CuratorClient() {}

    /** Who takes part in an election. */
    interface Participants {
        Iterable<Participant> get() throws Exception;
    }

    /** Returns a client that has been started; a session time-out of zero stands for Curator's defaults. */
    static CuratorFramework start(Target target, Duration sessionTimeout) {
        ExponentialBackoffRetry retry = new ExponentialBackoffRetry(FIRST_PAUSE_MS, RETRIES);
        int millis = (int) sessionTimeout.toMillis();
        CuratorFramework client = sessionTimeout.isZero()
                ? CuratorFrameworkFactory.newClient(target.connectString(), retry)
                : CuratorFrameworkFactory.newClient(target.connectString(), millis, millis, retry);
        client.start();
        return client;
    }

    /** Returns when an identity is among the participants. */
    static void awaitStanding(String id, Participants participants) throws Exception {
        while (!contains(id, participants)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static boolean contains(String id, Participants participants) throws Exception {
        for (Participant participant : participants.get()) {
            if (participant.getId().equals(id)) {
                return true;
            }
        }
        return false;
    }
}
