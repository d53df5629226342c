package dev.pgleader.testing.mutation;

import java.util.List;

/**
 * A fault and the tests that are to notice it. Immutable.
 *
 * @param name what the fault is
 * @param mutations what has to be exchanged for it
 * @param tests the tests of which at least one fails, as a {@link Trial} takes them
 */
record Mutant(String name, List<Mutation> mutations, List<String> tests) {

    Mutant {
        mutations = List.copyOf(mutations);
        tests = List.copyOf(tests);
    }

    /** Whether the fault is in what a database is made of rather than in our classes. */
    boolean isInTheSchema() {
        return mutations.stream().anyMatch(mutation -> !mutation.isCompiled());
    }

    /** Whether a word is part of its name, or of the name of a file that it changes. */
    boolean concerns(String word) {
        return name.contains(word)
                || mutations.stream().anyMatch(mutation -> mutation.file().contains(word));
    }

    @Override
    public String toString() {
        return name;
    }
}
