package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.util.Optional;

/** An election that is watched, to which somebody else brings what was seen. */
final class Couriered implements Onlooker {

    private final ObservedElection observed;
    private final Courier courier;

    Couriered(ObservedElection observed, Courier courier) {
        this.observed = observed;
        this.courier = courier;
    }

    @Override
    public String election() {
        return observed.election();
    }

    @Override
    public void saw(Sighting seen) {
        courier.saw(seen, () -> observed.saw(seen));
    }

    @Override
    public void sawNothing(Reading askedAt) {
        courier.sawNothing(askedAt, () -> observed.sawNothing(askedAt));
    }

    @Override
    public void unanswerable(String why) {
        courier.unanswerable(() -> observed.unanswerable(why));
    }

    @Override
    public Optional<Reading> wakesAt() {
        return observed.wakesAt();
    }
}
