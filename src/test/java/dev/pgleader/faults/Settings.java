package dev.pgleader.faults;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Takeover;
import java.time.Duration;

/**
 * By which lengths the candidates live: shorter than the defaults, so that a round takes seconds. Immutable.
 *
 * @param takeover when a free lock may be used
 * @param crowded whether there are so many candidates that the machine is busy with them alone
 */
record Settings(Takeover takeover, boolean crowded) {

    static final Duration LEASE = Duration.ofSeconds(2);
    static final Duration REFRACTORY = Duration.ofMillis(600);
    static final Duration HEARTBEAT = Duration.ofMillis(300);
    static final Duration STATEMENT = Duration.ofMillis(300);
    static final Duration RETRY = Duration.ofMillis(500);

    /** A crowd waits longer for statements: as long as its lease allows. What it is judged by does not count them. */
    private static final Duration STATEMENT_OF_A_CROWD = Duration.ofMillis(500);

    /**
     * How long a fenced transaction may stand still, longer than a lease: a successor has to wait for it, and a leader that
     * was stopped in the middle of one goes on with it when everybody else believes that it is gone.
     */
    static final Duration FENCED = Duration.ofMillis(2400);

    /** What a busy machine of two cores adds to any of these. */
    static final Duration SLACK = Duration.ofMillis(500);

    /** How long a leader believes in its last heartbeat. */
    static Duration trust() {
        return new Settings(Takeover.AFTER_LEASE, false).config().trust();
    }

    ElectionConfig config() {
        return ElectionConfig.builder()
                .leaseDuration(LEASE)
                .refractoryPeriod(REFRACTORY)
                .heartbeatInterval(HEARTBEAT)
                .statementTimeout(crowded ? STATEMENT_OF_A_CROWD : STATEMENT)
                .retryInterval(RETRY)
                .drainTimeout(Duration.ofSeconds(3))
                .takeover(takeover)
                .build();
    }

    static String describe() {
        return "lease (L) %d ms, refractory %d ms, heartbeat (H) %d ms, statement (S) %d ms (in a crowd %d), retry (Y) %d ms ± 20 %%,"
                        .formatted(
                                LEASE.toMillis(),
                                REFRACTORY.toMillis(),
                                HEARTBEAT.toMillis(),
                                STATEMENT.toMillis(),
                                STATEMENT_OF_A_CROWD.toMillis(),
                                RETRY.toMillis())
                + " the server ends fenced transactions after %d ms of silence (F), slack (X) %d ms"
                        .formatted(FENCED.toMillis(), SLACK.toMillis());
    }
}
