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
     * The lease has to run out, and so has a transaction under the fence that the server does not know to be abandoned. A
     * look that finds the row locked by it comes again after pauses that double, at the latest after as long a time again.
     */
    static Bound leaseAndFence() {
        return new Bound(
                "L + 2 (F − L) + X",
                Settings.LEASE
                        .plus(Settings.FENCED.minus(Settings.LEASE).multipliedBy(2))
                        .plus(Settings.SLACK),
                From.LOSS);
    }

    /** The end of the session is seen within 0.1 s; 0.05 s later its candidate connects again and gives the row up. */
    static Bound sessionEnd() {
        return new Bound(
                "0.15 s + 2 S + X",
                Duration.ofMillis(150).plus(Settings.STATEMENT.multipliedBy(2)).plus(Settings.SLACK),
                From.LOSS);
    }

    /** The old leader gives the row up; who misses the announcement finds it with the next look. */
    static Bound nextLook() {
        return new Bound(
                "1.2 Y + 2 S + X",
                retries(12).plus(Settings.STATEMENT.multipliedBy(2)).plus(Settings.SLACK),
                From.LOSS);
    }

    /**
     * Nobody can lead before a lock is free. Then the next look finds a row that is vacant or whose lease is over; a look
     * that has just failed comes again after two retry intervals at most.
     */
    static Bound lockFree() {
        return new Bound("2.4 Y + S + X", retries(24).plus(Settings.STATEMENT).plus(Settings.SLACK), From.MEND);
    }

    /**
     * Nobody can lead before the server is back. The old leader connects again within a retry interval and gives its row up;
     * who is not there yet to hear of that finds it with the next look.
     */
    static Bound reconnect() {
        return new Bound(
                "2.2 Y + 2 S + X",
                retries(22).plus(Settings.STATEMENT.multipliedBy(2)).plus(Settings.SLACK),
                From.MEND);
    }

    /** The next look finds a row of which only its standing still for a whole lease proves that nobody leads. */
    static Bound standingStill() {
        return new Bound("1.2 Y + 1.01 L + X", retries(12).plus(stoodStill()).plus(Settings.SLACK), From.LOSS);
    }

    /** The same, and a transaction under the fence has to run out that the server does not know to be abandoned. */
    static Bound standingStillAndFence() {
        return new Bound(
                "1.2 Y + 1.01 L + 2 (F − L) + X",
                retries(12)
                        .plus(stoodStill())
                        .plus(Settings.FENCED.minus(Settings.LEASE).multipliedBy(2))
                        .plus(Settings.SLACK),
                From.LOSS);
    }

    /** The same on another server, to which everybody has to connect first. */
    static Bound reconnectAndStandingStill() {
        return new Bound(
                "2.2 Y + 2 S + 1.01 L + X",
                retries(22)
                        .plus(Settings.STATEMENT.multipliedBy(2))
                        .plus(stoodStill())
                        .plus(Settings.SLACK),
                From.MEND);
    }

    private static Duration retries(int tenths) {
        return Settings.RETRY.multipliedBy(tenths).dividedBy(10);
    }

    private static Duration stoodStill() {
        return Settings.LEASE.multipliedBy(101).dividedBy(100);
    }
}
