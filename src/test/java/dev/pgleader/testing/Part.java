package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A part that a role can play, with the least rights for it as the documentation gives them. */
public enum Part {
    /** Stands in elections. */
    CANDIDATE("app"),
    /** Watches elections. */
    OBSERVER("watcher"),
    /** Reads the views. */
    VIEWER("viewer"),
    /** Moves leaderships. */
    OPERATOR("operator"),
    /** Writes under the fence. */
    WRITER("writer");

    private static final Path PAGE = Path.of("docs", "rights.md");

    private final String roleOnThePage;

    Part(String roleOnThePage) {
        this.roleOnThePage = roleOnThePage;
    }

    /**
     * Takes the statements that grant the rights from the page.
     *
     * @param role who is to have them; needs no quotes
     * @return the statements in their order
     */
    public List<String> grants(String role) {
        String page;
        try {
            page = Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String begin = "```sql\n-- " + name().toLowerCase(Locale.ROOT) + "\n";
        int start = page.indexOf(begin) + begin.length();
        if (start < begin.length()) {
            throw new IllegalStateException("no rights of a " + this + " in " + PAGE);
        }
        String block = page.substring(start, page.indexOf("```", start));
        return Stream.of(block.split(";\n"))
                .map(statement -> statement.replace("to " + roleOnThePage, "to " + role))
                .toList();
    }
}
