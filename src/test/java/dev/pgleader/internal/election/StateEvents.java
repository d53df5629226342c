package dev.pgleader.internal.election;

import static dev.pgleader.internal.election.Examples.ANOTHER;
import static dev.pgleader.internal.election.Examples.HERE;
import static dev.pgleader.internal.election.Examples.LEASE;
import static dev.pgleader.internal.election.Examples.ME;
import static dev.pgleader.internal.election.Examples.MY_SESSION;
import static dev.pgleader.internal.election.Examples.RESTARTED;
import static dev.pgleader.internal.election.Examples.TERM;
import static dev.pgleader.internal.election.Examples.appointed;
import static dev.pgleader.internal.election.Examples.asked;
import static dev.pgleader.internal.election.Examples.atMillis;
import static dev.pgleader.internal.election.Examples.byOtherHands;
import static dev.pgleader.internal.election.Examples.detachedRow;
import static dev.pgleader.internal.election.Examples.myRow;
import static dev.pgleader.internal.election.Examples.nano;
import static dev.pgleader.internal.election.Examples.renewedRowOfAnother;
import static dev.pgleader.internal.election.Examples.rowOfAnother;
import static dev.pgleader.internal.election.Examples.sighting;
import static dev.pgleader.internal.election.Examples.vacantBeside;
import static dev.pgleader.internal.election.Examples.vacantRow;
import static dev.pgleader.internal.election.Examples.vacatedFor;
import static dev.pgleader.internal.election.Examples.withLock;
import static dev.pgleader.internal.election.Examples.withoutSession;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every event in each variant that may matter, by the name it has in {@link StateTable}. The leadership in question
 * began at zero, is trusted until 3.465 s, and its lease ends at 5 s; events come at 1 s unless their name says when.
 */
final class StateEvents {

    private interface Happening {
        Step befall(State state, Candidate me);
    }

    private static final Reading NOW = atMillis(1000);
    private static final Reading SENT = atMillis(900);
    private static final Reading TRUST_END = atMillis(3465);
    private static final Reading LEASE_END = atMillis(5000);
    private static final Reading LATER_END = atMillis(5500);
    private static final Reading FAR_AHEAD = atMillis(3_600_000);
    private static final Succession.Request RESIGN = Succession.Request.RESIGN;
    private static final Succession.Request FOR_ANOTHER = Succession.Request.handOverTo(ANOTHER.address());
    private static final Succession.Request FOR_THIS_ONE = Succession.Request.handOverTo(ME.address());
    private static final Duration OVER = Duration.ZERO;
    private static final Duration RUNNING = nano();
    private static final Duration IMPOSSIBLY_LONG = LEASE.plus(nano());

    private static final Map<String, Happening> EVENTS = new TreeMap<>();

    static {
        looks();
        answers();
        times();
        works();
    }

    private StateEvents() {}

    static Step befall(State state, String event, Candidate me) {
        return Objects.requireNonNull(EVENTS.get(event), event).befall(state, me);
    }

    /** Returns the events in all their variants. */
    static Set<String> variants() {
        return EVENTS.keySet();
    }

    /** Returns the variants of one event, or the one variant that {@code event} is. */
    static Set<String> variantsOf(String event) {
        return EVENTS.keySet().stream()
                .filter(variant -> variant.equals(event) || variant.startsWith(event + ","))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the names of the events without their variants. */
    static Set<String> names() {
        return EVENTS.keySet().stream()
                .map(event -> event.split(",", -1)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void looks() {
        looked("vacant", vacantRow(), HERE, OVER);
        looked("detached", detachedRow(), HERE, OVER);
        looked("vacated for this one", vacatedFor(ME), HERE, OVER);
        looked("vacated for another", vacatedFor(ANOTHER), HERE, OVER);
        looked("vacant beside a better one", vacantBeside(1), HERE, OVER);
        looked("ours", myRow(TERM), HERE, RUNNING);
        looked("ours of another term", myRow(TERM - 1), HERE, RUNNING);
        looked("ours and to be resigned", asked(myRow(TERM), RESIGN), HERE, RUNNING);
        looked("ours and wanted by another", asked(myRow(TERM), FOR_ANOTHER), HERE, RUNNING);
        looked("ours and wanted by itself", asked(myRow(TERM), FOR_THIS_ONE), HERE, RUNNING);
        looked("another's running", rowOfAnother(), HERE, RUNNING);
        looked("another's by appointment", appointed(rowOfAnother()), HERE, RUNNING);
        looked("another's asked for already", asked(rowOfAnother(), RESIGN), HERE, RUNNING);
        looked("another's renewed", renewedRowOfAnother(), HERE, RUNNING);
        looked("another's over", rowOfAnother(), HERE, OVER);
        looked("another's over elsewhere", rowOfAnother(), RESTARTED, OVER);
        looked("another's impossibly long", rowOfAnother(), HERE, IMPOSSIBLY_LONG);
        looked("another's without a session", withoutSession(rowOfAnother()), HERE, OVER);
        Sighting stray = sighting(byOtherHands(rowOfAnother()), HERE, RUNNING, NOW);
        EVENTS.put(
                "looked, another's by this process's session",
                (state, me) -> state.looked(
                        me, new Sighting(stray.row(), stray.time(), stray.remaining(), stray.lockFree(), true)));
        EVENTS.put("rowMissing", (state, me) -> state.rowMissing(me, NOW));
    }

    private static void looked(String what, Row row, Server server, Duration remaining) {
        EVENTS.put("looked, " + what, (state, me) -> state.looked(me, sighting(row, server, remaining, NOW)));
    }

    private static void answers() {
        lost("vacant", sighting(vacantRow(), HERE, OVER, NOW));
        lost("another's running", sighting(rowOfAnother(), HERE, RUNNING, NOW));
        lost("another's over, its lock held", withLock(sighting(rowOfAnother(), HERE, OVER, NOW), false));
        lost("ours", sighting(myRow(TERM), HERE, RUNNING, NOW));
        EVENTS.put("notNow", (state, me) -> state.notNow(me, NOW));
        Sighting before = sighting(vacantRow(), HERE, OVER, atMillis(0));
        taken("in time", before, justBefore(TRUST_END));
        taken("too late", before, TRUST_END);
        EVENTS.put("renewed, in time", (state, me) -> state.renewed(me, MY_SESSION, SENT, justBefore(TRUST_END)));
        EVENTS.put("renewed, too late", (state, me) -> state.renewed(me, MY_SESSION, SENT, TRUST_END));
        EVENTS.put("renewed, another session", (state, me) -> state.renewed(me, MY_SESSION + 1, SENT, TRUST_END));
        EVENTS.put("leaseLost", (state, me) -> state.leaseLost(me, Loss.DEPOSED, LATER_END, NOW));
        EVENTS.put("led, of this term", (state, me) -> state.led(me, TERM, NOW));
        EVENTS.put("led, of another term", (state, me) -> state.led(me, TERM - 1, NOW));
        EVENTS.put("vacated", (state, me) -> state.vacated(me, NOW));
        EVENTS.put("vacateRefused, in the lease", (state, me) -> state.vacateRefused(me, justBefore(LEASE_END)));
        EVENTS.put("vacateRefused, after the lease", (state, me) -> state.vacateRefused(me, LEASE_END));
        EVENTS.put("sessionLost", (state, me) -> state.sessionLost(me, NOW));
    }

    private static void lost(String what, Sighting seen) {
        EVENTS.put("bidLost, " + what, (state, me) -> state.bidLost(me, seen));
    }

    private static void taken(String how, Sighting before, Reading now) {
        EVENTS.put("taken, " + how, (state, me) -> state.taken(me, before, MY_SESSION, TERM, now));
    }

    private static void times() {
        EVENTS.put("lookDue", (state, me) -> state.lookDue(me, NOW));
        EVENTS.put("announced, vacated", (state, me) -> state.announced(me, News.VACATED, NOW));
        EVENTS.put("announced, changed", (state, me) -> state.announced(me, News.CHANGED, NOW));
        EVENTS.put(
                "ticked, too soon",
                (state, me) -> state.ticked(me, justBefore(state.wakesAt().orElse(NOW))));
        EVENTS.put(
                "ticked, when it wakes",
                (state, me) -> state.ticked(me, state.wakesAt().orElse(FAR_AHEAD)));
    }

    private static void works() {
        EVENTS.put("recovered, of this term", (state, me) -> state.recovered(me, TERM, NOW));
        EVENTS.put("recovered, of another term", (state, me) -> state.recovered(me, TERM - 1, NOW));
        EVENTS.put("workFailed, of this term", (state, me) -> state.workFailed(me, TERM, NOW));
        EVENTS.put("workFailed, of another term", (state, me) -> state.workFailed(me, TERM - 1, NOW));
        EVENTS.put("workStopped, of this term", (state, me) -> state.workStopped(me, TERM, NOW));
        EVENTS.put("workStopped, of another term", (state, me) -> state.workStopped(me, TERM - 1, NOW));
        EVENTS.put("trustEnded, of this term", (state, me) -> state.trustEnded(me, TERM, NOW));
        EVENTS.put("trustEnded, of another term", (state, me) -> state.trustEnded(me, TERM - 1, NOW));
        EVENTS.put("resignAsked, for anybody", (state, me) -> state.resignAsked(me, RESIGN, NOW));
        EVENTS.put("resignAsked, for another", (state, me) -> state.resignAsked(me, FOR_ANOTHER, NOW));
        EVENTS.put("resignAsked, for this one", (state, me) -> state.resignAsked(me, FOR_THIS_ONE, NOW));
        EVENTS.put("closeAsked", (state, me) -> state.closeAsked(me, NOW));
    }

    private static Reading justBefore(Reading moment) {
        return moment.plus(nano().negated());
    }
}
