package dev.pgleader.internal.election;

/** What a look shows, in the words of the scenario files. */
final class Sights {

    private Sights() {}

    static String describe(ScenarioWorld world, Participant who, Sighting seen) {
        Row row = seen.row();
        boolean elsewhere = !row.writtenOn().hasHistoryOf(seen.seenOn());
        String where = elsewhere ? ", of another history" : "";
        if (row.holder().isEmpty()) {
            boolean free = row.ownHand() && row.released() == row.term();
            return (free ? "vacant" : "vacant, to stand still") + vacancy(world, who, row) + where;
        }
        Row.Holder holder = row.holder().get();
        boolean mine = holder.candidate().equals(who.me.id());
        String appointed = row.succession().successor().isPresent() ? ", by appointment" : "";
        String asked = mine
                ? row.succession()
                        .request()
                        .map(request -> describe(world, request))
                        .orElse("")
                : "";
        String edited = row.ownHand() ? "" : ", edited";
        return (mine ? "my own" : holder.address() + "'s") + " lease " + lease(seen) + edited + where + appointed
                + asked;
    }

    private static String lease(Sighting seen) {
        if (seen.row().session().isEmpty()) {
            return "unknown";
        }
        if (seen.remaining().compareTo(seen.row().outwaited(seen.row().lease())) > 0) {
            return "longer than it can be";
        }
        String lock = seen.lockFree()
                .map(free -> free ? ", lock free" : ", lock held")
                .orElse("");
        return (seen.isAlive() ? "running" : "over") + lock;
    }

    private static String vacancy(ScenarioWorld world, Participant who, Row row) {
        String successor = row.succession()
                .successor()
                .map(named -> ", for " + world.nameOf(named))
                .orElse("");
        int priority = who.me.preference().priority();
        boolean better = row.succession().bestRival().orElse(priority) > priority;
        return successor + (better ? ", beside a better one" : "");
    }

    private static String describe(ScenarioWorld world, Succession.Request request) {
        return request.successor()
                .map(named -> ", wanted by " + world.nameOf(named))
                .orElse(", to be resigned");
    }
}
