package dev.pgleader.simulation;

/** Mistakes in leading, in noticing that it is over, and in stepping down. */
final class PlantedLeadingBugs extends Plantation {

    private static final String RELEASED_AT_ONCE =
            "return new Step(Vacating.begin(tenure(), exit, false, now).next(), java.util.List.of("
                    + "new Command.StopWork(tenure().term(), exit.loss()), new Command.Vacate("
                    + "tenure().term(), tenure().session(), exit.loss(), exit.successor())));";

    PlantedLeadingBugs() {
        heartbeats();
        otherHands();
        sessions();
        stopping();
        lettingGo();
        closing();
    }

    private void heartbeats() {
        plant(
                "B",
                "refused heartbeat taken for a success",
                SHELL + "Heartbeats.java",
                "round.spend(Loss.DEPOSED, lease.end(), now);",
                "contenders.held().forEach(each -> extend(each, sentAt, now));");
        plant(
                "D",
                "session whose time is over kept for ever",
                SHELL + "SessionKeeper.java",
                "lease.isOver() && !contenders.anyNeedsSession()) {",
                "lease.isOver() && contenders.isEmpty()) {");
    }

    private void otherHands() {
        plant(
                "B",
                "rows that other hands have changed not looked at",
                SHELL + "Heartbeats.java",
                "        note(renewed.disturbed());\n",
                "");
        plant(
                "B",
                "row that was looked at with a heartbeat shown to nobody",
                SHELL + "Heartbeats.java",
                "            round.show(contender, row, now);\n",
                "");
        plant(
                "B",
                "row that names another session taken for one's own",
                CORE + "Holding.java",
                "                && seen.row().holder().orElseThrow().sessionId() == tenure().session();",
                ";");
        plant(
                "B",
                "leader whose row was deleted that leads on",
                CORE + "Holding.java",
                "rowMissing(Candidate me, Reading now) {\n        return deposed(tenure(), Loss.DEPOSED, false);",
                "rowMissing(Candidate me, Reading now) {\n        return stay();");
        plant(
                "D",
                "row left alone that other hands have given to a living session",
                CORE + "Verdict.java",
                "if (seen.byOwnSession()) {",
                "if (seen.byOwnSession() && row.term() < 0) {");
        plant(
                "B",
                "leader not disturbed whose row was deleted",
                DATABASE + "Transaction.java",
                "        if (old.holder().isPresent()) {\n            disturb(",
                "        if (old.holder().isEmpty()) {\n            disturb(");
        plant(
                "B",
                "leaders not disturbed whose table was truncated",
                DATABASE + "Transaction.java",
                "        disturb(Optional.empty(), Optional.empty());\n",
                "");
        plant(
                "B",
                "leader not disturbed whose row was edited",
                DATABASE + "Transaction.java",
                "return !same && !emptied && !takenOverTheDead;",
                "return !same && !emptied && !takenOverTheDead && writer == Witness.Writer.LIBRARY;");
    }

    private void sessions() {
        plant(
                "E",
                "session kept after doubt",
                SHELL + "Link.java",
                "    void lost(SessionException cause) {\n        close();\n",
                "    void lost(SessionException cause) {\n");
        plant(
                "E",
                "row of the session before believed in over another connection",
                SHELL + "SessionKeeper.java",
                "        link.lost(doubt);\n        lease.connectionChanged();\n",
                "        link.lost(doubt);\n");
        also(
                SHELL + "Conductor.java",
                "                nextLook = ticker.read();\n                lease.connectionChanged();\n",
                "                nextLook = ticker.read();\n");
    }

    private void stopping() {
        plant(
                "C",
                "released before it is drained",
                CORE + "Governing.java",
                "return Step.to(new Draining(tenure(), exit, until),"
                        + " new Command.StopWork(tenure().term(), exit.loss()));",
                RELEASED_AT_ONCE);
        plant(
                "C",
                "row given up before the work has stopped",
                CORE + "Governing.java",
                "return Step.to(new Stopping(lost, exit(loss), spent), new Command.StopWork(lost.term(), loss));",
                "return Step.to(new Stopping(lost, exit(loss), spent), new Command.StopWork(lost.term(), loss),"
                        + " new Command.Vacate(lost.term(), lost.session(), loss, java.util.Optional.empty()));");
        plant(
                "B",
                "standing again while the old work still runs",
                CORE + "Governing.java",
                "Step.to(new Outlived(tenure(), exit), new Command.StopWork(tenure().term(), exit.loss()))",
                "Step.to(Following.after(java.util.Optional.empty(), now),"
                        + " new Command.StopWork(tenure().term(), exit.loss()))");
        plant(
                "C",
                "row given up before the work has returned, where somebody has asked for it",
                CORE + "Governing.java",
                "return meantForMe ? stay() : draining(me, now, Exit.askedFor(request));",
                "return meantForMe || request.successor().isEmpty() ? stay()"
                        + " : Vacating.begin(tenure(), Exit.askedFor(request), false, now);");
        plant(
                "C",
                "row given up as soon as the work has drained for long enough",
                CORE + "Draining.java",
                "Detaching.begin(tenure, exit, now)",
                "Vacating.begin(tenure, exit, false, now)");
    }

    private void lettingGo() {
        plant(
                "C",
                "row free at once although the work still runs",
                DATABASE + "InMemorySession.java",
                "statements.vacate(vacations, false)",
                "statements.vacate(vacations, true)");
    }

    private void closing() {
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
                "        if (this instanceof Close) {\n            return Step.to(new Closed());\n        }\n",
                "");
    }
}
