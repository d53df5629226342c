package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.testing.memory.InMemoryDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes that share a simulated database and the true time. One thread. */
final class Machines {

    private static final int SPINS = 1_000;

    private long nanos;
    private final List<Machine> machines = new ArrayList<>();
    final InMemoryDatabase database = new InMemoryDatabase(() -> nanos);

    Machine start() {
        return start(new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    Machine start(Pace pace) {
        return start(pace, Machine.TIMINGS);
    }

    Machine start(Pace pace, Timings timings) {
        Machine machine = new Machine(this, pace, timings, machines.size());
        machines.add(machine);
        return machine;
    }

    long nanos() {
        return nanos;
    }

    void elapse(Duration length) {
        nanos += length.toNanos();
    }

    /** Lets every process do what is due, for so long. */
    void run(Duration length) {
        long end = nanos + length.toNanos();
        int turnsSinceTimePassed = 0;
        long before = nanos;
        while (true) {
            Machine next = machines.get(0);
            for (Machine machine : machines) {
                next = machine.dueNanos() < next.dueNanos() ? machine : next;
            }
            if (next.dueNanos() >= end) {
                nanos = Math.max(nanos, end);
                return;
            }
            nanos = Math.max(nanos, next.dueNanos());
            next.turn();
            turnsSinceTimePassed = nanos == before ? turnsSinceTimePassed + 1 : 0;
            before = nanos;
            if (turnsSinceTimePassed > SPINS * machines.size()) {
                throw new AssertionError("a process spins: it is always due and never waits");
            }
        }
    }

    static long nanosOf(Reading due) {
        return due.monotonicNanos();
    }
}
