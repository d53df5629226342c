package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.Pause;
import dev.pgleader.testing.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the server can run out of. */
enum ShortageFault implements Fault {
    /** Others have taken every connection, and the leader loses its own. */
    NO_CONNECTIONS("max_connections exhausted, leader's session ended") {
        @Override
        public Setup setup() {
            return Setup.on(Ground.Crowded::lay);
        }

        @Override
        public Bound bound(Takeover takeover) {
            return Bound.lease();
        }

        @Override
        public void strike(Round round) throws Exception {
            List<Connection> crowd = new ArrayList<>();
            try (Connection admin = round.scene().connect()) {
                takeAll(round.scene(), crowd);
                Backends.terminateSession(admin);
                long end = System.nanoTime() + Settings.LEASE.toNanos();
                while (System.nanoTime() < end) {
                    takeAll(round.scene(), crowd);
                    Pause.millis(1);
                }
            } finally {
                for (Connection each : crowd) {
                    each.close();
                }
            }
        }
    },

    /** Not a byte can be written: the server fails with the next file that it needs, and comes back when there is room. */
    DISK_FULL("disk full, server fails") {
        @Override
        public Setup setup() {
            return Setup.on(Ground.FullDisk::lay);
        }

        @Override
        public Bound bound(Takeover takeover) {
            return Bound.reconnect();
        }

        @Override
        public void strike(Round round) throws Exception {
            Ground.FullDisk ground = round.ground(Ground.FullDisk.class);
            ground.disk().fill();
            try {
                int panics = panics(ground.server());
                exhaust(ground.server());
                Waiting.until(
                        RECOVERY,
                        () -> panics(ground.server()) > panics,
                        () -> "the server did not mind: " + ground.server().log());
                round.hold(Duration.ZERO, Settings.LEASE);
            } finally {
                ground.disk().clear();
            }
            bringBack(ground.server());
            round.mended();
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final int MOST_SEGMENTS = 50;

    private final String title;

    ShortageFault(String title) {
        this.title = title;
    }

    private static void takeAll(Scene scene, List<Connection> crowd) {
        while (crowd.size() < Ground.Crowded.CONNECTIONS) {
            try {
                crowd.add(scene.connectAsUser());
            } catch (SQLException none) {
                return;
            }
        }
    }

    /** Has the server ask for one new file of its log after the other, until it fails. */
    private static void exhaust(EmbeddedServer server) {
        try (Connection admin = server.connectAsAdmin("postgres");
                Statement statement = admin.createStatement()) {
            for (int i = 0; i < MOST_SEGMENTS; i++) {
                statement.execute("select pg_logical_emit_message(false, '', 'x'), pg_switch_wal()");
            }
        } catch (SQLException failed) {
            // As it should.
            return;
        }
        throw new IllegalStateException("the disk is not full: " + MOST_SEGMENTS + " more files of the log went on it");
    }

    /**
     * A server that restarts its processes by itself needs a moment; one that has given up is started. One that has done
     * neither after a while is ended first: PostgreSQL 18.6 was seen to wait for ever for a process that had failed in its
     * recovery.
     */
    private static void bringBack(EmbeddedServer server) {
        long patient = System.nanoTime() + PATIENCE.toNanos();
        Waiting.until(
                RECOVERY,
                () -> {
                    if (server.isRunning() && System.nanoTime() > patient && !isBack(server)) {
                        server.crash();
                    }
                    return isBack(server);
                },
                server::log);
    }

    /** Returns how often the server has failed so far. */
    private static int panics(EmbeddedServer server) {
        return server.log().split("PANIC:", -1).length;
    }

    /** Starts the server if it has ended; returns whether it lets anybody in. */
    private static boolean isBack(EmbeddedServer server) {
        if (!server.isRunning()) {
            server.start();
        }
        try (Connection admin = server.connectAsAdmin("postgres")) {
            return admin.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    @Override
    public String title() {
        return title;
    }
}
