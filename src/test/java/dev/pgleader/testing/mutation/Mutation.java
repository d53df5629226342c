package dev.pgleader.testing.mutation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * One fault to be planted: a text of a file, exchanged for another. Immutable.
 *
 * @param name what the fault is, in a few words
 * @param file the file, relative to the project's root, below {@code src/main} or {@code src/test}
 * @param original what stands there: it must occur exactly once
 * @param replacement what is to stand there
 */
public record Mutation(String name, String file, String original, String replacement) {

    /** Checks that there is something to exchange. */
    public Mutation {
        if (original.isEmpty() || original.equals(replacement)) {
            throw new IllegalArgumentException("'" + name + "' changes nothing");
        }
        if (Arrays.stream(Root.values()).noneMatch(root -> Path.of(file).startsWith(root.folder()))) {
            throw new IllegalArgumentException("'" + name + "' is to change " + file + ", which nobody here compiles");
        }
    }

    /** Where files that can be changed are, and what becomes of them. */
    enum Root {
        MAIN_SOURCES("src/main/java", true),
        MAIN_RESOURCES("src/main/resources", false),
        TEST_SOURCES("src/test/java", true);

        private final Path folder;
        private final boolean compiled;

        Root(String folder, boolean compiled) {
            this.folder = Path.of(folder);
            this.compiled = compiled;
        }

        Path folder() {
            return folder;
        }

        static Root of(Path file) {
            return Arrays.stream(values())
                    .filter(root -> file.startsWith(root.folder))
                    .findFirst()
                    .orElseThrow();
        }
    }

    Path path() {
        return Path.of(file);
    }

    boolean isCompiled() {
        return Root.of(path()).compiled;
    }

    /**
     * Plants the fault.
     *
     * @param text the file's text
     * @return the text with the fault
     * @throws IllegalStateException if the original does not occur exactly once
     */
    public String appliedTo(String text) {
        long found = Pattern.compile(original, Pattern.LITERAL)
                .matcher(text)
                .results()
                .count();
        if (found != 1) {
            throw new IllegalStateException("the list of mutations is stale: '" + name
                    + "' looks for a text that occurs " + found + " times in " + file + ":\n" + original);
        }
        return text.replace(original, replacement);
    }
}
