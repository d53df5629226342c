package dev.pgleader;

import dev.pgleader.internal.runtime.Texts;

/**
 * The right of one term to write, as a value: {@link Leadership#fence()} gives it, and whoever it is handed to, another
 * process or service, has the database check it in the transaction that it writes in:
 *
 * <pre>{@code select pgleader.fence('1000000000042@orders')}</pre>
 *
 * <p>It can be passed around, since it is a name and no secret. It is worth something for as long as its term has not been
 * succeeded. Immutable.
 *
 * @param election the election, 1 to 255 characters, not blank
 * @param term the term, more than 0
 */
public record Fence(String election, long term) {

    /**
     * Checks both.
     *
     * @param election the election
     * @param term the term
     * @throws IllegalArgumentException if there cannot be such an election or term
     */
    public Fence {
        Texts.requireElection(election);
        if (term <= 0) {
            throw new IllegalArgumentException("term must be more than 0, not " + term);
        }
    }

    /**
     * The fence as one text: the term, an {@code @}, and the election, which may hold any further {@code @}.
     *
     * @return the token, such as {@code 1000000000042@orders}
     */
    public String token() {
        return term + "@" + election;
    }

    /**
     * Reads what {@link #token()} has written.
     *
     * @param token the token
     * @return the fence
     * @throws IllegalArgumentException if that is no token
     */
    public static Fence parse(String token) {
        int at = token.indexOf('@');
        try {
            return new Fence(token.substring(at + 1), Long.parseLong(token.substring(0, Math.max(at, 0))));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "no fence token, such as 1000000000042@orders: '" + token + "'", malformed);
        }
    }
}
