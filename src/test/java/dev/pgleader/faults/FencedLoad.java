package dev.pgleader.faults;

import com.zaxxer.hikari.HikariDataSource;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Elections;
import dev.pgleader.Fence;
import dev.pgleader.FenceForm;
import dev.pgleader.Leader;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.ProcessState;
import dev.pgleader.testing.Pause;
import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sixteen writers as fast as they can, on behalf of three candidates whose leader is turned out every second: by turns it
 * resigns, or its row is vacated and its session ended behind its back.
 *
 * <p>Half of the writers use {@link Leadership#inTransaction}; a quarter has been handed a token and goes on with it until
 * the database refuses it, whoever leads; a quarter tries to do the same jobs once. Every write takes the next number of one
 * of a few chains, whose row it keeps locked until it commits: so the numbers of a chain are the order of the commits.
 */
final class FencedLoad {

    private static final int CANDIDATES = 3;
    private static final int WRITERS = 16;
    private static final int CHAINS = 4;
    private static final long TAKEOVER_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long JOB_NANOS = Duration.ofMillis(20).toNanos();
    private static final long BREATH_NANOS = Duration.ofMillis(2).toNanos();

    private static final String TABLES =
            """
            create table chain (id integer primary key, last bigint not null);
            create table ledger (chain integer, number bigint, term bigint, write bigint);
            create table duty (key text, term bigint);
            grant all on chain, ledger, duty to %s;
            """;

    private static final String WRITE =
            """
            with next as (update chain set last = last + 1 where id = ? returning id, last)
            insert into ledger (chain, number, term, write) select id, last, ?, ? from next
            """;

    private static final String VACATE =
            """
            with led as (
                select name, session_id from pgleader.election where session_id is not null
            ), emptied as (
                update pgleader.election as e
                   set session_id = null, candidate = null, address = null, phase = null, elected_at = null,
                       released = term, xact = pg_current_xact_id()
                  from led
                 where e.name = led.name
                returning led.session_id)
            select pg_terminate_backend(s.backend_pid) from emptied join pgleader.session as s on s.id = emptied.session_id
            """;

    private static final String OUT_OF_ORDER =
            """
            select count(*) from (
                select term < max(term) over (partition by chain order by number) as late from ledger) as each
             where late
            """;

    private final TestDatabase database;
    private final FenceForm form;
    private final boolean fenced;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<String> jobsDone = new ConcurrentLinkedQueue<>();
    private final long began = System.nanoTime();

    private FencedLoad(TestDatabase database, FenceForm form, boolean fenced) {
        this.database = database;
        this.form = form;
        this.fenced = fenced;
    }

    /**
     * What came of it.
     *
     * @param terms how many terms there were
     * @param writes how many writes were acknowledged
     * @param refused how many transactions were refused for a term that is over
     * @param failed how many failed for another reason, mostly a session that was ended
     * @param jobs how many jobs were done
     * @param outOfOrder how many writes came after one of a later term in their chain
     * @param lost how many acknowledged writes and jobs are not there
     * @param doubled how many writes and jobs are there more than once, or were acknowledged so
     */
    record Figures(
            long terms, long writes, long refused, long failed, long jobs, long outOfOrder, long lost, long doubled) {}

    /** Plays it for so long; without the fence where that is to be planted. */
    static Figures play(TestDatabase database, FenceForm form, boolean fenced, Duration length) throws Exception {
        database.execute(TABLES.formatted(database.username()));
        database.execute("insert into chain select n, 0 from generate_series(1, ?) as n", CHAINS);
        return new FencedLoad(database, form, fenced).play(length);
    }

    private Figures play(Duration length) throws Exception {
        List<Aspirant> candidates = new ArrayList<>();
        List<Thread> writers = new ArrayList<>();
        try {
            for (int i = 0; i < CANDIDATES; i++) {
                candidates.add(new Aspirant("candidate:" + i));
            }
            for (int i = 0; i < WRITERS; i++) {
                Aspirant candidate = candidates.get(i % CANDIDATES);
                Runnable round = List.<Runnable>of(
                                () -> inTransaction(candidate),
                                () -> inTransaction(candidate),
                                () -> byToken(candidate),
                                () -> once(candidate))
                        .get(i % 4);
                writers.add(new Thread(() -> repeat(round), "writer-" + i));
            }
            writers.forEach(Thread::start);
            turnOut(candidates, length);
        } finally {
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            candidates.forEach(Aspirant::close);
        }
        return judged();
    }

    /** A process that would lead, in this JVM: with a session and a pool of its own. */
    private final class Aspirant implements AutoCloseable {

        private final HikariDataSource pool = database.hikari(config -> config.setMaximumPoolSize(WRITERS));
        private final AtomicReference<@Nullable Leadership> last = new AtomicReference<>();
        private final AtomicReference<@Nullable Fence> handedOver = new AtomicReference<>();
        private final Elections elections;
        private final Leader leader;

        Aspirant(String address) {
            ElectionConfig config = ElectionConfig.builder()
                    .leaseDuration(Duration.ofSeconds(3))
                    .heartbeatInterval(Duration.ofMillis(200))
                    .refractoryPeriod(Duration.ofMillis(200))
                    .retryInterval(Duration.ofMillis(50))
                    .fenceForm(form)
                    .build();
            this.elections = Elections.connect(pool, config);
            this.leader = elections.run("load", address, leadership -> {
                last.set(leadership);
                handedOver.set(leadership.fence());
            });
        }

        @Override
        public void close() {
            elections.close();
        }
    }

    private void turnOut(List<Aspirant> candidates, Duration length) throws InterruptedException {
        for (int turn = 1; System.nanoTime() - began < length.toNanos(); turn++) {
            Pause.untilNanos(began + turn * TAKEOVER_NANOS);
            if (turn % 2 == 0) {
                database.execute(VACATE);
                continue;
            }
            for (Aspirant candidate : candidates) {
                if (candidate.leader.state() != ProcessState.FOLLOWING) {
                    candidate.leader.resign();
                }
            }
        }
    }

    private void repeat(Runnable round) {
        while (!over.get()) {
            round.run();
        }
    }

    private static void breathe() {
        LockSupport.parkNanos(BREATH_NANOS);
    }

    private interface Attempt {
        void make() throws SQLException;
    }

    private void attempt(Attempt attempt) {
        try {
            attempt.make();
        } catch (LeadershipLostException lost) {
            refused.incrementAndGet();
            breathe();
        } catch (SQLException trouble) {
            ("PGL01".equals(trouble.getSQLState()) ? refused : failed).incrementAndGet();
            breathe();
        }
    }

    private void inTransaction(Aspirant candidate) {
        Leadership leadership = candidate.last.get();
        if (leadership == null) {
            breathe();
            return;
        }
        long write = writes.incrementAndGet();
        attempt(() -> {
            leadership.inTransaction(candidate.pool, connection -> write(connection, leadership.term(), write));
            acknowledged.add(write);
        });
    }

    private void byToken(Aspirant candidate) {
        Fence fence = candidate.handedOver.get();
        if (fence == null) {
            breathe();
            return;
        }
        long write = writes.incrementAndGet();
        attempt(() -> {
            try (Connection connection = candidate.pool.getConnection()) {
                connection.setAutoCommit(false);
                if (fenced) {
                    fence(connection, fence);
                }
                write(connection, fence.term(), write);
                connection.commit();
            }
            acknowledged.add(write);
        });
    }

    private void fence(Connection connection, Fence fence) throws SQLException {
        String function = form == FenceForm.SHARED_LOCK ? "fence_shared" : "fence";
        try (PreparedStatement statement = connection.prepareStatement("select pgleader." + function + "(?)")) {
            statement.setString(1, fence.token());
            statement.execute();
        }
    }

    private static void write(Connection connection, long term, long write) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setInt(1, ThreadLocalRandom.current().nextInt(CHAINS) + 1);
            statement.setLong(2, term);
            statement.setLong(3, write);
            statement.executeUpdate();
        }
    }

    /** Every few milliseconds there is one job more, and everybody tries the last few. */
    private void once(Aspirant candidate) {
        Leadership leadership = candidate.last.get();
        if (leadership == null) {
            breathe();
            return;
        }
        long newest = (System.nanoTime() - began) / JOB_NANOS;
        String job = "job " + (newest - ThreadLocalRandom.current().nextInt(10));
        attempt(() -> {
            boolean mine = leadership.once(job, connection -> {
                try (PreparedStatement statement = connection.prepareStatement("insert into duty values (?, ?)")) {
                    statement.setString(1, job);
                    statement.setLong(2, leadership.term());
                    statement.executeUpdate();
                }
            });
            if (mine) {
                jobsDone.add(job);
            }
        });
    }

    private Figures judged() throws SQLException {
        long lost = 0;
        long doubled = 0;
        Set<Long> there = ConcurrentHashMap.newKeySet();
        for (long write : database.queryAll(Long.class, "select write from ledger")) {
            doubled += there.add(write) ? 0 : 1;
        }
        lost += acknowledged.stream().filter(write -> !there.contains(write)).count();
        Set<String> duties = ConcurrentHashMap.newKeySet();
        for (String duty : database.queryAll(String.class, "select key from duty")) {
            doubled += duties.add(duty) ? 0 : 1;
        }
        lost += jobsDone.stream().filter(job -> !duties.contains(job)).count();
        doubled += jobsDone.size() - Set.copyOf(jobsDone).size();
        lost += count("select count(*) from pgleader.done as d where not exists (select from duty where key = d.key)");
        return new Figures(
                count("select count(distinct term) from ledger"),
                acknowledged.size(),
                refused.get(),
                failed.get(),
                jobsDone.size(),
                count(OUT_OF_ORDER),
                lost,
                doubled);
    }

    private long count(String sql) {
        return database.queryOne(Long.class, sql);
    }
}
