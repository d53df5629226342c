package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Takeover;
import dev.pgleader.internal.election.Timings;
import java.time.Duration;

/**
 * How often what every election of a process shares is done, and how long it may take. Immutable.
 *
 * @param heartbeatInterval between the heartbeats of everything this process leads
 * @param retryInterval between the looks at everything it follows, within a jitter of 20 %
 * @param statementTimeout the bound on every statement
 */
public record Pace(Duration heartbeatInterval, Duration retryInterval, Duration statementTimeout) {

    static Pace of(ElectionConfig config) {
        return new Pace(config.heartbeatInterval(), config.retryInterval(), config.statementTimeout());
    }

    /** Returns the lengths by which each candidate lives. */
    static Timings timingsOf(ElectionConfig config) {
        return new Timings(
                config.leaseDuration(),
                config.refractoryPeriod(),
                config.retryInterval(),
                config.drainTimeout(),
                config.takeover() == Takeover.ON_SESSION_END);
    }
}
