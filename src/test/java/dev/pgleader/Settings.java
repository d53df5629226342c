package dev.pgleader;

import java.time.Duration;

/** Settings that tests begin with. */
final class Settings {

    private Settings() {}

    /** Looks often, and has a lease that nobody loses because the machine is slow. */
    static ElectionConfig.Builder calm() {
        return ElectionConfig.builder()
                .leaseDuration(Duration.ofSeconds(10))
                .retryInterval(Duration.ofMillis(100))
                .statementTimeout(Duration.ofSeconds(2));
    }

    /** For tests that wait for a lease to end. On a slow machine a leadership may be lost without a cause. */
    static ElectionConfig.Builder quick() {
        return ElectionConfig.builder()
                .leaseDuration(Duration.ofMillis(1500))
                .heartbeatInterval(Duration.ofMillis(200))
                .refractoryPeriod(Duration.ofMillis(300))
                .retryInterval(Duration.ofMillis(100))
                .statementTimeout(Duration.ofMillis(400));
    }

    /** A lease so long that what happens in a test did not happen because the lease or a heartbeat was due. */
    static ElectionConfig.Builder slow() {
        return ElectionConfig.builder()
                .leaseDuration(Duration.ofMinutes(30))
                .heartbeatInterval(Duration.ofMinutes(10))
                .refractoryPeriod(Duration.ofMillis(300))
                .retryInterval(Duration.ofMillis(200))
                .statementTimeout(Duration.ofSeconds(5));
    }
}
