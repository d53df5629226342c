package dev.pgleader.internal.runtime;

import java.time.Duration;

/**
 * How often what every election of a process shares is done, and how long it may take. Immutable.
 *
 * @param heartbeatInterval between the heartbeats of everything this process leads
 * @param retryInterval between the looks at everything it follows, within a jitter of 20 %
 * @param statementTimeout the bound on every statement
 */
public record Pace(Duration heartbeatInterval, Duration retryInterval, Duration statementTimeout) {}
