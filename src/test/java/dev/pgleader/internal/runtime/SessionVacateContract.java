package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Vacation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every session keeps to when its leaders serve, go, or cannot go. See {@link Session}. */
public interface SessionVacateContract extends SessionFixture {

    // Serving

    @Test
    default void leaderThatIsReady_isSaidToLead_andThatIsAnnounced() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        Listener listener = listener();

        assertEquals(Set.of("orders"), me.session().lead(List.of(held("orders", row))));

        Row.Holder holder = seen(me.session(), "orders").row().holder().orElseThrow();
        assertEquals(Phase.LEADING, holder.phase());
        assertEquals(row.term(), seen(me.session(), "orders").row().term());
        assertTrue(seen(me.session(), "orders").row().ownHand());
        assertEquals(Map.of("orders", News.CHANGED), announced(listener, me.session()));
    }

    @Test
    default void leaderThatTheRowDoesNotName_isNotSaidToLead() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        for (Held wrong : others(me, row)) {
            assertEquals(Set.of(), me.session().lead(List.of(wrong)), wrong::toString);
        }

        assertEquals(row, seen(me.session(), "orders").row());
    }

    @Test
    default void rowEditedByHand_isSaidToLead_andStaysEdited() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        byHand().rewrite("orders");

        me.session().lead(List.of(held("orders", row)));

        Row after = seen(me.session(), "orders").row();
        assertEquals(Phase.LEADING, after.holder().orElseThrow().phase());
        assertFalse(after.ownHand());
    }

    @Test
    default void leaderWhoseRowIsLocked_isSaidToLeadLater() throws Exception {
        Entered me = entered();
        Row locked = elected(me, "locked", ME);
        Row free = elected(me, "free", ME);
        List<Held> both = List.of(held("locked", locked), held("free", free));
        Foreign locker = lockRow("locked");

        assertEquals(Set.of("free"), me.session().lead(both));
        locker.end();

        assertEquals(Set.of("locked", "free"), me.session().lead(both));
    }

    // Vacating

    @Test
    default void rowVacated_isFreeAtOnce_keepsItsTerm_andIsAnnounced() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        Listener listener = listener();

        vacated(me, held("orders", row));

        Row after = seen(me.session(), "orders").row();
        assertEquals(Optional.empty(), after.holder());
        assertEquals(row.term(), after.term());
        assertEquals(row.term(), after.released());
        assertEquals(LEASE, after.lease());
        assertTrue(after.ownHand());
        assertEquals(Duration.ZERO, seen(me.session(), "orders").remaining());
        assertEquals(Map.of("orders", News.VACATED), announced(listener, me.session()));
        assertTrue(wins(entered(), "orders", OTHER, Grounds.NONE));
    }

    @Test
    default void rowThatNamesAnother_isLeftAlone_andSaidToBeGone() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        for (Held wrong : others(me, row)) {
            vacated(me, wrong);
        }
        vacated(me, new Held("unknown", ME, row.term(), me.id()));

        assertEquals(row, seen(me.session(), "orders").row());
    }

    @Test
    default void rowThatIsLocked_isNotSaidToBeVacated_andTheOthersAre() throws Exception {
        Entered me = entered();
        Row locked = elected(me, "locked", ME);
        Row free = elected(me, "free", ME);
        lockRow("locked");

        Set<String> gone = me.session().vacate(List.of(resigned(held("locked", locked)), resigned(held("free", free))));

        assertEquals(Set.of("free"), gone);
        assertEquals(
                held("locked", locked),
                held("locked", seen(me.session(), "locked").row()));
    }

    @Test
    default void rowThatIsFenced_isVacatedAllTheSame() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        fenceRow("orders");

        vacated(me, held("orders", row));

        assertEquals(Optional.empty(), seen(me.session(), "orders").row().holder());
    }

    @Test
    default void rowOfASessionThatIsOver_canBeVacated() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        byHand().setRemaining(me.id(), Duration.ofMillis(-1));

        vacated(me, held("orders", row));

        assertTrue(wins(entered(), "orders", OTHER, Grounds.NONE));
    }

    @Test
    default void rowEditedByHand_isVacated_asOneThatMustStandStill() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        byHand().rewrite("orders");

        vacated(me, held("orders", row));

        mustStandStill(me);
    }

    @Test
    default void rowOfAnotherHistory_isVacated_asOneThatMustStandStill() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        byHand().setHistory(
                        "orders",
                        me.session().server().systemIdentifier(),
                        me.session().server().timeline() + 1);

        vacated(me, held("orders", row));

        mustStandStill(me);
    }

    @Test
    default void leadersOfFormerSessions_areVacatedByThePresentOne() throws Exception {
        Entered former = entered();
        Entered me = entered();
        Row row = elected(former, "orders", ME);

        vacated(me, held("orders", row));

        assertEquals(Optional.empty(), seen(me.session(), "orders").row().holder());
    }

    // Detaching

    @Test
    default void rowDetached_isVacant_andMustStandStill() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);
        Listener listener = listener();

        Set<String> gone = me.session().detach(List.of(expired(held("orders", row))));

        assertEquals(Set.of("orders"), gone);
        assertNotEquals(row.term(), seen(me.session(), "orders").row().released());
        assertEquals(LEASE, seen(me.session(), "orders").row().lease());
        assertEquals(Map.of("orders", News.CHANGED), announced(listener, me.session()));
        mustStandStill(me);
    }

    @Test
    default void rowThatNamesAnother_isNotDetached_andSaidToBeGone() throws Exception {
        Entered me = entered();
        Row row = elected(me, "orders", ME);

        for (Held wrong : others(me, row)) {
            assertEquals(Set.of("orders"), me.session().detach(List.of(expired(wrong))));
        }

        assertEquals(row, seen(me.session(), "orders").row());
    }

    // Both

    @Test
    default void eachEnd_isWhatHistoryTells() throws Exception {
        Entered me = entered();
        Row row = elected(me, "vacated", ME);
        Row other = elected(me, "detached", ME);

        me.session().vacate(List.of(new Vacation(held("vacated", row), Loss.HANDED_OVER, Optional.empty())));
        me.session().detach(List.of(new Vacation(held("detached", other), Loss.FAILED, Optional.empty())));

        assertEquals(List.of(new PastTerm(row.term(), ME, Optional.of("handed over"))), history("vacated"));
        assertEquals(List.of(new PastTerm(other.term(), ME, Optional.of("failed"))), history("detached"));
    }

    private static Vacation expired(Held held) {
        return new Vacation(held, Loss.EXPIRED, Optional.empty());
    }

    /** Returns leaderships that are like that of the row, and are not it. */
    private static List<Held> others(Entered me, Row row) {
        return List.of(
                new Held("orders", OTHER, row.term(), me.id()),
                new Held("orders", ME, row.term() - 1, me.id()),
                new Held("orders", ME, row.term() + 1, me.id()),
                new Held("orders", ME, row.term(), me.id() + 1));
    }

    private void mustStandStill(Entered me) throws Exception {
        Row row = seen(me.session(), "orders").row();
        assertEquals(Optional.empty(), row.holder());
        assertFalse(wins(me, "orders", OTHER, Grounds.NONE));
        assertTrue(wins(me, "orders", OTHER, Grounds.NONE.still(version(me.session(), "orders"))));
    }
}
