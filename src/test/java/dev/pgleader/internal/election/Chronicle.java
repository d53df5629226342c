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
 * Writes down what a scenario is read for: changes of state and the commands that matter. Left out are heartbeats and
 * looks that changed nothing, and whatever has been said before of the same step of the scenario.
 */
final class Chronicle implements ScenarioWorld.Witness {

    private final List<String> lines = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private final Map<String, String> lastLook = new HashMap<>();
    private int repeats;

    @Override
    public void saw(long realNow, Participant who, Participant.Event event, State before, Step step) {
        if (isRoutine(before, step) && !isNewSight(who, event)) {
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
        return event.name().startsWith("looked") && !event.name().equals(lastLook.put(who.name, event.name()));
    }

    private static boolean isRoutine(State before, Step step) {
        boolean onlyRoutine = step.commands().stream()
                .allMatch(command -> command instanceof Command.Look
                        || command instanceof Command.Heartbeat
                        || command instanceof Command.ExtendTrust);
        return onlyRoutine && nameOf(before).equals(nameOf(step.next()));
    }

    private static String standing(ScenarioWorld world) {
        String held = world.participants.values().stream()
                .filter(each -> each.isHeld(world.now()))
                .map(each -> each.name)
                .collect(Collectors.joining(", "));
        return "row: " + world.database.look().map(Chronicle::describe).orElse("none") + " | lock: "
                + world.database.lockOwner().orElse("free") + " | held: "
                + (held.isEmpty() ? "by nobody" : "by " + held);
    }

    private static String describe(StrictDatabase.Seen seen) {
        Optional<Row.Holder> holder = seen.row().holder();
        String term = "term " + seen.row().term();
        if (holder.isEmpty()) {
            return term + ", vacant";
        }
        String phase = holder.get().phase().name().toLowerCase(Locale.ROOT);
        return term + ", " + holder.get().address() + " " + phase + ", " + lease(seen.remaining());
    }

    private static String lease(Duration remaining) {
        double seconds = remaining.toMillis() / 1000.0;
        return seconds > 0
                ? String.format(Locale.ROOT, "%.2fs left", seconds)
                : String.format(Locale.ROOT, "over for %.2fs", -seconds);
    }

    private static String describe(Command command) {
        String name = command.getClass().getSimpleName();
        if (command instanceof Command.Take take) {
            return name + " " + take.claim().basis();
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
