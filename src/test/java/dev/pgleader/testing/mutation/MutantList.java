package dev.pgleader.testing.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Mutants of one file, as they are written down. For one thread. */
final class MutantList {

    private final String file;
    private final String testPackage;
    private final List<Mutant> mutants = new ArrayList<>();

    MutantList(String file, String testPackage) {
        this.file = file;
        this.testPackage = testPackage;
    }

    List<Mutant> all() {
        return List.copyOf(mutants);
    }

    /**
     * Exchanges a text that stands once in the file.
     *
     * @param tests the names of test classes, or of one of their methods or its invocations each, without the package
     */
    MutantList anywhere(String name, String original, String replacement, String... tests) {
        return add(name, List.of(new Mutation(name, file, original, replacement)), tests);
    }

    /** Exchanges a text that stands once in the text block of one constant. */
    MutantList in(String constant, String name, String original, String replacement, String... tests) {
        return add(name, List.of(within(constant, name, original, replacement)), tests);
    }

    MutantList add(String name, List<Mutation> mutations, String... tests) {
        UnaryOperator<String> full = test -> testPackage + "." + test;
        mutants.add(new Mutant(name, mutations, Arrays.stream(tests).map(full).toList()));
        return this;
    }

    /** Exchanges the whole constant, since the text alone may stand elsewhere in the file as well. */
    Mutation within(String constant, String name, String original, String replacement) {
        String text;
        try {
            text = Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int start = text.indexOf("String " + constant + " =");
        int end = start < 0 ? -1 : text.indexOf("\"\"\";", start);
        if (end < 0) {
            throw new IllegalStateException("the list of mutations is stale: no " + constant + " in " + file);
        }
        String block = text.substring(start, end);
        Mutation inBlock = new Mutation(name, file, original, replacement);
        return new Mutation(name, file, block, inBlock.appliedTo(block));
    }
}
