package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the elections have ordered and nobody has done yet, by kind, since each kind is one statement. Loop thread only. */
final class Orders {

    private final Map<Class<? extends Command>, Map<Contender, Command>> byKind = new HashMap<>();

    void add(Contender contender, Command command) {
        byKind.computeIfAbsent(command.getClass(), kind -> new LinkedHashMap<>())
                .put(contender, command);
    }

    /** Takes back what is only of use to a candidate that may still lead. */
    void forget(Contender closed) {
        for (Class<? extends Command> kind : List.of(
                Command.Bid.class,
                Command.Look.class,
                Command.Lead.class,
                Command.Register.class,
                Command.AskToResign.class)) {
            Map<Contender, Command> gathered = byKind.get(kind);
            if (gathered != null) {
                gathered.remove(closed);
                if (gathered.isEmpty()) {
                    byKind.remove(kind);
                }
            }
        }
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
