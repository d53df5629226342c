package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.EmbeddedServer;
import dev.pgleader.testing.Freeze;
import java.time.Duration;

/** What can happen to the whole server. Nobody can lead before it is back. */
enum ServerFault implements Fault {
    /** It is stopped in good order (fast) and started again after a while. */
    STOPPED("server stopped (fast), started later") {
        @Override
        public void strike(Round round) throws Exception {
            server(round).stop();
            round.hold(Duration.ZERO, Settings.LEASE.multipliedBy(2));
            server(round).start();
            round.mended();
        }
    },

    /** It ends at once (immediate) and is started again after a while. */
    CRASHED("server crashed (immediate), started later") {
        @Override
        public void strike(Round round) throws Exception {
            server(round).crash();
            round.hold(Duration.ZERO, Settings.LEASE.multipliedBy(2));
            server(round).start();
            round.mended();
        }
    },

    /** It is stopped in good order and started again at once. */
    RESTARTED("server restarted at once") {
        @Override
        public void strike(Round round) throws Exception {
            server(round).restart();
            round.mended();
        }
    },

    /** All its processes stand still, and its sockets stay open. */
    FROZEN("whole server stopped past the lease (SIGSTOP)") {
        @Override
        public void strike(Round round) throws Exception {
            try (Freeze freeze = Freeze.of(server(round).pids())) {
                round.holdPastLease();
                freeze.thaw();
            }
            round.mended();
        }
    };

    private final String title;

    ServerFault(String title) {
        this.title = title;
    }

    private static EmbeddedServer server(Round round) {
        return round.scene().ground().server();
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
        return Bound.reconnect();
    }
}
