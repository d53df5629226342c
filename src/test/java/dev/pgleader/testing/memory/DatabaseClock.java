package dev.pgleader.testing.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/** The clock of one simulated server, in microseconds as PostgreSQL's: it can jump, and run fast or slow. One thread. */
public final class DatabaseClock {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final LongSupplier trueNanos;
    private long setAtNanos;
    private Instant setTo;
    private double rate = 1;

    /**
     * A clock that runs at the rate of the true time.
     *
     * @param trueNanos the time that the simulation gives out
     */
    public DatabaseClock(LongSupplier trueNanos) {
        this.trueNanos = trueNanos;
        this.setAtNanos = trueNanos.getAsLong();
        this.setTo = START;
    }

    /**
     * What {@code clock_timestamp()} returns.
     *
     * @return the time of day
     */
    public Instant now() {
        return setTo.plusNanos((long) ((trueNanos.getAsLong() - setAtNanos) * rate))
                .truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * Sets the clock.
     *
     * @param by forwards, or backwards if negative
     */
    public void jump(Duration by) {
        settle();
        setTo = setTo.plus(by);
    }

    /**
     * Makes the clock run at another rate.
     *
     * @param newRate 1 for the true rate
     */
    public void drift(double newRate) {
        settle();
        rate = newRate;
    }

    private void settle() {
        setTo = now();
        setAtNanos = trueNanos.getAsLong();
    }
}
