package dev.pgleader.simulation;

/** Mistakes about whether a leader is gone and a row is free, in taking it, and in the terms that are given out. */
final class PlantedWitnessBugs extends Plantation {

    private static final String BEAT = "                && sameBeatAs(other)\n";

    private static final String SESSION_WRITING =
            """

                            && session().map(HolderSession::writing).equals(other.session().map(HolderSession::writing));
            """
                    .stripTrailing();

    PlantedWitnessBugs() {
        locks();
        standingStill();
        clocks();
        freeRows();
        registering();
        taking();
        terms();
    }

    private void locks() {
        plant(
                "B",
                "no second witness",
                DATABASE + "Bidding.java",
                "row.ownHand() && session.ownHand() && lockFree && trustsClock(bid, row)",
                "row.ownHand() && session.ownHand() && trustsClock(bid, row)");
        plant(
                "B",
                "session that other hands have set back trusted",
                DATABASE + "Bidding.java",
                "row.ownHand() && session.ownHand() && lockFree && trustsClock(bid, row)",
                "row.ownHand() && lockFree && trustsClock(bid, row)");
        also(
                DATABASE + "Bidding.java",
                "row.ownHand() && session.ownHand() && lockFree;",
                "row.ownHand() && lockFree;");
        also(
                CORE + "Row.java",
                "return ownHand && session().map(HolderSession::ownHand).orElse(true);",
                "return ownHand;");
        plant(
                "B",
                "lock asked for on another server than the one where it was taken",
                DATABASE + "Bidding.java",
                "boolean here = row.server().equals(server.identity());",
                "boolean here = row.server().systemIdentifier() == server.identity().systemIdentifier();");
        also(
                CORE + "Server.java",
                "return startedAtMicros != NO_SESSIONS && equals(other);",
                "return startedAtMicros != NO_SESSIONS && systemIdentifier == other.systemIdentifier;");
        plant(
                "B",
                "refractory period not waited out when a session has ended",
                CORE + "FreeLock.java",
                "seen.answeredAt().plus(Clocks.slowed(refractory))",
                "seen.answeredAt()");
        plant(
                "B",
                "free lock relied on before its time",
                SHELL + "Bids.java",
                "evidence.freed().filter(freed -> freed.isOver(sentAt)).isPresent()",
                "evidence.freed().isPresent()");
        plant(
                "B",
                "session taken for ended although its lock is held",
                DATABASE + "Bidding.java",
                "isUnchanged(bid, row) && row.ownHand() && session.ownHand() && lockFree;",
                "isUnchanged(bid, row) && row.ownHand() && session.ownHand();");
        also(
                CORE + "FreeLock.java",
                "me.timings().onSessionEnd() && seen.isAlive() && seen.lockFree().orElse(false)",
                "me.timings().onSessionEnd() && seen.isAlive()");
    }

    private void standingStill() {
        plant(
                "E",
                "vigil not begun anew on another server",
                CORE + "Vigil.java",
                "before.filter(vigil -> vigil.last.server().equals(seen.seenOn()))",
                "before");
        plant(
                "B",
                "vigil not begun anew when the row changes",
                CORE + "Vigil.java",
                "earlier.filter(vigil -> vigil.row.sameVersionAs(seen.row()))",
                "earlier.filter(vigil -> vigil.row.term() == seen.row().term())");
        plant("B", "vigil that does not ask for the beat", CORE + "Row.java", BEAT, "");
        also(CORE + "Row.java", SESSION_WRITING, ";");
        plant(
                "B",
                "session that was put back taken for one that has stood still",
                CORE + "Row.java",
                SESSION_WRITING,
                ";");
        plant(
                "E",
                "vigil for one's own lease, not for the leader's",
                CORE + "Vigil.java",
                "Duration whole = seen.row().outwaited(ownLease);",
                "Duration whole = ownLease;");
        plant(
                "B",
                "vigil that is not over relied on",
                SHELL + "Bids.java",
                "evidence.vigil().filter(vigil -> vigil.isOver(sentAt)).isPresent()",
                "evidence.vigil().isPresent()");
        plant(
                "E",
                "vigil counted from before the question",
                CORE + "Vigil.java",
                "seen.answeredAt(),\n                        neededFrom(",
                "seen.askedAt(),\n                        neededFrom(");
        plant(
                "B",
                "heartbeat of a clock that was set back believed",
                CORE + "Vigil.java",
                "return gained.compareTo(setBack) > 0 ? gained : setBack;",
                "return gained;");
        plant(
                "B",
                "term that was removed by hand speaks for nobody",
                DATABASE + "Statements.java",
                "anyMatch(term -> !term.settled())",
                "anyMatch(StoredTerm::isOpen)");
        plant(
                "B",
                "former leadership claimed although another has led since",
                DATABASE + "Bidding.java",
                "boolean last = seen.tables().highestTermOf(bid.election()) <= row.term();",
                "boolean last = true;");
        plant(
                "B",
                "clock that was set forward trusted once the row is written",
                CORE + "Vigil.java",
                "return seen.row().isRenewedSince(earlier.row) ? gain : earlier.gained.plus(gain);",
                "return seen.row().sameVersionAs(earlier.row) ? earlier.gained.plus(gain) : gain;");
        plant(
                "B",
                "row whose session is missing taken at once",
                DATABASE + "Bidding.java",
                "        if (session == null) {\n            return still(bid, row);\n",
                "        if (session == null) {\n            return Optional.of(Ground.STOOD_STILL);\n");
        also(
                CORE + "Verdict.java",
                "                .orElseGet(() -> onceStoodStill(vigil, seen));",
                "                .orElseGet(() -> new Take(vigil.since()));");
    }

    private void clocks() {
        plant(
                "B",
                "database's clock believed that has outrun one's own",
                DATABASE + "Bidding.java",
                "lockFree && trustsClock(bid, row)\n",
                "lockFree\n");
        also(
                CORE + "Vigil.java",
                "return gained.compareTo(harmless) <= 0;",
                "return gained.compareTo(harmless) <= 0 || true;");
        plant(
                "B",
                "step of the database's clock not seen",
                CORE + "DatabaseTime.java",
                "return atLeastZero(elapsedSince(earlier).minus(most));",
                "return most.isNegative() ? most : Duration.ZERO;");
        plant(
                "D",
                "database's clock that stepped back waited for",
                CORE + "Verdict.java",
                "if (expired || steppedBack) {",
                "if (expired) {");
        plant(
                "D",
                "database's clock that stepped back believed by the statement",
                DATABASE + "Bidding.java",
                "if (session.expiresAt().isAfter(seen.now().plus(longest))) {\n            return still(bid, row);",
                "if (session.expiresAt().isAfter(seen.now().plus(longest))) {\n            return Optional.empty();");
    }

    private void freeRows() {
        plant(
                "B",
                "vacant row taken at once that other hands have written",
                DATABASE + "Bidding.java",
                "row.ownHand() && row.released() == row.term() && row.isOfThisHistory(here());",
                "row.released() == row.term() && row.isOfThisHistory(here());");
        also(
                CORE + "Verdict.java",
                "return row.isReleased() && historyIsWhole ? new Take(vigil.since()) : onceStoodStill(vigil, seen);",
                "return row.released() == row.term() && seen.seenOn().hasHistoryOf(row.writtenOn())"
                        + " ? new Take(vigil.since()) : onceStoodStill(vigil, seen);");
        plant(
                "B",
                "vacant row taken at once that must stand still",
                DATABASE + "Bidding.java",
                "row.ownHand() && row.released() == row.term() && row.isOfThisHistory(here());",
                "row.ownHand() && row.isOfThisHistory(here());");
        also(
                CORE + "Verdict.java",
                "return row.isReleased() && historyIsWhole ? new Take(vigil.since()) : onceStoodStill(vigil, seen);",
                "return historyIsWhole ? new Take(vigil.since()) : onceStoodStill(vigil, seen);");
        plant(
                "B",
                "row that names the candidate claimed whatever has become of it",
                DATABASE + "Bidding.java",
                "return unbroken || (former && last && !terms.onSessionEnd()) ? Optional.of(Ground.OWN) : still(bid, row);",
                "return Optional.of(Ground.OWN);");
        also(
                CORE + "Verdict.java",
                "if (historyIsWhole || (runs && !me.timings().onSessionEnd())) {",
                "if (historyIsWhole || runs || !runs) {");
    }

    private void registering() {
        plant(
                "B",
                "election registered as free although its history tells of a leader",
                DATABASE + "Statements.java",
                "StoredRow.registered(!suspicious && !led, lease, here)",
                "StoredRow.registered(!suspicious, lease, here)");
        plant(
                "B",
                "election registered as free although there is a lock without a session",
                DATABASE + "Statements.java",
                "newHistory || server().hasLockWithoutSession(write.now())",
                "newHistory");
    }

    private void taking() {
        plant(
                "B",
                "row taken that is not the one that was judged",
                DATABASE + "StoredRow.java",
                "return writing == other.writing;",
                "return released == other.released;");
        plant(
                "A",
                "fence without a lock on the row",
                DATABASE + "InMemoryServer.java",
                "foreign.isLocked(election) || foreign.isFenced(election)",
                "foreign.isLocked(election)");
        plant(
                "A",
                "fence that does not ask for the term",
                DATABASE + "InMemoryServer.java",
                "                && row.term() == term\n",
                "");
        also(DATABASE + "InMemoryServer.java", "                && tables().highestTermOf(election) <= term;", ";");
        plant(
                "A",
                "fence that believes a row that was put back",
                DATABASE + "InMemoryServer.java",
                "                && tables().highestTermOf(election) <= term;",
                ";");
    }

    private void terms() {
        plant(
                "A",
                "term without the history",
                DATABASE + "Bidding.java",
                "Math.max(Math.max(row.term(), seen.tables().highestTermOf(election)), counted) + 1",
                "Math.max(row.term(), counted) + 1");
        plant(
                "A",
                "term without the database's time",
                DATABASE + "Bidding.java",
                "front() * TERMS_PER_FRONT + now.toEpochMilli() - FIRST_MILLI",
                "front() * TERMS_PER_FRONT");
        plant(
                "A",
                "term without the timeline",
                DATABASE + "Bidding.java",
                "front() * TERMS_PER_FRONT + now.toEpochMilli() - FIRST_MILLI",
                "now.toEpochMilli() - FIRST_MILLI");
        plant(
                "A",
                "term after the last one and no more",
                DATABASE + "Bidding.java",
                "Math.max(Math.max(row.term(), seen.tables().highestTermOf(election)), counted) + 1",
                "row.term() + (counted > 0 ? 1 : 2)");
    }
}
