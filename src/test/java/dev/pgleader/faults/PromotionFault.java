package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.PrimaryAndStandby;
import java.sql.Connection;
import java.time.Duration;

/**
 * A standby that is behind is promoted, and every process is switched over to it, while the old primary lives on.
 *
 * <p>What was committed on the old primary since the replication was cut is lost: heartbeats, writes, and in half of the
 * rounds a whole term. The two servers are two histories: in each of them fenced writes must be in order, and no term may
 * be issued to one candidate in the one and to another in the other. Leaderships must not overlap either, since nobody is
 * left on the old primary.
 */
enum PromotionFault implements Fault {
    /** The only one. */
    PROMOTED;

    private static final int ONCE = 1;

    @Override
    public String title() {
        return "standby behind promoted, old primary lives on";
    }

    @Override
    public Setup setup() {
        Setup proxied = Setup.over(Route.Kind.PROXIED);
        return new Setup(proxied.route(), Ground.Pair::lay, proxied.processes(), proxied.candidates(), ONCE);
    }

    @Override
    public Bound bound(Takeover takeover) {
        return Bound.reconnectAndStandingStill();
    }

    @Override
    public void strike(Round round) throws Exception {
        PrimaryAndStandby pair = round.ground(Ground.Pair.class).pair();
        pair.awaitReplication();
        pair.cutReplication();
        if (round.random().nextBoolean()) {
            try (Connection admin = round.scene().connect()) {
                Backends.terminateSession(admin);
            }
        }
        round.hold(Duration.ZERO, Settings.LEASE);
        pair.promote();
        for (Contestant contestant : round.scene().contestants()) {
            ((Route.Proxied) contestant.route()).proxy().switchTo(pair.standby().port());
        }
        round.mended();
    }
}
