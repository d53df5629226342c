package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.TcpProxy;
import java.time.Duration;

/** What a proxy can do to the bytes between one process and the server. */
enum ProxyFault implements Fault {
    /** Every connection ends inside a message of the protocol: in its head, or in its body. */
    CUT_INSIDE("proxy cuts inside a message") {
        @Override
        void disturb(Round round, TcpProxy proxy) {
            proxy.cutInside(1 + round.random().nextInt(12));
        }
    },

    /** Every byte is late: by so little that the leader can go on, or by so much that it cannot. */
    DELAY("proxy delays every byte by 50 to 400 ms") {
        @Override
        void disturb(Round round, TcpProxy proxy) {
            proxy.delay(round.between(Duration.ofMillis(50), Duration.ofMillis(400)));
        }
    },

    /** Every byte is lost, and so is the news that a connection has ended. */
    SWALLOW("proxy swallows every byte") {
        @Override
        void disturb(Round round, TcpProxy proxy) {
            proxy.swallow();
        }
    },

    /** Requests reach the server; answers come only when the proxy is mended, late. */
    HOLD_ANSWERS("proxy holds answers back, delivers them late") {
        @Override
        void disturb(Round round, TcpProxy proxy) {
            proxy.holdAnswers();
        }
    };

    private final String title;

    ProxyFault(String title) {
        this.title = title;
    }

    abstract void disturb(Round round, TcpProxy proxy);

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.over(Route.Kind.PROXIED);
    }

    @Override
    public Bound bound(Takeover takeover) {
        return Bound.leaseAndFence();
    }

    @Override
    public void strike(Round round) throws Exception {
        TcpProxy proxy = ((Route.Proxied) round.victim().route()).proxy();
        disturb(round, proxy);
        try {
            round.holdPastLease();
        } finally {
            proxy.mend();
        }
    }
}
