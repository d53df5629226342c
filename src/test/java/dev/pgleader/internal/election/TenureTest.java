package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.at;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.look;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.tenure;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TenureTest {

    /** Five seconds less the refractory period of 1.5 s, less 1 % of what is left. */
    private static final Duration TRUST = Duration.ofMillis(3465);

    @Test
    void trust_isTheLeaseWithoutItsRefractoryPeriodLessOnePercent() {
        assertEquals(TRUST, ME.timings().trust());
    }

    @Test
    void trust_withoutARefractoryPeriod_stillEndsBeforeTheLease() {
        Timings none = new Timings(LEASE, Duration.ZERO, LEASE, LEASE, true);

        assertEquals(Duration.ofMillis(4950), none.trust());
    }

    @Test
    void tenure_ofATakingThatWasAnsweredLate_isCountedFromBeforeItWasSent() {
        Sighting before = look(vacantRow(), HERE, LEASE, atMillis(1000), atMillis(3000));

        Recovering next = (Recovering) State.initial(atMillis(0))
                .taken(ME, before, MY_SESSION, TERM, atMillis(3000))
                .next();

        assertEquals(new Deadline(atMillis(1000).plus(TRUST)), next.tenure().trust());
        assertEquals(atMillis(1000).plus(LEASE), next.tenure().leaseEnd());
        assertEquals(atMillis(1000), next.tenure().since());
    }

    @Test
    void tenure_renewedByALateAnswer_isCountedFromBeforeTheHeartbeatWasSent() {
        Leading leading = new Leading(tenure(), true);

        Leading next = (Leading)
                leading.renewed(ME, MY_SESSION, atMillis(1000), atMillis(3000)).next();

        assertEquals(new Deadline(atMillis(1000).plus(TRUST)), next.tenure().trust());
        assertEquals(atMillis(1000).plus(LEASE), next.tenure().leaseEnd());
        assertEquals(atMillis(0), next.tenure().since());
    }

    @Test
    void tenure_outrun_holdsTheLockForLonger_butBelievesInNothingForLonger() {
        Tenure outrun = tenure().outrun(atMillis(8000));

        assertEquals(atMillis(8000), outrun.leaseEnd());
        assertEquals(tenure().trust(), outrun.trust());
        assertEquals(atMillis(8000), outrun.outrun(atMillis(7000)).leaseEnd());
    }

    @Test
    void failures_areCountedWhileNoLeadershipLastsLongerThanTheLongestPause() {
        Duration longest = HoldBack.longest(ME);
        Tenure third = Tenure.from(ME, MY_SESSION, TERM, atMillis(0), 2);

        assertEquals(1, tenure().failuresAt(ME, atMillis(1)));
        assertEquals(3, third.failuresAt(ME, at(longest)));
        assertEquals(1, third.failuresAt(ME, at(longest.plus(nano()))));
    }

    @Test
    void trust_always_endsBeforeTheLeaseByMoreThanTheRefractoryPeriod() {
        Tenure tenure = tenure();

        Duration gap = tenure.leaseEnd().since(tenure.trust().at());

        assertTrue(gap.compareTo(ME.timings().refractory()) > 0, gap.toString());
    }
}
