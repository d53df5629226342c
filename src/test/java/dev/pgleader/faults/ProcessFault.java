package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.Freeze;
import java.time.Duration;

/** What can happen to a candidate's process. */
enum ProcessFault implements Fault {
    /** It is gone at once; its sockets are closed by the system. */
    KILLED("process killed (SIGKILL)") {
        @Override
        public Bound bound(Takeover takeover) {
            return takeover == Takeover.AFTER_LEASE
                    ? Bound.lease()
                    : new Bound(
                            "1.2 Y + R + X",
                            Settings.RETRY
                                    .multipliedBy(12)
                                    .dividedBy(10)
                                    .plus(Settings.REFRACTORY)
                                    .plus(Settings.SLACK),
                            Bound.From.LOSS);
        }

        @Override
        public void strike(Round round) throws Exception {
            round.victim().kill();
            round.scene().leader();
        }
    },

    /** It stands still until others must have taken over, and goes on in the middle of whatever it did. */
    STOPPED("process stopped past its lease (SIGSTOP)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.leaseAndFence();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Freeze freeze = Freeze.of(round.victim().pid())) {
                round.holdPastLease();
                freeze.thaw();
            }
        }
    },

    /** It stands still as in a long collection of garbage: longer than its trust, shorter than its lease. */
    PAUSED("process paused past its trust, within its lease") {
        @Override
        public void strike(Round round) throws Exception {
            try (Freeze freeze = Freeze.of(round.victim().pid())) {
                round.hold(Settings.trust().plusMillis(20), Settings.LEASE.minus(WITHIN));
                freeze.thaw();
            }
        }
    };

    private static final Duration WITHIN = Duration.ofMillis(100);

    private final String title;

    ProcessFault(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.direct();
    }

    @Override
    public Bound bound(Takeover takeover) {
        return Bound.lease();
    }
}
