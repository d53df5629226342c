package dev.pgleader.internal.runtime;

import dev.pgleader.CandidateConfig;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.testing.memory.Faults;
import dev.pgleader.testing.memory.Route;
import dev.pgleader.testing.memory.VirtualTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** One process of {@link Machines}: a conductor, what it asked of the database, and what goes wrong there. */
final class Machine implements Faults {

    static final Timings TIMINGS = new Timings(
            Duration.ofSeconds(5), Duration.ofMillis(1500), Duration.ofSeconds(2), Duration.ofSeconds(30), false);

    private final Machines world;
    private final Timings timings;
    private final int number;
    private final Deque<Consumer<Conductor>> mail = new ArrayDeque<>();
    private final List<Act> asked = new ArrayList<>();
    private Function<Act, Fault> faults = act -> Fault.NONE;
    private long dueNanos;
    private int stood;
    final VirtualTicker ticker;
    final Route route;
    final Conductor conductor;

    Machine(Machines world, Pace pace, Timings timings, int number) {
        this.world = world;
        this.timings = timings;
        this.number = number;
        this.ticker = new VirtualTicker(world::nanos);
        this.route = world.database.reachedBy(this);
        this.conductor = new Conductor(route, Guard.NONE, ticker, new Random(number), pace, timings);
        this.dueNanos = world.nanos();
    }

    /** Stands in an election by the timings of this process. */
    RecordedWork stand(String election) {
        return stand(election, timings);
    }

    RecordedWork stand(String election, Timings timings) {
        return stand(election, timings, CandidateConfig.at("machine " + number));
    }

    /** Stands in an election, as much wanted as it is said. */
    RecordedWork standAs(CandidateConfig config, String election) {
        return stand(election, timings, config);
    }

    private RecordedWork stand(String election, Timings timings, CandidateConfig config) {
        stood++;
        RecordedWork work = new RecordedWork(this);
        UUID id = new UUID(number, stood);
        work.contender = new Contender(election, config, id, timings, work, ticker.read());
        post(body -> body.stand(work.contender()));
        return work;
    }

    void post(Consumer<Conductor> task) {
        mail.add(task);
        dueNanos = world.nanos();
    }

    long dueNanos() {
        return dueNanos;
    }

    void turn() {
        while (!mail.isEmpty()) {
            mail.remove().accept(conductor);
        }
        long due = Machines.nanosOf(conductor.turn());
        dueNanos = mail.isEmpty() ? due : world.nanos();
    }

    /** From now on, this becomes of statements. */
    void suffer(Function<Act, Fault> what) {
        faults = what;
    }

    /** Returns what was asked of the database since the last question. */
    List<Act> asked() {
        List<Act> since = List.copyOf(asked);
        asked.clear();
        return since;
    }

    static int count(List<Act> asked, Act act) {
        return Collections.frequency(asked, act);
    }

    @Override
    public Fault strike(Act act) {
        asked.add(act);
        return faults.apply(act);
    }

    @Override
    public void elapse(Duration length) {
        world.elapse(length);
    }
}
