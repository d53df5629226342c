package dev.pgleader.faults.race;

import dev.pgleader.faults.Ground;
import dev.pgleader.faults.race.Kind.Trouble;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.runtime.Ticker;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What everybody in a race shares: the database, the clock, the judge, and when it is over. Thread-safe. */
final class Track implements AutoCloseable {

    static final List<String> ELECTIONS = List.of("orders", "billing", "search");

    /** One clock for all racers: the steps of others are no part of the race. */
    static final Ticker CLOCK = new Ticker() {
        @Override
        public Reading read() {
            long nanos = System.nanoTime();
            return new Reading(nanos, nanos, nanos);
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public long wallNanos() {
            return System.nanoTime();
        }
    };

    final Kind kind;
    final TestDatabase database;
    final Optional<Ground.SteppedClock> clock;
    final Optional<Promotions> promotions;
    final Lines lines = new Lines();
    final Tally tally = new Tally();
    final Judge judge;
    private final EmbeddedServer first;
    private final AtomicInteger news = new AtomicInteger();
    private final boolean endsAtFirstFinding;
    private final long beganNanos = System.nanoTime();
    private final long endNanos;

    private Track(
            Kind kind,
            EmbeddedServer first,
            Optional<Ground.SteppedClock> clock,
            Duration length,
            boolean endsAtFirstFinding) {
        this.kind = kind;
        this.first = first;
        this.clock = clock;
        this.database = first.createDatabase();
        this.promotions = kind.has(Trouble.PROMOTIONS) ? Optional.of(Promotions.from(first)) : Optional.empty();
        this.judge = new Judge(kind, tally);
        this.endsAtFirstFinding = endsAtFirstFinding;
        this.endNanos = beganNanos + length.toNanos();
    }

    /** Lays a track on a server of its own. */
    static Track lay(Kind kind, Duration length, boolean endsAtFirstFinding) throws IOException {
        EmbeddedServer.Builder builder = EmbeddedServer.builder();
        if (kind.has(Trouble.CLOCK_STEPS)) {
            Ground.SteppedClock clock = Ground.SteppedClock.lay(builder);
            return new Track(kind, clock.server(), Optional.of(clock), length, endsAtFirstFinding);
        }
        return new Track(kind, builder.start(), Optional.empty(), length, endsAtFirstFinding);
    }

    /** Returns the server that takes writes now. */
    EmbeddedServer server() {
        return promotions.map(Promotions::primary).orElse(first);
    }

    boolean isOver() {
        return System.nanoTime() - endNanos >= 0
                || (endsAtFirstFinding && !judge.violations().isEmpty());
    }

    /** Returns how long the race has lasted. */
    long seconds() {
        return Duration.ofNanos(System.nanoTime() - beganNanos).toSeconds();
    }

    /** Something may be to be had. */
    void tell() {
        news.incrementAndGet();
    }

    /** Returns how often something was told. */
    int news() {
        return news.get();
    }

    @Override
    public void close() {
        clock.ifPresentOrElse(Ground.SteppedClock::close, first::close);
        promotions.ifPresent(Promotions::close);
    }
}
