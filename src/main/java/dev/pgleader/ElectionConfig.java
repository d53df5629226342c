package dev.pgleader;

import dev.pgleader.internal.postgres.SchemaName;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;

/**
 * The settings of an {@link Elections}. Immutable; made by {@link #builder()}, which checks how they relate.
 *
 * <p>A length is at least 10 ms. Lengths are stored with the leader's row, so that processes with different settings, as
 * during a rolling deploy, judge a leader by the leader's own.
 */
public final class ElectionConfig {
    private static final ElectionConfig DEFAULTS = builder().build();

    private final Builder set;

    private ElectionConfig(Builder set) {
        this.set = set;
    }

    /** {@return the settings that suit most services} */
    public static ElectionConfig defaults() {
        return DEFAULTS;
    }

    /** {@return a builder that starts from the default settings, not thread-safe} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return how long a heartbeat is good for, 5 s by default} */
    public Duration leaseDuration() {
        return set.leaseDuration;
    }

    /** {@return how often a leader writes, 1 s by default} */
    public Duration heartbeatInterval() {
        return set.heartbeatInterval;
    }

    /** {@return the last part of the lease, in which nobody leads, 1.5 s by default} */
    public Duration refractoryPeriod() {
        return set.refractoryPeriod;
    }

    /** {@return how often a follower looks anyway, 2 s by default} */
    public Duration retryInterval() {
        return set.retryInterval;
    }

    /** {@return the bound on every statement, 1 s by default} */
    public Duration statementTimeout() {
        return set.statementTimeout;
    }

    /** {@return the bound on connecting and setting up a session, 10 s by default} */
    public Duration connectTimeout() {
        return set.connectTimeout;
    }

    /** {@return how long a graceful release waits for the work to return, 30 s by default} */
    public Duration drainTimeout() {
        return set.drainTimeout;
    }

    /** {@return when the lock of a leader whose session has ended may be used, {@link Takeover#AFTER_LEASE} by default} */
    public Takeover takeover() {
        return set.takeover;
    }

    /** {@return the schema with the tables, {@code pgleader} by default} */
    public String schema() {
        return set.schema;
    }

    /** {@return how fences keep a successor out, {@link FenceForm#ROW_LOCK} by default} */
    public FenceForm fenceForm() {
        return set.fenceForm;
    }

    /** {@return the bound on a fenced transaction, 30 s by default} */
    public Duration fenceTimeout() {
        return set.fenceTimeout;
    }

    /** {@return what makes the threads for {@link LeadFunction}s and listeners; the factory; by default of daemon platform threads} */
    public ThreadFactory callbackThreads() {
        return set.callbackThreads;
    }

    /**
     * {@return how long a leader believes in a heartbeat, counted from before it was sent: the lease without the refractory
     * period, less 1 % for clocks of different rates; 3.465 s by default}
     */
    public Duration trust() {
        Duration believed = set.leaseDuration.minus(set.refractoryPeriod);
        return believed.minus(believed.dividedBy(100));
    }

    @Override
    public String toString() {
        return "ElectionConfig[leaseDuration=" + set.leaseDuration + ", heartbeatInterval=" + set.heartbeatInterval
                + ", refractoryPeriod=" + set.refractoryPeriod + ", retryInterval=" + set.retryInterval
                + ", statementTimeout=" + set.statementTimeout + ", connectTimeout=" + set.connectTimeout
                + ", drainTimeout=" + set.drainTimeout + ", takeover=" + set.takeover + ", schema=" + set.schema
                + ", fenceForm=" + set.fenceForm + ", fenceTimeout=" + set.fenceTimeout + "]";
    }

    /** Builds an {@link ElectionConfig}. Not thread-safe. */
    public static final class Builder {
        private Duration leaseDuration = Duration.ofSeconds(5);
        private Duration heartbeatInterval = Duration.ofSeconds(1);
        private Duration refractoryPeriod = Duration.ofMillis(1500);
        private Duration retryInterval = Duration.ofSeconds(2);
        private Duration statementTimeout = Duration.ofSeconds(1);
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Takeover takeover = Takeover.AFTER_LEASE;
        private String schema = Schema.DEFAULT_NAME;
        private FenceForm fenceForm = FenceForm.ROW_LOCK;
        private Duration fenceTimeout = Duration.ofSeconds(30);
        private ThreadFactory callbackThreads = new DaemonThreads();

        private Builder() {}

        private Builder(Builder other) {
            this.leaseDuration = other.leaseDuration;
            this.heartbeatInterval = other.heartbeatInterval;
            this.refractoryPeriod = other.refractoryPeriod;
            this.retryInterval = other.retryInterval;
            this.statementTimeout = other.statementTimeout;
            this.connectTimeout = other.connectTimeout;
            this.drainTimeout = other.drainTimeout;
            this.takeover = other.takeover;
            this.schema = other.schema;
            this.fenceForm = other.fenceForm;
            this.fenceTimeout = other.fenceTimeout;
            this.callbackThreads = other.callbackThreads;
        }

        /**
         * Sets how long a heartbeat is good for; 5 s by default, 1 day at most. Longer: survives longer stalls of the
         * database and of the process. Shorter: a crashed leader is replaced sooner.
         *
         * @param length the lease
         * @return this builder
         */
        public Builder leaseDuration(Duration length) {
            this.leaseDuration = SettingRules.bounded("leaseDuration", length);
            return this;
        }

        /**
         * Sets how often a leader writes; 1 s by default. Shorter: more attempts fit into the lease. Longer: fewer
         * writes; there is one per process however many elections it leads.
         *
         * @param length the interval
         * @return this builder
         */
        public Builder heartbeatInterval(Duration length) {
            this.heartbeatInterval = SettingRules.bounded("heartbeatInterval", length);
            return this;
        }

        /**
         * Sets the last part of the lease, in which nobody may lead; 1.5 s by default, zero or at least 10 ms. Longer: cancelled
         * work has more time to stop before somebody else starts. Shorter: more of the lease can be used.
         *
         * @param length the period
         * @return this builder
         */
        public Builder refractoryPeriod(Duration length) {
            Objects.requireNonNull(length, "refractoryPeriod");
            this.refractoryPeriod = length.isZero() ? length : SettingRules.bounded("refractoryPeriod", length);
            return this;
        }

        /**
         * Sets how often a follower looks when nothing else woke it, within 20 %; 2 s by default, 10 ms to 1 min.
         * Shorter: a lost announcement costs less time, and with {@link Takeover#ON_SESSION_END} a killed leader is
         * replaced sooner. Longer: fewer reads; there is one per process however many elections it follows.
         *
         * @param length the interval
         * @return this builder
         */
        public Builder retryInterval(Duration length) {
            this.retryInterval = SettingRules.bounded("retryInterval", length);
            return this;
        }

        /**
         * Sets the bound on every statement; 1 s by default. Longer: a slow database is tolerated for longer. Shorter: a
         * hung connection is noticed sooner.
         *
         * @param length the time-out
         * @return this builder
         */
        public Builder statementTimeout(Duration length) {
            this.statementTimeout = SettingRules.bounded("statementTimeout", length);
            return this;
        }

        /**
         * Sets the bound on connecting: reaching the server, TLS, logging in and setting up the session together; 10 s by
         * default. It holds for any data source. Longer: a login that takes long succeeds. Shorter: a data source that gives
         * no connection is asked again sooner.
         *
         * @param length the time-out
         * @return this builder
         */
        public Builder connectTimeout(Duration length) {
            this.connectTimeout = SettingRules.bounded("connectTimeout", length);
            return this;
        }

        /**
         * Sets how long {@code close()} and {@code resign()} wait for the work to return; 30 s by default. When it has
         * not, the lease runs out instead.
         *
         * @param length the time-out
         * @return this builder
         */
        public Builder drainTimeout(Duration length) {
            this.drainTimeout = SettingRules.bounded("drainTimeout", length);
            return this;
        }

        /**
         * Sets when the lock of a leader whose session has ended may be used; {@link Takeover#AFTER_LEASE} by default.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder takeover(Takeover policy) {
            this.takeover = Objects.requireNonNull(policy, "takeover");
            return this;
        }

        /**
         * Sets the schema with the tables; {@code pgleader} by default.
         *
         * @param name its name, unquoted, 1 to 63 bytes in UTF-8
         * @return this builder
         */
        public Builder schema(String name) {
            this.schema = new SchemaName(name).value();
            return this;
        }

        /**
         * Sets how fences keep a successor out; {@link FenceForm#ROW_LOCK} by default. {@link FenceForm#SHARED_LOCK} is for
         * thousands of fenced transactions a second, at READ COMMITTED only.
         *
         * @param form the form
         * @return this builder
         */
        public Builder fenceForm(FenceForm form) {
            this.fenceForm = Objects.requireNonNull(form, "fenceForm");
            return this;
        }

        /**
         * Sets after how long without a statement the database ends a fenced transaction, and from PostgreSQL 17 on after how
         * long in all; 30 s by default. Longer: longer transactions can be fenced. Shorter: a process that
         * freezes in a fenced transaction keeps a successor waiting for less time.
         *
         * @param length the bound
         * @return this builder
         */
        public Builder fenceTimeout(Duration length) {
            this.fenceTimeout = SettingRules.bounded("fenceTimeout", length);
            return this;
        }

        /**
         * Sets what makes the threads for {@link LeadFunction}s and listeners; by default daemon platform threads.
         * On Java 21 and later {@code Thread.ofVirtual().factory()} will do. A factory that blocks holds up the functions
         * and listeners of this process, but neither heartbeats nor interrupts.
         *
         * @param factory the factory; it must not return null, and its threads' {@code interrupt()} must not block
         * @return this builder
         */
        public Builder callbackThreads(ThreadFactory factory) {
            this.callbackThreads = Objects.requireNonNull(factory, "callbackThreads");
            return this;
        }

        /**
         * {@return the settings}
         *
         * @throws IllegalArgumentException if they contradict each other; the message names both sides
         */
        public ElectionConfig build() {
            return SettingRules.checked(new ElectionConfig(new Builder(this)));
        }
    }
}
