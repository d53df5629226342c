package dev.pgleader.peers.result;

import java.util.Arrays;
import java.util.Optional;

/** What happens to leaders again and again. */
public enum Case {
    /** A leader resigns, and its work stops at once. */
    HAND_OVER("hand-over"),
    /** A leader resigns, and its work takes 300 ms to stop. */
    SLOW_STOP("slow-stop"),
    /** Two candidates resign in turn. */
    PING_PONG("ping-pong"),
    /** A leader is killed. */
    KILL("kill"),
    /** Nothing happens. */
    IDLE("idle");

    private final String word;

    Case(String word) {
        this.word = word;
    }

    /** {@return the word by which the case is asked for} */
    public String word() {
        return word;
    }

    /**
     * Finds a case.
     *
     * @param word its word
     * @return the case, or empty if there is none
     */
    public static Optional<Case> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }
}
