package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.Session.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a session keeps to, in place of {@link SessionLocksContract}, where sessions mean nothing. */
public interface SessionlessContract extends SessionFixture {

    @Test
    default void server_isOneWithoutALife() throws Exception {
        Entered me = entered();

        Row taken = elected(me, "orders", ME);

        Server server = me.session().server();
        assertEquals(server.sessionless(), server);
        assertEquals(server, me.session().look(List.of("orders")).server());
        assertTrue(server.hasHistoryOf(taken.writtenOn()), taken::toString);
    }

    @Test
    default void session_hasNoLock() throws Exception {
        Row.HolderSession row = elected(entered(), "orders", ME).session().orElseThrow();

        assertFalse(row.locked());
        assertEquals(0, row.server().startedAtMicros());
    }

    @Test
    default void sessionThatIsOver_isOvertakenOnlyOnceItStoodStill() throws Exception {
        Entered me = entered();
        Entered other = entered();
        elected(other, "orders", OTHER);
        byHand().setRemaining(other.id(), Duration.ofMillis(-1));

        Outcome outcome = me.session().bid(termsOnSessionEnd(me), List.of(Grounds.NONE.by(enrolment("orders", ME))));

        assertEquals(Optional.empty(), of("orders", outcome.seen().rows()).lockFree());
        assertEquals(java.util.Map.of(), outcome.won());
        assertTrue(wins(me, "orders", ME, Grounds.NONE.still(version(me.session(), "orders"))));
    }
}
