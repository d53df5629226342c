package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.Freeze;
import java.sql.Connection;
import java.sql.Statement;

/** What can happen to the leader's connections at the server's end, and to the table that they use. */
enum SessionFault implements Fault {
    /** An administrator ends the session that holds the lock. */
    SESSION_TERMINATED("session ended (pg_terminate_backend)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.sessionEnd();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Connection admin = round.scene().connect()) {
                require(Backends.terminateSession(admin));
            }
            round.hold(Settings.STATEMENT, Settings.LEASE);
        }
    },

    /** An administrator ends the connection on which announcements come. */
    LISTENER_TERMINATED("listener ended (pg_terminate_backend)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.none();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Connection admin = round.scene().connect()) {
                require(Backends.terminateListener(admin));
            }
            round.hold(Settings.STATEMENT, Settings.LEASE);
        }
    },

    /** The backend of the leader's session stands still and keeps the lock: that its row stands still is enough for the others. */
    BACKEND_STOPPED("leader's backend stopped (SIGSTOP)") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.standingStill();
        }

        @Override
        public void strike(Round round) throws Exception {
            long pid;
            try (Connection admin = round.scene().connect()) {
                pid = Backends.session(admin);
            }
            try (Freeze freeze = Freeze.of(pid)) {
                round.hold(Settings.LEASE.multipliedBy(2), Settings.LEASE.multipliedBy(3));
                round.scene().leader();
                freeze.thaw();
            }
        }
    },

    /** Somebody locks the whole table, as a migration may. */
    TABLE_LOCKED("ACCESS EXCLUSIVE on the table past the lease") {
        @Override
        public Bound bound(Takeover takeover) {
            return Bound.lockFree();
        }

        @Override
        public void strike(Round round) throws Exception {
            try (Connection admin = round.scene().connect();
                    Statement statement = admin.createStatement()) {
                admin.setAutoCommit(false);
                statement.execute("lock table pgleader.session, pgleader.election in access exclusive mode");
                round.holdPastLease();
                admin.commit();
            }
            round.mended();
        }
    };

    private final String title;

    SessionFault(String title) {
        this.title = title;
    }

    private static void require(boolean happened) {
        if (!happened) {
            throw new IllegalStateException("there was nothing to end");
        }
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.direct();
    }
}
