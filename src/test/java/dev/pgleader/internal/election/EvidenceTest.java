package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.BEAT;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.ME_ON_SESSION_END;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.SESSION;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.rowOf;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.tenure;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.withLock;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What one look after the other adds to what a candidate knows, and takes away from it. */
class EvidenceTest {

    private static final Evidence HAD = Evidence.of(Optional.of(tenure().former(ME)));

    @Test
    void candidateThatHasSeenNothing_hasNoEvidence() {
        assertEquals(
                new Evidence(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), Evidence.NONE);
        assertEquals(Optional.of(tenure().former(ME)), HAD.former());
    }

    @Test
    void look_beginsAVigil() {
        Evidence first = Evidence.NONE.after(ME, sighting(rowOfAnother(), HERE, LEASE, atMillis(0)));
        Evidence second = first.after(ME, sighting(rowOfAnother(), HERE, LEASE, atMillis(1000)));

        assertEquals(atMillis(0), second.vigil().orElseThrow().since());
    }

    @Test
    void look_thatFindsALockFree_isRemembered() {
        Sighting free = withLock(sighting(rowOfAnother(), HERE, LEASE, atMillis(0)), true);

        assertTrue(Evidence.NONE.after(ME_ON_SESSION_END, free).freed().isPresent());
    }

    @Test
    void formerLeadership_thatTheRowNames_isRemembered_onWhateverServer() {
        for (Server server : List.of(HERE, RESTARTED)) {
            Evidence after = HAD.after(ME, sighting(myRow(TERM), server, LEASE, atMillis(0)));

            assertEquals(HAD.former(), after.former());
        }
    }

    /** Another may have led since, and the row may have been put back. */
    @Test
    void formerLeadership_thatTheRowDoesNotNameAnyMore_isForgottenForEver() {
        for (Row row :
                List.of(vacantRow(), rowOfAnother(), myRow(TERM + 1), rowOf(ANOTHER.id(), TERM, SESSION, BEAT))) {
            Evidence after = HAD.after(ME, sighting(row, HERE, LEASE, atMillis(0)));
            assertEquals(Optional.empty(), after.former(), row.toString());

            Evidence restored = after.after(ME, sighting(myRow(TERM), HERE, LEASE, atMillis(1000)));
            assertEquals(Optional.empty(), restored.former());
        }
    }

    @Test
    void candidateThatHasWaitedForOthers_insistsAfterTheCourtesy() {
        Duration courtesy = ME.timings().courtesy();

        assertEquals(Optional.empty(), Evidence.NONE.insistsFrom(ME));
        assertEquals(
                Optional.of(atMillis(1000).plus(courtesy)),
                Evidence.NONE.ripeSince(Optional.of(atMillis(1000))).insistsFrom(ME));
    }
}
