package dev.pgleader.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A page of the documentation, for the code on it: what is shown to people is what is tested. Immutable. */
public final class Page {

    private final Path path;
    private final String text;

    private Page(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /**
     * Reads a page.
     *
     * @param first the file, or the folder that it is in, from the project's own
     * @param more the rest of the way
     * @return the page
     */
    public static Page at(String first, String... more) {
        Path path = Path.of(first, more);
        try {
            return new Page(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The blocks of code in one language.
     *
     * @param language as it stands behind the three quotes
     * @return the blocks as they are, in their order
     */
    public List<String> blocks(String language) {
        return Pattern.compile("(?s)```" + language + "\\n(.*?)```")
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /**
     * The one block whose first line is a given comment.
     *
     * @param language as it stands behind the three quotes
     * @param title the comment
     * @return what follows that line
     * @throws IllegalStateException if there is not exactly one
     */
    public String block(String language, String title) {
        String begin = title + "\n";
        List<String> found = blocks(language).stream()
                .filter(block -> block.startsWith(begin))
                .map(block -> block.substring(begin.length()))
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " blocks '" + title + "' in " + path);
        }
        return found.get(0);
    }
}
