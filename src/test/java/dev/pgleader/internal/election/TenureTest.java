package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.LOCK;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
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
    void tenure_ofATakeThatWasAnsweredLate_isCountedFromBeforeItWasSent() {
        Vigil vigil = new Vigil(vacantRow(), HERE, atMillis(0));
        Taking taking = new Taking(vigil, new Claim(Claim.Basis.VACANT, vacantRow()), atMillis(0), LOCK);

        Recovering next = (Recovering)
                taking.taken(ME, TERM, atMillis(1000), atMillis(3000)).next();

        assertEquals(new Deadline(atMillis(1000).plus(TRUST)), next.tenure().trust());
        assertEquals(atMillis(1000).plus(LEASE), next.tenure().leaseEnd());
    }

    @Test
    void tenure_renewedByALateAnswer_isCountedFromBeforeTheHeartbeatWasSent() {
        Leading leading = new Leading(Tenure.from(ME, LOCK, TERM, atMillis(0)), true);

        Leading next = (Leading)
                leading.renewed(ME, TERM, atMillis(1000), atMillis(3000)).next();

        assertEquals(Tenure.from(ME, LOCK, TERM, atMillis(1000)), next.tenure());
        assertEquals(new Deadline(atMillis(1000).plus(TRUST)), next.tenure().trust());
    }

    @Test
    void trust_always_endsBeforeTheLeaseByMoreThanTheRefractoryPeriod() {
        Tenure tenure = Tenure.from(ME, LOCK, TERM, atMillis(0));

        Duration gap = tenure.leaseEnd().since(tenure.trust().at());

        assertTrue(gap.compareTo(ME.timings().refractory()) > 0, gap.toString());
    }
}
