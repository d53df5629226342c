package dev.pgleader.peers.candidate;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * Spring Integration's {@code LockRegistryLeaderInitiator} over a {@code JdbcLockRegistry}: its work starts when the leadership
 * is granted and stops when it is told of the revocation, which comes after the lock was given back.
 */
public final class SpringPeer implements Peer {

    /** The initiator uses one connection at a time; a pool of ten would only add processes to the server. */
    private static final int POOL_SIZE = 2;

    /** A candidate that waits for a lock tries every 100 ms. */
    private static final int TWO_TURNS_MS = 200;

    private final Target target;
    private final Duration timeToLive;
    private Work work;
    private LockRegistryLeaderInitiator initiator;

    /**
     * Makes the peer.
     *
     * @param target the server
     * @param timeToLive how long a lock is good for
     */
    public SpringPeer(Target target, Duration timeToLive) {
        this.target = target;
        this.timeToLive = timeToLive;
    }

    @Override
    public void stand(String election, Work duty) {
        work = duty;
        DataSource dataSource = pool();
        DefaultLockRepository repository = new DefaultLockRepository(dataSource);
        repository.setTransactionManager(new DataSourceTransactionManager(dataSource));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        repository.start();
        initiator = new LockRegistryLeaderInitiator(
                new JdbcLockRegistry(repository, timeToLive), new Standing(election, duty));
        initiator.setApplicationEventPublisher(event -> {});
        initiator.start();
    }

    private DataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(target.dataSource());
        pool.setMaximumPoolSize(POOL_SIZE);
        return pool;
    }

    /**
     * Stops the initiator, and starts it again when its work has ended and the other candidate has had two of its turns. An
     * initiator that is started while it still stops goes on twice, and is not to be stopped any more.
     *
     * <p>The initiator's {@code yield()} would stay a candidate by itself, but takes up to half a second to have any effect, and
     * often elects the same process again.
     */
    @Override
    public void resign() throws InterruptedException {
        initiator.stop();
        while (work.isAtWork()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        TimeUnit.MILLISECONDS.sleep(TWO_TURNS_MS);
        initiator.start();
    }

    /** What the initiator calls, on the thread that renews the lock; so the work would have threads of its own. */
    private record Standing(String election, Work work) implements Candidate {

        @Override
        public String getRole() {
            return election;
        }

        @Override
        public String getId() {
            return String.valueOf(ProcessHandle.current().pid());
        }

        @Override
        public void onGranted(Context context) {
            work.begin();
        }

        @Override
        public void onRevoked(Context context) {
            work.end();
        }
    }
}
