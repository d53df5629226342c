package dev.pgleader.faults;

import dev.pgleader.Takeover;

/** What packet filters can do to the network of one process. */
enum NetworkFault implements Fault {
    /** Nothing comes through in either direction, and nobody is told. */
    DROP("network cut: DROP in both directions") {
        @Override
        void cut(Namespace namespace) throws Exception {
            namespace.dropAll();
        }
    },

    /** What the server sends is answered with resets: it believes that the connections are gone; the process does not. */
    REJECT_INCOMING("network cut: REJECT of what the server sends") {
        @Override
        void cut(Namespace namespace) throws Exception {
            namespace.rejectIncoming();
        }
    },

    /** What the process sends is answered with resets: it sees that the connections are gone; the server does not. */
    REJECT_OUTGOING("network cut: REJECT of what the process sends") {
        @Override
        void cut(Namespace namespace) throws Exception {
            namespace.rejectOutgoing();
        }
    };

    private final String title;

    NetworkFault(String title) {
        this.title = title;
    }

    abstract void cut(Namespace namespace) throws Exception;

    @Override
    public String title() {
        return title;
    }

    @Override
    public Setup setup() {
        return Setup.over(Route.Kind.ISOLATED);
    }

    @Override
    public Bound bound(Takeover takeover) {
        return Bound.leaseAndFence();
    }

    @Override
    public void strike(Round round) throws Exception {
        Route.Isolated route = (Route.Isolated) round.victim().route();
        cut(route.namespace());
        try {
            round.holdPastLease();
        } finally {
            route.namespace().mend();
        }
    }
}
