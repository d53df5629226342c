package dev.pgleader.simulation;

/** Mistakes about who goes first, and in what leaders are asked for. */
final class PlantedSuccessionBugs extends Plantation {

    PlantedSuccessionBugs() {
        succeeding();
        asking();
    }

    private void succeeding() {
        plant(
                "D",
                "successor that is dead, or a better one that hangs, waited for for ever",
                CORE + "Evidence.java",
                "return ripeSince.map(since -> since.plus(me.timings().courtesy()));",
                "return Optional.empty();");
        plant(
                "F",
                "candidate that insists on a row that it has not seen",
                DATABASE + "Bidding.java",
                "bid.insists() && isUnchanged(bid, row)",
                "bid.insists()");
        plant(
                "F",
                "row taken that is meant for another",
                DATABASE + "Bidding.java",
                "return !row.isMeantFor(bid.who());",
                "return false;");
        plant(
                "F",
                "row taken although a better one is there",
                DATABASE + "Bidding.java",
                "return rival.isPresent() && rival.getAsInt() > bid.who().priority();",
                "return rival.isPresent() && rival.getAsInt() > Integer.MAX_VALUE - 1;");
        plant(
                "F",
                "successor waited for for a heartbeat only",
                CORE + "Timings.java",
                "return retry.plus(retry.dividedBy(4));",
                "return retry.dividedBy(4);");
        plant(
                "F",
                "candidate that is never to lead and stands all the same",
                CORE + "Following.java",
                "        if (me.preference().neverLeads()) {\n            return Step.to(ripe);\n        }\n",
                "");
        plant(
                "F",
                "candidate that is never to lead and bids when something is announced",
                CORE + "Following.java",
                "return me.preference().neverLeads() ? looking() : Step.to(this, bid(now));",
                "return Step.to(this, bid(now));");
        plant(
                "F",
                "successor forgotten on the way",
                CORE + "Exit.java",
                "named : Loss.RESIGNED, request.successor(), new Aim.LetOthersLead());",
                "named : Loss.RESIGNED, Optional.empty(), new Aim.LetOthersLead());");
        plant(
                "F",
                "resigned leader that does not let others go first",
                CORE + "Aim.java",
                "Following.holdingBack(HoldBack.afterResigning(me, ended.term(), now), 0)",
                "Following.holdingBack(HoldBack.none(now), 0)");
        plant(
                "F",
                "resigned leader that lets others go first only where it looks",
                SHELL + "Bids.java",
                "holdsBack ? OptionalLong.of(bid.holdBack().term()) : OptionalLong.empty()",
                "OptionalLong.empty()");
        plant(
                "F",
                "candidate that has made way counted among the rivals",
                DATABASE + "Tables.java",
                "                .filter(each -> !row.resignedBy().equals(Optional.of(each.candidate())))\n",
                "");
    }

    private void asking() {
        plant(
                "F",
                "leader that steps down for itself",
                CORE + "Governing.java",
                "return meantForMe ? stay() :",
                "return meantForMe && now.monotonicNanos() == 0 ? stay() :");
        plant(
                "F",
                "request of an earlier term obeyed",
                DATABASE + "Tables.java",
                "return Optional.ofNullable(resignations.get(new Term(election, term)));",
                "return resignations.entries().filter(each -> each.getKey().election().equals(election))"
                        + ".map(java.util.Map.Entry::getValue).findFirst();");
        also(
                DATABASE + "Transaction.java",
                "        tables.resignations.removeIf((term, request) -> term.election().equals(election)"
                        + " && term.term() < row.term());\n",
                "");
        plant(
                "F",
                "requests not heard with the answers to heartbeats",
                DATABASE + "Transaction.java",
                "            disturb(row.session(), Optional.of(election));\n",
                "");
        plant(
                "F",
                "requests not read where a row is looked at",
                CORE + "Holding.java",
                ".map(request -> resignAsked(me, request, seen.answeredAt()))",
                ".map(request -> (Step) stay())");
        plant(
                "F",
                "preempted leader told that somebody has handed over",
                CORE + "Exit.java",
                "request.preempting() ? Loss.PREEMPTED : Loss.HANDED_OVER",
                "Loss.HANDED_OVER");
        plant(
                "F",
                "leadership asked back that was given up before",
                CORE + "Row.java",
                "                && !succession.resignedBy().equals(Optional.of(me.id()));",
                ";");
        plant(
                "F",
                "leadership asked for that somebody was appointed to",
                CORE + "Row.java",
                "                && succession.successor().isEmpty()\n",
                "");
        plant(
                "F",
                "leadership asked for by who is no better",
                CORE + "Row.java",
                "leader -> leader.priority() < me.preference().priority()",
                "leader -> leader.priority() <= me.preference().priority()");
        plant(
                "F",
                "leadership asked for by who is not on the list",
                DATABASE + "Statements.java",
                "row.term() == wish.term() && present && !asked",
                "row.term() == wish.term() && !asked");
    }
}
