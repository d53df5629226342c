package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import java.util.HashMap;
import java.util.Iterator;
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

    /** Drops whatever a candidate that has closed still wanted done. */
    void forget(Contender closed) {
        byKind.values().forEach(gathered -> gathered.remove(closed));
        byKind.values().removeIf(Map::isEmpty);
    }

    void clear() {
        byKind.clear();
    }

    /** Hands out all of one kind, in the order in which they came. */
    <C extends Command> Map<Contender, C> drain(Class<C> kind) {
        return drain(kind, Integer.MAX_VALUE);
    }

    /** Hands out {@code most} of one kind, in the order in which they came. */
    <C extends Command> Map<Contender, C> drain(Class<C> kind, int most) {
        Map<Contender, C> drained = new LinkedHashMap<>();
        Map<Contender, Command> gathered = byKind.get(kind);
        if (gathered != null) {
            Iterator<Map.Entry<Contender, Command>> all = gathered.entrySet().iterator();
            while (all.hasNext() && drained.size() < most) {
                Map.Entry<Contender, Command> next = all.next();
                drained.put(next.getKey(), kind.cast(next.getValue()));
                all.remove();
            }
            if (gathered.isEmpty()) {
                byKind.remove(kind);
            }
        }
        return drained;
    }
}
