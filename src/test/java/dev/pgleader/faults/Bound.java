package dev.pgleader.faults;

import java.time.Duration;

/**
 * How long nobody may lead because of a fault. Immutable.
 *
 * @param formula where the length comes from, in the letters of {@link Settings#describe}
 * @param length the length, slack included
 * @param from what it counts from
 */
record Bound(String formula, Duration length, From from) {

    /** What a bound counts from. */
    enum From {
        /** The last moment in which the old leader held. */
        LOSS("loss"),
        /** The end of the fault, where nobody can lead while it lasts. */
        MEND("mend");

        private final String text;

        From(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Nobody else has to lead: the leader is not concerned. */
    static Bound none() {
        return new Bound("0", Duration.ZERO, From.LOSS);
    }

    /** The lease has to run out. */
    static Bound lease() {
        return new Bound("L + X", Settings.LEASE.plus(Settings.SLACK), From.LOSS);
    }

    /**
     * Nobody can lead before a lock is free. Then the next look finds a row that is vacant or whose lease is over; a look
     * that has just failed comes again after two retry intervals at most.
     */
    static Bound lockFree() {
        return new Bound(
                "2.4 Y + S + X",
                Settings.RETRY
                        .multipliedBy(24)
                        .dividedBy(10)
                        .plus(Settings.STATEMENT)
                        .plus(Settings.SLACK),
                From.MEND);
    }

    /**
     * Everybody connects again, which may take a retry interval, and finds a row of which only its standing still for a
     * whole lease proves that nobody leads.
     */
    static Bound reconnectAndLease() {
        return new Bound(
                "1.2 Y + 2 S + 1.01 L + X",
                Settings.RETRY
                        .multipliedBy(12)
                        .dividedBy(10)
                        .plus(Settings.STATEMENT.multipliedBy(2))
                        .plus(Settings.LEASE.multipliedBy(101).dividedBy(100))
                        .plus(Settings.SLACK),
                From.MEND);
    }

    Bound after(From other) {
        return new Bound(formula, length, other);
    }
}
