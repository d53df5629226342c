package dev.pgleader.faults.race;

import dev.pgleader.faults.race.Tally.Count;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.postgres.PostgresDatabase;
import dev.pgleader.internal.postgres.RowOnlyDatabase;
import dev.pgleader.internal.runtime.Conductor;
import dev.pgleader.internal.runtime.Database;
import dev.pgleader.internal.runtime.Fencing;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.Pause;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One process after another that stands in every election: a thread that runs the library's own loop body over its own
 * sessions, with pauses, and with connections that are lost.
 */
final class Racer extends Thread implements Database {

    private static final Map<String, News> ALL_VACATED =
            Track.ELECTIONS.stream().collect(Collectors.toMap(election -> election, election -> News.VACATED));

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int NAP_MILLIS = 12;
    private static final int PAUSE_MILLIS = 700;
    private static final int PAUSES_ONE_IN = 100;
    /** A process that was late is likely to be so again: what slows it down lasts. */
    private static final int PAUSES_WHEN_LATE_ONE_IN = 5;

    private static final int RESIGNS_ONE_IN = 15;
    private static final int HEARS_ONE_IN = 20;
    private static final int CLOSES_ONE_IN = 400;
    private static final int DIES_ONE_IN = 600;

    final int number;
    final RandomGenerator random;
    private final Track track;
    private final Database database;
    private @Nullable Line line;
    private int heard;
    private boolean late;

    Racer(int number, Track track, long seed) {
        super("racer-" + number);
        this.number = number;
        this.track = track;
        this.random = new SplittableRandom(seed * 31 + number);
        DataSource way = track.lines.to(track, made -> line = made);
        this.database = track.kind.isRowOnly(number)
                ? new RowOnlyDatabase(way, Lengths.config(track.kind))
                : new PostgresDatabase(way, Lengths.config(track.kind));
        setDaemon(true);
    }

    /** Returns its connection. */
    Line line() {
        return Objects.requireNonNull(line);
    }

    @Override
    public void run() {
        try {
            while (!track.isOver()) {
                live();
            }
        } catch (InterruptedException stop) {
            interrupt();
        } catch (RuntimeException | Error defect) {
            track.judge.object(this + " failed: " + defect + " at " + List.of(defect.getStackTrace()));
        }
    }

    /** Is one process, until it is killed. */
    private void live() throws InterruptedException {
        Conductor loop = new Conductor(
                this, Guard.NONE, Track.CLOCK, random, Lengths.pace(track.kind), Lengths.timings(track.kind));
        List<Standing> standings = Track.ELECTIONS.stream()
                .map(election -> new Standing(this, track, election))
                .toList();
        standings.forEach(standing -> loop.stand(standing.contender));
        boolean alive = true;
        while (alive && !track.isOver()) {
            happen(loop, standings);
            Reading due = loop.turn();
            while (loop.isBusy()) {
                due = loop.turn();
            }
            standings.forEach(standing -> standing.work(loop));
            nap(due);
            alive = !mayEnd() || random.nextInt(DIES_ONE_IN) > 0;
        }
        standings.forEach(Standing::stop);
        if (!alive) {
            track.tally.count(Count.PROCESSES_KILLED);
        }
        loop.abort();
    }

    private boolean mayEnd() {
        return track.kind.has(Kind.Trouble.ENDS);
    }

    private void nap(Reading due) throws InterruptedException {
        long millis = (due.monotonicNanos() - System.nanoTime()) / NANOS_PER_MILLI;
        if (millis > 0) {
            Pause.millis(Math.min(millis, random.nextInt(NAP_MILLIS)));
        }
    }

    /** Lets something happen to the process, or not. */
    private void happen(Conductor loop, List<Standing> standings) throws InterruptedException {
        int news = track.news();
        if (news != heard || random.nextInt(HEARS_ONE_IN) == 0) {
            heard = news;
            loop.announced(ALL_VACATED);
        }
        if (random.nextInt(RESIGNS_ONE_IN) == 0) {
            standings.get(random.nextInt(standings.size())).resign(loop);
        }
        boolean pauses = random.nextInt(late ? PAUSES_WHEN_LATE_ONE_IN : PAUSES_ONE_IN) == 0;
        late = false;
        if (pauses) {
            track.tally.count(Count.PAUSES);
            Pause.millis(random.nextInt(PAUSE_MILLIS));
        }
        if (mayEnd() && random.nextInt(CLOSES_ONE_IN) == 0) {
            track.tally.count(Count.SESSIONS_CLOSED);
            loop.abort();
        }
        standings.forEach(standing -> standing.work(loop));
    }

    @Override
    public Session openSession(Guard guard) throws SessionException {
        Session opened = database.openSession(guard);
        return Detour.around(opened, line(), random, this::beLate);
    }

    private void beLate() {
        track.tally.count(Count.LATE_STATEMENTS);
        late = true;
    }

    @Override
    public Listener openListener(Guard guard) throws SessionException {
        return database.openListener(guard);
    }

    @Override
    public Fencing fence() {
        return database.fence();
    }
}
