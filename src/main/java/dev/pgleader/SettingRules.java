package dev.pgleader;

import java.time.Duration;
import java.util.Objects;

/** What settings must be like, and how they must relate. Each refusal names the setting and its value, or both sides. */
final class SettingRules {

    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Less than a millisecond would be no bound at all to the driver: it takes zero for "for ever". */
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private SettingRules() {}

    /** Returns a length if it can be one at all. */
    static Duration bounded(String name, Duration length) {
        Objects.requireNonNull(length, name);
        require(
                length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0,
                name + " must be at least " + SHORTEST + " and at most " + LONGEST + ", not " + length);
        return length;
    }

    /** Returns settings if they go with each other. */
    static ElectionConfig checked(ElectionConfig config) {
        Duration retry = config.retryInterval();
        require(
                retry.compareTo(LONGEST_RETRY) <= 0,
                "retryInterval must be at least " + SHORTEST + " and at most " + LONGEST_RETRY + ", not " + retry);
        Duration lease = config.leaseDuration();
        Duration refractory = config.refractoryPeriod();
        require(
                refractory.compareTo(lease) < 0,
                "refractoryPeriod (" + refractory + ") must be less than leaseDuration (" + lease + ")");
        Duration heartbeat = config.heartbeatInterval();
        Duration statement = config.statementTimeout();
        Duration needed = heartbeat.plus(statement.multipliedBy(2));
        require(
                needed.compareTo(config.trust()) <= 0,
                "heartbeatInterval + 2 x statementTimeout (" + heartbeat + " + 2 x " + statement + " = " + needed
                        + ") must fit into the leader's trust of " + config.trust()
                        + ", which is leaseDuration - refractoryPeriod (" + lease + " - " + refractory + ") less 1 %");
        return config;
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
