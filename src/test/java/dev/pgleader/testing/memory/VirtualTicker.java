package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.runtime.Ticker;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The clocks of one simulated machine, which tests move apart. Thread-safe if the true time is. */
public final class VirtualTicker implements Ticker {

    private static final long WALL_START = Duration.ofDays(20_000).toNanos();

    private final LongSupplier trueNanos;
    private volatile long suspendedNanos;
    private volatile long wallStepNanos;

    /**
     * Clocks that agree.
     *
     * @param trueNanos the time that the simulation gives out
     */
    public VirtualTicker(LongSupplier trueNanos) {
        this.trueNanos = trueNanos;
    }

    /**
     * The machine has been suspended: uptime and wall clock went on, the monotonic clock did not.
     *
     * @param length for how long
     */
    public synchronized void suspended(Duration length) {
        suspendedNanos += length.toNanos();
    }

    /**
     * Somebody sets the wall clock.
     *
     * @param by forwards, or backwards if negative
     */
    public synchronized void stepWall(Duration by) {
        wallStepNanos += by.toNanos();
    }

    @Override
    public Reading read() {
        return new Reading(monotonicNanos(), trueNanos.getAsLong() + suspendedNanos, wallNanos());
    }

    @Override
    public long monotonicNanos() {
        return trueNanos.getAsLong();
    }

    @Override
    public long wallNanos() {
        return WALL_START + trueNanos.getAsLong() + suspendedNanos + wallStepNanos;
    }
}
