package dev.pgleader.internal.runtime;

/** What texts must be like that users give and PostgreSQL is to store. */
public final class Texts {

    private Texts() {}

    /**
     * Requires a text that says something and can be stored.
     *
     * @throws IllegalArgumentException if it is null, blank, longer than so many characters, or holds what cannot be stored
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
     * @throws IllegalArgumentException if it is null, longer than so many characters, or holds what cannot be stored
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
