package dev.pgleader.simulation;

import dev.pgleader.testing.mutation.Mutation;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes that somebody might make in the protocol, or that the database's statements might: the simulation finds each. */
final class PlantedBugs {

    /**
     * One mistake.
     *
     * @param promise the promise that it breaks
     * @param name what the mistake is
     * @param mutations where it is made: in one place, or in each where the same is asked
     */
    record PlantedBug(String promise, String name, List<Mutation> mutations) {
        @Override
        public String toString() {
            return name;
        }
    }

    private PlantedBugs() {}

    static List<PlantedBug> all() {
        return Stream.of(
                        new PlantedTimeBugs(),
                        new PlantedWitnessBugs(),
                        new PlantedLeadingBugs(),
                        new PlantedSuccessionBugs(),
                        new PlantedUserBugs())
                .flatMap(plantation -> plantation.bugs().stream())
                .toList();
    }
}
