package dev.pgleader.simulation;

/** Mistakes in what users are told and promised: tickets, observers, and posts of those who campaign. */
final class PlantedUserBugs extends Plantation {

    PlantedUserBugs() {
        claiming();
        waiting();
        observing();
        listening();
        campaigning();
    }

    private void claiming() {
        plant(
                "G",
                "claim granted to any that leads",
                SHELL + "Tracker.java",
                "return mine.isCertainFor(guarantee) ? YES : claimByHeartbeat(mine);",
                "return mine.isHeld() ? YES : claimByHeartbeat(mine);");
        plant(
                "G",
                "claim granted by a heartbeat that brings too little",
                SHELL + "Tracker.java",
                "settle(claims, claim, !closed && mine.isCertainFor(guarantee))",
                "settle(claims, claim, !closed && mine.isHeld())");
        plant(
                "G",
                "claims on a lost leadership kept",
                SHELL + "Tracker.java",
                "if (!claim.tenancy().isHeld()) {",
                "if (!claim.tenancy().isHeld() && closed) {");
    }

    private void waiting() {
        plant(
                "G",
                "end told only when it has come",
                SHELL + "Tracker.java",
                "        mine.warn(guarantee, review);\n",
                "");
        plant("G", "loss told only in time", SHELL + "Tracker.java", "        mine.whenOver(review);\n", "");
        plant(
                "G",
                "begin awaited that has been",
                SHELL + "Tracker.java",
                "        } else if (held() != null) {\n",
                "        } else if (closed) {\n");
        plant(
                "G",
                "end awaited that has been",
                SHELL + "Tracker.java",
                "        } else {\n            reviewEnd(end);\n",
                "        } else {\n");
        plant(
                "G",
                "uptime not asked for those who wait for the end",
                SHELL + "Tracker.java",
                "boolean certain = end.tenancy().remaining().compareTo(guarantee) > 0;",
                "boolean certain = end.tenancy().isCertainFor(guarantee);");
    }

    private void observing() {
        plant(
                "E",
                "leader reported for as long as a clock says that stepped back",
                CORE + "Observation.java",
                "return seen.remaining().compareTo(still) < 0 ? seen.remaining() : still;",
                "return seen.remaining();");
        plant(
                "E",
                "report counted from the answer to a look",
                CORE + "Observation.java",
                "Deadline.after(seen.askedAt(), left.compareTo(lease) < 0 ? left : lease)",
                "Deadline.after(seen.answeredAt(), left.compareTo(lease) < 0 ? left : lease)");
        plant(
                "E",
                "leader reported while a look is under way",
                SHELL + "ObservedElection.java",
                "told(known, ticker.hasPassed(known.goodUntil()))",
                "told(known, settlesAt(known).isPast(ticker.read()))");
        plant(
                "E",
                "database that does not answer taken for an election without a leader",
                SHELL + "ObservedElection.java",
                "unanswerable(String why) {\n        wakesAt = Optional.empty();",
                "unanswerable(String why) {\n        sawNothing(ticker.read());");
        plant(
                "E",
                "row that other hands have emptied reported as one without a leader",
                CORE + "Observation.java",
                "return seen.row().isReleased() && seen.seenOn().hasHistoryOf(seen.row().writtenOn());",
                "return true;");
        plant(
                "E",
                "vacant row of another history reported as one without a leader",
                CORE + "Observation.java",
                "return seen.row().isReleased() && seen.seenOn().hasHistoryOf(seen.row().writtenOn());",
                "return seen.row().isReleased();");
        plant(
                "E",
                "leader whose session has no row reported as none",
                CORE + "Observation.java",
                "row.holder().isPresent() ? row.session().isPresent() : isFree(seen);",
                "row.holder().isPresent() || isFree(seen);");
        plant(
                "E",
                "leader whose session runs for longer than its lease reported as none",
                CORE + "Observation.java",
                "return runs(vigil, seen) ? unknown(vigil, seen) : nobody(",
                "return nobody(");
    }

    private void listening() {
        plant(
                "E",
                "listeners not told of what comes by the mere passing of time",
                SHELL + "Dispatch.java",
                "if (now.hasReached(nextVisit)) {",
                "if (ended) {");
        plant(
                "H",
                "listeners told of every look",
                SHELL + "Spectator.java",
                "if (!ObservedElection.isSame(told, next)) {",
                "if (!told.equals(next)) {");
        plant(
                "H",
                "change waited for that was told before",
                SHELL + "Spectator.java",
                "changed |= changes.drainPermits() > 0;",
                "changed |= changes.availablePermits() > 0;");
        plant(
                "H",
                "subscriber told more than it has asked for",
                SHELL + "Feed.java",
                "                demand.decrementAndGet();\n",
                "");
    }

    private void campaigning() {
        plant(
                "C",
                "post taken although the leadership is over",
                SHELL + "Post.java",
                "return tenancy.isHeld() && state.compareAndSet(State.OFFERED, State.TAKEN);",
                "return state.compareAndSet(State.OFFERED, State.TAKEN);");
        plant(
                "C",
                "leadership given up while its post is filled",
                SHELL + "Post.java",
                "return now == State.OFFERED || now == State.TAKEN;",
                "return now == State.OFFERED;");
        plant(
                "C",
                "lost post not withdrawn",
                SHELL + "Post.java",
                "if (state.compareAndSet(State.OFFERED, State.WITHDRAWN)) {",
                "if (state.get() == State.WITHDRAWN) {");
    }
}
