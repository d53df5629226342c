package dev.pgleader.faults.race;

import dev.pgleader.Schema;
import dev.pgleader.faults.Ground;
import dev.pgleader.faults.race.Kind.Trouble;
import dev.pgleader.faults.race.Tally.Count;
import dev.pgleader.testing.Freeze;
import dev.pgleader.testing.Pause;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Does harm of one sort again and again, after random pauses, for as long as the race lasts. A thread. */
final class Mischief extends Thread {

    private static final int TIGHT_MILLIS = 80;
    private static final int LOOSE_MILLIS = 400;
    private static final int MODERATE_MILLIS = 1_500;
    private static final int RARE_MILLIS = 1_500;
    private static final int STOPPED_MILLIS = 150;
    private static final int STOPPED_LONG_MILLIS = 700;
    private static final int STOPPED_LONG_ONE_IN = 4;
    private static final int LOST_MILLIS = 1_500;
    private static final int HEARS_OF_A_CRASH_ONE_IN = 4;
    private static final int HOUR_SECONDS = 3_600;

    /** Harm that can be done once more. */
    private interface Harm {
        void doOnce(Mischief by) throws IOException, SQLException, InterruptedException;
    }

    private final Track track;
    private final RandomGenerator random;
    private final int longestPauseMillis;
    private final Harm harm;
    private @Nullable Connection admin;

    private Mischief(Track track, long seed, int longestPauseMillis, Harm harm) {
        super("mischief");
        this.track = track;
        this.random = new SplittableRandom(seed);
        this.longestPauseMillis = longestPauseMillis;
        this.harm = harm;
        setDaemon(true);
    }

    /** Returns who does what this kind of race is to suffer. */
    static List<Mischief> of(Track track, long seed) {
        List<Mischief> all = new ArrayList<>();
        all.add(new Mischief(track, seed, TIGHT_MILLIS, Mischief::stopBackend));
        Kind kind = track.kind;
        if (kind.has(Trouble.ENDS)) {
            all.add(new Mischief(track, seed + 1, MODERATE_MILLIS, Mischief::endSession));
        }
        if (kind.has(Trouble.ELECTION_EDITS)) {
            all.add(new Mischief(track, seed + 2, LOOSE_MILLIS, by -> by.edit(Edits.ELECTIONS)));
        }
        if (kind.has(Trouble.SESSION_EDITS)) {
            all.add(new Mischief(track, seed + 3, LOOSE_MILLIS, by -> by.edit(Edits.SESSIONS)));
        }
        if (kind.has(Trouble.CLOCK_STEPS)) {
            all.add(new Mischief(track, seed + 4, RARE_MILLIS, Mischief::stepClock));
        }
        if (kind.has(Trouble.PROMOTIONS)) {
            all.add(new Mischief(track, seed + 6, RARE_MILLIS, Mischief::promote));
        }
        if (kind.has(Trouble.DROPS)) {
            all.add(new Mischief(track, seed + 5, 2 * RARE_MILLIS, Mischief::dropSchema));
        }
        return all;
    }

    @Override
    public void run() {
        try {
            while (!track.isOver()) {
                Pause.millis(random.nextInt(longestPauseMillis));
                attempt();
            }
        } catch (InterruptedException stop) {
            interrupt();
        } catch (RuntimeException | Error defect) {
            track.judge.object(
                    "a race without mischief proves nothing: " + defect + " at " + List.of(defect.getStackTrace()));
        } finally {
            disconnect();
        }
    }

    /** What does not work now, because of other harm, may work the next time. */
    private void attempt() throws InterruptedException {
        try {
            harm.doOnce(this);
        } catch (IOException | SQLException | IllegalStateException hindered) {
            track.tally.count(Count.HARM_HINDERED);
        }
    }

    private void stopBackend() throws IOException, InterruptedException {
        Optional<Line> victim = track.lines.any(random).filter(line -> isOurs(line.pid));
        if (victim.isEmpty()) {
            return;
        }
        Freeze frozen = Freeze.of(victim.get().pid);
        try {
            track.tally.count(Count.BACKENDS_STOPPED);
            boolean lasts = random.nextInt(STOPPED_LONG_ONE_IN) == 0;
            Pause.millis(random.nextInt(lasts ? STOPPED_LONG_MILLIS : STOPPED_MILLIS));
        } finally {
            frozen.thaw();
        }
    }

    /** A number that was free for a moment may be anybody's by now. */
    private boolean isOurs(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .filter(parent -> parent.pid() == track.server().pids()[0])
                .isPresent();
    }

    private void endSession() throws SQLException {
        Optional<Line> victim = track.lines.any(random);
        if (victim.isPresent()) {
            victim.get().end();
            track.tally.count(Count.SESSIONS_ENDED);
            run("select pg_terminate_backend(" + victim.get().pid + ")");
        }
    }

    private void edit(List<String> edits) throws SQLException {
        String election = Track.ELECTIONS.get(random.nextInt(Track.ELECTIONS.size()));
        run(edits.get(random.nextInt(edits.size())).replace("?", "'" + election + "'"));
        track.tally.count(Count.EDITS);
        if (random.nextBoolean()) {
            track.tell();
        }
    }

    private void stepClock() {
        Ground.SteppedClock clock = track.clock.orElseThrow();
        int seconds = random.nextInt(2) == 0 ? 2 : HOUR_SECONDS;
        clock.set(clock.ahead().plus(Duration.ofSeconds(random.nextInt(-seconds, seconds + 1))));
        track.tally.count(Count.CLOCK_STEPS);
        track.tell();
    }

    private void promote() throws InterruptedException {
        Promotions servers = track.promotions.orElseThrow();
        try {
            servers.addStandby();
            Pause.millis(random.nextInt(RARE_MILLIS));
            servers.cutReplication();
            Pause.millis(random.nextInt(LOST_MILLIS));
            List<Long> cutOff = track.lines.all().stream()
                    .map(line -> (long) line.pid)
                    .filter(backend -> isOurs(backend) && random.nextInt(HEARS_OF_A_CRASH_ONE_IN) > 0)
                    .toList();
            servers.fail(cutOff, Lengths.lease(track.kind));
            track.tally.count(Count.PROMOTIONS);
        } catch (IllegalStateException failed) {
            track.judge.object("there is no server any more: " + failed);
        }
    }

    private void dropSchema() throws SQLException {
        run("drop schema pgleader cascade");
        track.tally.count(Count.SCHEMA_DROPS);
        Schema.migrate(track.database.dataSource());
    }

    /** Runs statements in one transaction, as the administrator. */
    private void run(String sql) throws SQLException {
        Connection connection = admin;
        if (connection == null) {
            connection = track.server().connectAsAdmin(track.database.name());
            admin = connection;
            connection.setAutoCommit(false);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '500ms'; set statement_timeout = '2s'");
            statement.execute(sql);
            connection.commit();
        } catch (SQLException failed) {
            disconnect();
            throw failed;
        }
    }

    private void disconnect() {
        Connection connection = admin;
        admin = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException gone) {
                track.tally.count(Count.HARM_HINDERED);
            }
        }
    }
}
