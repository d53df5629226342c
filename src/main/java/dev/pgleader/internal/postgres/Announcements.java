package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.News;

/**
 * What is announced, as text: a word, a space, and the election's name. The statements that announce, and {@code
 * request_resignation}, write the same words.
 */
final class Announcements {

    static final String VACATED = "vacated ";
    static final String CHANGED = "changed ";

    private Announcements() {}

    /** Returns what a text tells; whatever other hands announce is news of some change. */
    static News news(String text) {
        return text.startsWith(VACATED) ? News.VACATED : News.CHANGED;
    }

    /** Returns of which election a text tells. */
    static String election(String text) {
        return text.startsWith(VACATED) || text.startsWith(CHANGED) ? text.substring(text.indexOf(' ') + 1) : text;
    }
}
