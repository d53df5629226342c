package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Tenure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A principal that writes down what it is told, and whose work stops at once unless it is told not to. */
final class RecordedWork implements Principal {

    private final Machine machine;
    private final List<Long> stoppable = new ArrayList<>();
    private boolean stubborn;

    @Nullable
    Contender contender;

    final List<Long> terms = new ArrayList<>();
    final List<Loss> losses = new ArrayList<>();
    Optional<Tenure> tenure = Optional.empty();
    boolean closed;

    RecordedWork(Machine machine) {
        this.machine = machine;
    }

    Contender contender() {
        return Objects.requireNonNull(contender);
    }

    /** From now on cancelled work goes on until {@link #stop}. */
    void doNotStop() {
        stubborn = true;
    }

    /** Whatever was cancelled returns. */
    void stop() {
        stoppable.forEach(term -> machine.post(body -> body.happen(contender(), Event.workStopped(term))));
        stoppable.clear();
    }

    boolean leads() {
        return tenure.isPresent() && !tenure.get().trust().isPast(machine.ticker.read());
    }

    long term() {
        return tenure.orElseThrow().term();
    }

    @Override
    public void elected(Tenure gained, Basis basis) {
        terms.add(gained.term());
        tenure = Optional.of(gained);
    }

    @Override
    public void renewed(Instant expiresAt, Reading sentAt) {}

    @Override
    public void extended(Tenure longer) {
        tenure = Optional.of(longer);
    }

    @Override
    public void lost(long term, Loss loss) {
        losses.add(loss);
        tenure = Optional.empty();
        stoppable.add(term);
        if (!stubborn) {
            stop();
        }
    }

    @Override
    public void sighted(Sighting seen) {}

    @Override
    public void atRest() {}

    @Override
    public void closed() {
        closed = true;
    }
}
