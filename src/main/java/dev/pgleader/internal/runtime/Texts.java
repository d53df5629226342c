package dev.pgleader.internal.runtime;

/** What texts must be like that users give and PostgreSQL is to store. */
public final class Texts {

    /** What the table has room for. */
    private static final int LONGEST_ELECTION = 255;

    private static final int LONGEST_ADDRESS = 1000;

    private Texts() {}

    /**
     * Requires what can be the name of an election.
     *
     * @param name the name
     * @throws IllegalArgumentException if it is null, blank or too long, or holds what PostgreSQL cannot store
     */
    public static void requireElection(String name) {
        require("election name", name, LONGEST_ELECTION);
    }

    /**
     * Requires what can be the address of a candidate.
     *
     * @param what what the text is
     * @param address the text
     * @throws IllegalArgumentException if it is null, blank or too long, or holds what PostgreSQL cannot store
     */
    public static void requireAddress(String what, String address) {
        require(what, address, LONGEST_ADDRESS);
    }

    /**
     * Requires a text that says something and can be stored.
     *
     * @param what what the text is
     * @param text the text
     * @param longest how many characters it may have
     * @throws IllegalArgumentException if it is null, blank or too long, or holds what PostgreSQL cannot store
     */
    public static void require(String what, String text, int longest) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(what + " must not be null or blank, but is " + quoted(text));
        }
        requireStorable(what, text, longest);
    }

    /**
     * Requires a text that can be stored, be it empty.
     *
     * @param what what the text is
     * @param text the text
     * @param longest how many characters it may have
     * @throws IllegalArgumentException if it is null or too long, or holds what PostgreSQL cannot store
     */
    public static void requireStorable(String what, String text, int longest) {
        if (text == null) {
            throw new IllegalArgumentException(what + " must not be null");
        }
        int length = text.codePointCount(0, text.length());
        if (length > longest) {
            throw new IllegalArgumentException(
                    what + " must have at most " + longest + " characters, not " + length + ": " + quoted(text));
        }
        if (text.indexOf('\0') >= 0 || text.codePoints().anyMatch(Texts::isLoneSurrogate)) {
            throw new IllegalArgumentException(
                    what + " must hold neither NUL nor unpaired surrogates: " + quoted(text));
        }
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    private static String quoted(String text) {
        return text == null ? "null" : "'" + text + "'";
    }
}
