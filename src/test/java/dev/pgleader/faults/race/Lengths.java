package dev.pgleader.faults.race;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.internal.runtime.Pace;
import java.time.Duration;

/** By which lengths a race is run: so short that elections change hands all the time. */
final class Lengths {

    private static final Duration SHORT_LEASE = Duration.ofMillis(400);

    /** Longer than it takes to promote a standby, so that somebody still leads when that takes its place. */
    private static final Duration LONG_LEASE = Duration.ofSeconds(4);

    static final Duration REFRACTORY = Duration.ofMillis(100);

    /** How long work goes on at most after it was cancelled: a little less than it may. */
    static final Duration WORK = Duration.ofMillis(80);

    private static final Duration HEARTBEAT = Duration.ofMillis(60);
    private static final Duration RETRY = Duration.ofMillis(80);
    private static final Duration DRAIN = Duration.ofMillis(300);

    private static final Duration SHORT_STATEMENT = Duration.ofSeconds(1);
    private static final Duration LONG_STATEMENT = Duration.ofSeconds(5);

    /** So much longer is a lease that allows such statements. */
    private static final int LEASE_OF_STATEMENTS = 3;

    private Lengths() {}

    static Duration lease(Kind kind) {
        return kind.has(Kind.Trouble.PROMOTIONS) ? LONG_LEASE : SHORT_LEASE;
    }

    static Timings timings(Kind kind) {
        return new Timings(lease(kind), REFRACTORY, RETRY, DRAIN, kind.countsSessionEnds());
    }

    static Pace pace(Kind kind) {
        return new Pace(HEARTBEAT, RETRY, statement(kind));
    }

    /** Longer than the lease, so that answers come too late as well, and not only not at all. */
    private static Duration statement(Kind kind) {
        return kind.has(Kind.Trouble.PROMOTIONS) ? LONG_STATEMENT : SHORT_STATEMENT;
    }

    /** Returns by which settings sessions are opened: the server ends one that falls silent for as long as this lease. */
    static ElectionConfig config(Kind kind) {
        return ElectionConfig.builder()
                .leaseDuration(statement(kind).multipliedBy(LEASE_OF_STATEMENTS))
                .refractoryPeriod(REFRACTORY)
                .heartbeatInterval(HEARTBEAT)
                .statementTimeout(statement(kind))
                .retryInterval(RETRY)
                .build();
    }
}
