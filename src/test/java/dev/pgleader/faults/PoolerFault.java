package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.Freeze;
import java.sql.Connection;
import java.sql.Statement;

/** What can happen where a pooler in transaction mode stands in between, so that elections run row-only. */
enum PoolerFault implements Fault {
    /** No lock comes free: that the row stands still is all that shows it. */
    PROCESS_KILLED("behind a pooler: process killed (SIGKILL)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.standingStill();
        }

        @Override
        public void strike(Round round) throws Exception {
            round.victim().kill();
            round.scene().leader();
        }
    },

    /** It stands still until others must have taken over, perhaps with a transaction open that the pooler keeps. */
    PROCESS_STOPPED("behind a pooler: process stopped past its lease (SIGSTOP)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.standingStillAndFence();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Freeze freeze = Freeze.of(round.victim().pid())) {
                round.holdPastLease();
                freeze.thaw();
            }
        }
    },

    /** Every connection is gone at once, and can be had again. */
    POOLER_KILLED("pooler killed (SIGKILL), started at once") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.reconnect();
        }

        @Override
        public void strike(Round round) throws Exception {
            round.ground(Ground.Pooled.class).pooler().crash();
            round.mended();
            round.scene().leader();
        }
    },

    /** Every server process that the pooler has is ended, whoever uses it just now. */
    PROCESSES_ENDED("behind a pooler: its server processes ended (pg_terminate_backend)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.reconnect();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Connection admin = round.scene().connect();
                    Statement statement = admin.createStatement()) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'");
            }
            round.mended();
            round.scene().leader();
        }
    };

    private final String title;

    PoolerFault(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.on(Ground.Pooled::lay);
    }
}
