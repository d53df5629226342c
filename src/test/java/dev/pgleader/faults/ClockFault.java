package dev.pgleader.faults;

import dev.pgleader.Takeover;
import java.time.Duration;

/** What can happen to the database's clock; the candidates' own go on as they do. */
enum ClockFault implements Fault {
    /** An hour forwards: every lease seems to be over. */
    FORWARDS("database clock + 1 h") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.nextLook();
        }

        @Override
        public void strike(Round round) throws Exception {
            Steps.step(round, HOUR);
            round.hold(Duration.ZERO, Settings.LEASE);
        }
    },

    /** An hour backwards: a lease seems to last an hour more, which does not concern the one who has it. */
    BACKWARDS("database clock − 1 h") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.none();
        }

        @Override
        public void strike(Round round) throws Exception {
            Steps.step(round, HOUR.negated());
            round.hold(Duration.ZERO, Settings.LEASE);
        }
    },

    /** An hour backwards, and the leader dies: its row shows an hour of lease that nobody may wait for. */
    BACKWARDS_AND_KILLED("database clock − 1 h and leader killed") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.standingStill();
        }

        @Override
        public void strike(Round round) throws Exception {
            Contestant leader = round.scene().leader();
            Steps.step(round, HOUR.negated());
            leader.kill();
            round.scene().leader();
        }
    };

    private static final Duration HOUR = Duration.ofHours(1);

    private final String title;

    ClockFault(String title) {
        this.title = title;
    }

    /** Where the clock is now, which the file that the server reads knows. */
    private static final class Steps {

        private Steps() {}

        static void step(Round round, Duration by) {
            Ground.SteppedClock clock = round.ground(Ground.SteppedClock.class);
            clock.set(clock.ahead().plus(by));
        }
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.on(Ground.SteppedClock::lay);
    }
}
