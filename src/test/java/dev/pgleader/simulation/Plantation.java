package dev.pgleader.simulation;

import dev.pgleader.simulation.PlantedBugs.PlantedBug;
import dev.pgleader.testing.mutation.Mutation;
import java.util.ArrayList;
import java.util.List;

/** A list of planted bugs. */
abstract class Plantation {

    static final String CORE = "src/main/java/dev/pgleader/internal/election/";
    static final String SHELL = "src/main/java/dev/pgleader/internal/runtime/";
    static final String DATABASE = "src/test/java/dev/pgleader/testing/memory/";

    private final List<PlantedBug> bugs = new ArrayList<>();

    List<PlantedBug> bugs() {
        return List.copyOf(bugs);
    }

    /** Plants a mistake that breaks {@code promise}. */
    void plant(String promise, String name, String file, String original, String replacement) {
        bugs.add(new PlantedBug(promise, name, List.of(new Mutation(name, file, original, replacement))));
    }

    /** Plants one more part of the mistake that was planted last: what guards against it a second time. */
    void also(String file, String original, String replacement) {
        PlantedBug last = bugs.remove(bugs.size() - 1);
        List<Mutation> parts = new ArrayList<>(last.mutations());
        parts.add(new Mutation(last.name(), file, original, replacement));
        bugs.add(new PlantedBug(last.promise(), last.name(), List.copyOf(parts)));
    }
}
