package dev.pgleader.simulation;

/** Mistakes with time: for how long a leader believes in itself, and by which clocks. */
final class PlantedTimeBugs extends Plantation {

    PlantedTimeBugs() {
        counting();
        asking();
        late();
    }

    private void counting() {
        plant(
                "E",
                "trust counted from the answer to a heartbeat",
                SHELL + "Heartbeats.java",
                "(state, me, at) -> state.renewed(me, lease.id(), sentAt, at)",
                "(state, me, at) -> state.renewed(me, lease.id(), at, at)");
        plant(
                "E",
                "trust counted from the answer to a taking",
                CORE + "Following.java",
                "Tenure.from(me, session, term, before.askedAt(), failures)",
                "Tenure.from(me, session, term, before.answeredAt(), failures)");
        plant(
                "E",
                "trust without the 1 % for clock rates",
                CORE + "Timings.java",
                "Clocks.hurried(lease.minus(refractory))",
                "lease.minus(refractory)");
        plant(
                "E",
                "row proven as of now, not as of the heartbeat before",
                SHELL + "Heartbeats.java",
                "extend(contender, provenAt, now);",
                "extend(contender, now, now);");
        plant(
                "D",
                "leader that extends its session as if it only stood",
                SHELL + "SessionLease.java",
                "return holds ? timings.lease() : PRESENT_FOR;",
                "return PRESENT_FOR;");
        plant(
                "D",
                "first heartbeat only when a process that only stands would send one",
                SHELL + "SessionLease.java",
                "            nextRenewal = sentAt.plus(heartbeatInterval);\n",
                "");
    }

    private void asking() {
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

    private void late() {
        plant(
                "E",
                "elected by an answer that came too late",
                CORE + "Following.java",
                "if (tenure.trust().isPast(now)) {",
                "if (term < 0) {");
        plant(
                "E",
                "leadership revived by a late answer",
                SHELL + "SessionLease.java",
                "return trust.isPast(now);",
                "return false;");
        also(
                CORE + "Holding.java",
                "            return deposed(tenure().outrun(sentAt.plus(me.timings().lease())), Loss.EXPIRED, false);\n",
                "            return extended(tenure().renewed(me, sentAt));\n");
        plant(
                "E",
                "row of a session renewed although its time is over",
                DATABASE + "Statements.java",
                "|| !row.process().equals(process) || !row.runsAt(write.now())",
                "|| !row.process().equals(process)");
        plant(
                "E",
                "election taken over a session whose time is over",
                DATABASE + "Bidding.java",
                " || !mine.process().equals(process) || !mine.runsAt(write.now())",
                " || !mine.process().equals(process)");
    }
}
