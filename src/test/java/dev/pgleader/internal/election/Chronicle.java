package dev.pgleader.internal.election;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes down what a scenario is read for: changes of state and the commands that matter. Left out are heartbeats, and
 * looks and bids that changed nothing, and whatever has been said before of the same step of the scenario.
 */
final class Chronicle implements ScenarioWorld.Witness {

    private final List<String> lines = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final Map<String, String> lastLook = new HashMap<>();
    private int repeats;

    @Override
    public void saw(long realNow, Participant who, Participant.Event event, State before, Step step) {
        if (isRoutine(event, before, step) && !isNewSight(who, event)) {
            return;
        }
        String after = nameOf(before).equals(nameOf(step.next())) ? "" : " -> " + nameOf(step.next());
        String orders = step.commands().stream().map(Chronicle::describe).collect(Collectors.joining(", "));
        String text = String.format(
                Locale.ROOT, "%s  %-38s %-24s %s", who.name, event.name(), nameOf(before) + after, orders);
        if (said.add(text)) {
            lines.add(seconds(realNow) + "  " + text.stripTrailing());
        } else {
            repeats++;
        }
    }

    /** Returns what has been written since this was last asked, and how the world stands now. */
    String closePage(ScenarioWorld world) {
        if (repeats > 0) {
            lines.add("        ... and the like, " + repeats + (repeats == 1 ? " time" : " times") + " more");
        }
        lines.add(seconds(world.now()) + "  " + standing(world));
        String page = String.join("\n", lines) + "\n";
        discardPage();
        return page;
    }

    /** Forgets what has been written since the last page. */
    void discardPage() {
        lines.clear();
        said.clear();
        repeats = 0;
    }

    private boolean isNewSight(Participant who, Participant.Event event) {
        boolean isSight = event.name().startsWith("looked") || event.name().startsWith("bid lost");
        return isSight && !event.name().equals(lastLook.put(who.name, event.name()));
    }

    private static boolean isRoutine(Participant.Event event, State before, Step step) {
        boolean tries = event.name().equals("ticked") || event.name().equals("look due");
        boolean onlyRoutine = step.commands().stream()
                .allMatch(command -> command instanceof Command.Look
                        || command instanceof Command.ExtendTrust
                        || (command instanceof Command.Bid && tries));
        return onlyRoutine && nameOf(before).equals(nameOf(step.next()));
    }

    private static String standing(ScenarioWorld world) {
        String held = world.participants.values().stream()
                .filter(each -> each.isHeld(world.now()))
                .map(each -> each.name)
                .collect(Collectors.joining(", "));
        return "row: " + world.database.shown().map(row -> describe(world, row)).orElse("none") + " | held: "
                + (held.isEmpty() ? "by nobody" : "by " + held);
    }

    private static String describe(ScenarioWorld world, Row row) {
        Optional<Row.Holder> holder = row.holder();
        String term = "term " + row.term();
        if (holder.isEmpty()) {
            boolean free = row.ownHand() && row.released() == row.term();
            return term + (free ? ", vacant" : ", vacant, to stand still");
        }
        String phase = holder.get().phase().name().toLowerCase(Locale.ROOT);
        String left = holder.get().session().isEmpty() ? "session unknown" : lease(world.database.remaining());
        String lock = world.database.isHoldersLockHeld() ? "lock held" : "lock free";
        return term + ", " + holder.get().address() + " " + phase + ", " + left + " | " + lock;
    }

    private static String lease(Duration remaining) {
        double seconds = remaining.toMillis() / 1000.0;
        return seconds > 0
                ? String.format(Locale.ROOT, "%.2fs left", seconds)
                : String.format(Locale.ROOT, "over for %.2fs", -seconds);
    }

    private static String describe(Command command) {
        String name = command.getClass().getSimpleName();
        if (command instanceof Command.StartWork start) {
            return name + " " + start.basis();
        }
        if (command instanceof Command.StopWork stop) {
            return name + " " + stop.loss();
        }
        return name;
    }

    private static String nameOf(State state) {
        return state.getClass().getSimpleName();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%6.2fs", nanos / 1e9);
    }
}
