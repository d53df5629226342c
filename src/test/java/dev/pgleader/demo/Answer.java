package dev.pgleader.demo;

/**
 * What a leader answers to a request.
 *
 * @param replica who answers
 * @param term the term in which it leads
 * @param askedNanos taken right before {@code isHeld()} was asked, so that a pause before the question cannot pass for one
 *     after it
 */
record Answer(String replica, long term, long askedNanos) {

    /** {@return the answer as text that {@link #parse} reads} */
    String text() {
        return replica + " " + term + " " + askedNanos;
    }

    /** Reads what {@link #text} wrote. */
    static Answer parse(String text) {
        String[] words = text.split(" ", -1);
        return new Answer(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
    }
}
