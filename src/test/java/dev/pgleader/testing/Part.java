package dev.pgleader.testing;

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
    WRITER("writer"),
    /** Puts the guard on tables of its own. */
    GUARD("owner");

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
        String block = Page.at("docs", "rights.md").block("sql", "-- " + name().toLowerCase(Locale.ROOT));
        return Stream.of(block.split(";\n"))
                .map(statement -> statement.replace("to " + roleOnThePage, "to " + role))
                .toList();
    }
}
