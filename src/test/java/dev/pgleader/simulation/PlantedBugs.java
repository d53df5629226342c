package dev.pgleader.simulation;

import dev.pgleader.testing.mutation.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes that somebody might make in the protocol, or that the database's statements might: the simulation finds each. */
final class PlantedBugs {

    private static final String CORE = "src/main/java/dev/pgleader/internal/election/";
    private static final String SHELL = "src/main/java/dev/pgleader/internal/runtime/";
    private static final String DATABASE = "src/test/java/dev/pgleader/testing/memory/";

    private static final String RELEASED_AT_ONCE =
            "return new Step(Vacating.begin(tenure(), exit, now).next(), java.util.List.of("
                    + "new Command.StopWork(tenure().term(), exit.loss()),"
                    + " new Command.Vacate(tenure().term(), exit.loss(), exit.heir())));";

    private final List<PlantedBug> bugs = new ArrayList<>();

    /**
     * One mistake.
     *
     * @param promise the promise that it breaks
     * @param mutation the mistake
     */
    record PlantedBug(String promise, Mutation mutation) {
        String name() {
            return mutation.name();
        }
    }

    private PlantedBugs() {
        time();
        taking();
        leading();
        steppingDown();
        succeeding();
        asking();
        statements();
    }

    static List<PlantedBug> all() {
        return Stream.concat(new PlantedBugs().bugs.stream(), PlantedUserBugs.all().stream())
                .toList();
    }

    private void plant(String promise, String name, String file, String original, String replacement) {
        bugs.add(new PlantedBug(promise, new Mutation(name, file, original, replacement)));
    }

    private void time() {
        plant(
                "E",
                "trust counted from the answer to a heartbeat",
                SHELL + "Round.java",
                "state.renewed(me, beat.term(), sentAt, at)",
                "state.renewed(me, beat.term(), at, at)");
        plant(
                "E",
                "trust counted from the answer to a taking",
                SHELL + "Round.java",
                "state.taken(me, row.row().term(), sentAt, at)",
                "state.taken(me, row.row().term(), at, at)");
        plant(
                "E",
                "trust without the 1 % for clock rates",
                CORE + "Timings.java",
                "Clocks.hurried(lease.minus(refractory))",
                "lease.minus(refractory)");
        plant(
                "E",
                "held at the very end of the time",
                SHELL + "Ticker.java",
                "return monotonicNanos() - at.monotonicNanos() >= 0 || wallNanos() - at.wallNanos() >= 0;",
                "return monotonicNanos() - at.monotonicNanos() > 0 || wallNanos() - at.wallNanos() > 0;");
        plant(
                "E",
                "suspension not seen, for the wall clock is not asked",
                SHELL + "Ticker.java",
                " || wallNanos() - at.wallNanos() >= 0;",
                ";");
        plant(
                "E",
                "uptime not asked by the watchdog",
                CORE + "Deadline.java",
                "                || now.uptimeNanos() - at.uptimeNanos() >= 0\n",
                "");
        plant(
                "B",
                "work begun although its time is over",
                SHELL + "Work.java",
                "if (!isCancelled() && tenancy.isHeld()) {",
                "if (!isCancelled()) {");
    }

    private void taking() {
        plant("B", "no second witness", CORE + "Verdict.java", "if (expired && lockIsWitness) {", "if (expired) {");
        plant(
                "B",
                "no lock asked for",
                SHELL + "Round.java",
                "if (granted.contains(contender.election())) {",
                "if (!lockIds.isEmpty()) {");
        plant(
                "B",
                "vigil not begun anew on another server",
                CORE + "Vigil.java",
                "seen.seenOn(), seen.answeredAt())",
                "seen.seenOn(), before.filter(vigil -> vigil.row().sameVersionAs(seen.row()))"
                        + ".map(Vigil::since).orElse(seen.answeredAt()))");
        plant(
                "B",
                "vigil not begun anew when the row changes",
                CORE + "Vigil.java",
                "row.sameVersionAs(seen.row()) && seenOn.equals(seen.seenOn())",
                "row.lockId() == seen.row().lockId() && seenOn.equals(seen.seenOn())");
        plant(
                "B",
                "vigil for one's own lease, not for the leader's",
                CORE + "Verdict.java",
                "onceStoodStill(holder.lease(), vigil, seen)",
                "onceStoodStill(me.timings().lease(), vigil, seen)");
        plant(
                "B",
                "vacant row taken at once after a promotion",
                CORE + "Verdict.java",
                "return row.writtenOn().hasHistoryOf(seen.seenOn())",
                "return row.term() >= 0");
        plant(
                "B",
                "refractory period not waited out when a session has ended",
                CORE + "Locking.java",
                "now.plus(Clocks.slowed(after.refractory()))",
                "now");
        plant(
                "D",
                "database clock that stepped back is waited for",
                CORE + "Verdict.java",
                "return expired || steppedBack ?",
                "return expired ?");
        plant(
                "B",
                "hung leader judged by the database's clock alone",
                CORE + "Locking.java",
                "if (lockIsTheLeaders && seen.askedAt().hasReached(provenAt)) {",
                "if (lockIsTheLeaders) {");
        plant(
                "E",
                "elected by an answer that came too late",
                CORE + "Taking.java",
                "if (tenure.trust().isPast(now)) {",
                "if (lockId < 0) {");
    }

    private void leading() {
        plant(
                "E",
                "leadership revived by a late answer",
                CORE + "Holding.java",
                "            return deposed(tenure().outrun(me, sentAt), Loss.EXPIRED);\n",
                "            return extended(tenure().renewed(me, sentAt));\n");
        plant(
                "B",
                "end of the session not noticed between heartbeats",
                SHELL + "Conductor.java",
                "if (session.isPresent() && contenders.anyBeats()) {",
                "if (session.isPresent() && contenders.isEmpty()) {");
        plant(
                "E",
                "session kept after doubt",
                SHELL + "Link.java",
                "    void lost(SessionException cause) {\n        close();\n",
                "    void lost(SessionException cause) {\n");
        plant(
                "B",
                "refused heartbeat taken for a success",
                SHELL + "Round.java",
                "state.renewalRefused(me, beat.term(), at)",
                "state.renewed(me, beat.term(), sentAt, now)");
    }

    private void steppingDown() {
        plant(
                "C",
                "released before it is drained",
                CORE + "Governing.java",
                "return Step.to(\n                new Draining(tenure(), phase(), exit, until),"
                        + " new Command.StopWork(tenure().term(), exit.loss()));",
                RELEASED_AT_ONCE);
        plant(
                "C",
                "lock given back although the row could not be vacated",
                CORE + "Vacating.java",
                "return leaseIsOver(now) ? vacated(me, now) : Step.to(",
                "return true ? vacated(me, now) : Step.to(");
        plant(
                "C",
                "lock given back before the work has stopped",
                CORE + "Governing.java",
                "return Step.to(new Stopping(lost, exit(loss)), new Command.StopWork(lost.term(), loss));",
                "return Step.to(new Outlived(lost, exit(loss)), new Command.StopWork(lost.term(), loss),"
                        + " new Command.Unlock(lost.lockId()));");
        plant(
                "B",
                "standing again while the old work still runs",
                CORE + "Governing.java",
                "Step.to(new Outlived(tenure(), exit), new Command.StopWork(tenure().term(), exit.loss()))",
                "Step.to(Following.from(java.util.Optional.empty(), now),"
                        + " new Command.StopWork(tenure().term(), exit.loss()))");
        plant(
                "E",
                "close forgotten while a leadership is unwound",
                CORE + "Unwinding.java",
                "return Step.to(with(exit().aiming(Aim.closing(me, now, tenure().leaseEnd()))));",
                "return stay();");
        plant(
                "E",
                "closed candidate that goes on following",
                CORE + "Aim.java",
                "        if (this instanceof Close) {\n            return Step.to(new Closed(), before);\n        }\n",
                "");
    }

    private void succeeding() {
        plant(
                "D",
                "heir that is dead, or a better one that hangs, waited for for ever",
                CORE + "Verdict.java",
                "return isPositive(left) ? new Wait(left) : take;",
                "return new Wait(me.timings().courtesy());");
        plant(
                "F",
                "row taken that is meant for another",
                CORE + "Row.java",
                "return heir.map(named -> !me.isNamedBy(named))",
                "return heir.map(named -> false)");
        plant(
                "F",
                "row taken although a better one is there",
                CORE + "Row.java",
                "                        > me.preference().priority());",
                "                        > Integer.MAX_VALUE - 1);");
        plant(
                "F",
                "heir waited for for a heartbeat only",
                CORE + "Timings.java",
                "return retry.plus(retry.dividedBy(4));",
                "return retry.dividedBy(4);");
        plant(
                "F",
                "candidate that is never to lead and stands all the same",
                CORE + "Following.java",
                "if (me.preference().neverLeads()) {",
                "if (me.preference().neverLeads() && seen.row().term() < 0) {");
        plant(
                "F",
                "heir forgotten on the way",
                CORE + "Exit.java",
                "named : Loss.RESIGNED, request.heir(), new Aim.HoldBack());",
                "named : Loss.RESIGNED, Optional.empty(), new Aim.HoldBack());");
        plant(
                "F",
                "resigned leader that does not let others go first",
                CORE + "Aim.java",
                "this instanceof HoldBack ? me.timings().retry() : Duration.ZERO",
                "Duration.ZERO");
        plant(
                "F",
                "whoever has made way counted among the rivals",
                DATABASE + "InMemoryRoll.java",
                "!isHolder(row, each) && !stored.yieldedBy().equals(Optional.of(each.candidate()))",
                "!isHolder(row, each)");
    }

    private void asking() {
        plant(
                "C",
                "row given up before the work has returned, where somebody has asked for it",
                CORE + "Governing.java",
                "return meantForMe ? stay() : draining(me, now, Exit.askedFor(request));",
                "return meantForMe || request.heir().isEmpty() ? stay()"
                        + " : Vacating.begin(tenure(), Exit.askedFor(request), now);");
        plant(
                "F",
                "leader that steps down for itself",
                CORE + "Governing.java",
                "return meantForMe ? stay() :",
                "return meantForMe && now.monotonicNanos() == 0 ? stay() :");
        plant(
                "F",
                "request of an earlier term obeyed",
                DATABASE + "InMemoryRoll.java",
                "private record Term(String election, long term) {}",
                "private record Term(String election, long term) { Term { term = 0; } }");
        plant(
                "F",
                "requests not heard with the answers to heartbeats",
                SHELL + "Round.java",
                "renewed.request().ifPresent(request -> contender.step(this, now, Event.resignAsked(request)));",
                "");
        plant(
                "F",
                "preempted leader told that somebody has handed over",
                CORE + "Exit.java",
                "request.preempting() ? Loss.PREEMPTED : Loss.HANDED_OVER",
                "Loss.HANDED_OVER");
        plant(
                "F",
                "post asked back that was given up before",
                CORE + "Row.java",
                "                && !succession.yieldedBy().equals(Optional.of(me.id()));",
                ";");
        plant(
                "F",
                "post asked for that somebody was appointed to",
                CORE + "Row.java",
                "                && succession.heir().isEmpty()\n",
                "");
        plant(
                "D",
                "post asked for again and again by whoever does not come for it",
                DATABASE + "StoredRow.java",
                ".map(cameNot -> id);",
                ".map(cameNot -> id).filter(String::isEmpty);");
        plant(
                "F",
                "post asked for by whoever is no better",
                CORE + "Row.java",
                "leader -> leader.priority() < me.preference().priority()",
                "leader -> leader.priority() <= me.preference().priority()");
        plant(
                "F",
                "post asked for by whoever is not on the list",
                DATABASE + "InMemoryServer.java",
                "if (present && roll.request(",
                "if (roll.request(");
    }

    private void statements() {
        plant(
                "A",
                "fence without a lock on the row",
                DATABASE + "InMemoryServer.java",
                "transactions.stream().anyMatch(open -> open.election().equals(election))",
                "transactions.stream().anyMatch(open -> open.election().isEmpty())");
        plant(
                "A",
                "term without the timeline",
                DATABASE + "StoredRow.java",
                "if (there.timeline() == here.timeline()) {",
                "if (there.systemIdentifier() == here.systemIdentifier()) {");
        plant(
                "A",
                "fence that does not ask for the term",
                DATABASE + "StoredRow.java",
                "return row.term() == term && row.holder().isPresent();",
                "return row.holder().isPresent();");
        plant(
                "B",
                "taking that does not compare term and beat",
                DATABASE + "InMemorySession.java",
                "&& row.row().sameVersionAs(bid.claim().row())",
                "&& row.row().lockId() > 0");
        plant(
                "B",
                "taking on another timeline than the one that was looked at",
                DATABASE + "InMemorySession.java",
                "&& bid.seenOn().hasHistoryOf(identity)",
                "&& bid.seenOn().timeline() > 0");
        plant(
                "E",
                "heartbeat that revives a lease",
                DATABASE + "InMemorySession.java",
                "|| !row.isHeldBy(beat.candidate(), beat.term()) || row.isExpired(now)) {",
                "|| !row.isHeldBy(beat.candidate(), beat.term())) {");
        plant(
                "C",
                "vacating that does not ask for the term",
                DATABASE + "InMemorySession.java",
                "if (row == null || !row.isHeldBy(holding.candidate(), holding.term())) {",
                "if (row == null || !row.isHeldBy(holding.candidate(), row.row().term())) {");
        plant(
                "B",
                "heartbeat that asks neither for the candidate nor for the term",
                DATABASE + "InMemorySession.java",
                "|| !row.isHeldBy(beat.candidate(), beat.term()) || row.isExpired(now)) {",
                "|| row.isExpired(now)) {");
    }
}
