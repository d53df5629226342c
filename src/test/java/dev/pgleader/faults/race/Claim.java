package dev.pgleader.faults.race;

import java.time.Duration;
import java.util.Optional;

/** One leadership, as its racer knows it. Guarded by its {@link Judge}. */
final class Claim {

    final int racer;
    final String election;
    final long term;
    private final Line line;
    private long trustEnd;
    private long stoppedAt = Long.MAX_VALUE;

    Claim(int racer, String election, long term, Line line, long trustEnd) {
        this.racer = racer;
        this.election = election;
        this.term = term;
        this.line = line;
        this.trustEnd = trustEnd;
    }

    void extend(long end) {
        trustEnd = end;
    }

    void stop(long at) {
        stoppedAt = Math.min(stoppedAt, at);
    }

    long trustEnd() {
        return trustEnd;
    }

    /**
     * Returns until when nobody else may lead: until its work has returned, which happens at the latest some time after the end
     * of its trust.
     *
     * @param afterSession how long it is alone after its session has ended; empty where that does not matter
     */
    long aloneUntil(Optional<Duration> afterSession) {
        long end = Math.min(stoppedAt, trustEnd + Lengths.WORK.toNanos());
        return afterSession
                .filter(alone -> line.isEnded())
                .map(alone -> Math.min(end, line.endedAt() + alone.toNanos()))
                .orElse(end);
    }

    @Override
    public String toString() {
        return "racer " + racer + " under term " + term;
    }
}
