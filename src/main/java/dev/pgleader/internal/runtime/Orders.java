package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the elections have ordered and nobody has done yet, by kind, since each kind is one statement. Loop thread only. */
final class Orders {

    private final Map<Class<? extends Command>, Map<Contender, Command>> byKind = new HashMap<>();

    void add(Contender contender, Command command) {
        byKind.computeIfAbsent(command.getClass(), kind -> new LinkedHashMap<>())
                .put(contender, command);
    }

    boolean isEmpty() {
        return byKind.isEmpty();
    }

    boolean has(Class<? extends Command> kind) {
        return byKind.containsKey(kind);
    }

    void clear() {
        byKind.clear();
    }

    /** Hands out all of one kind, in the order in which they came. */
    <C extends Command> Map<Contender, C> drain(Class<C> kind) {
        Map<Contender, C> drained = new LinkedHashMap<>();
        Map<Contender, Command> gathered = byKind.remove(kind);
        if (gathered != null) {
            gathered.forEach((contender, command) -> drained.put(contender, kind.cast(command)));
        }
        return drained;
    }
}
