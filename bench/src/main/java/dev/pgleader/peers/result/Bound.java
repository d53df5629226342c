package dev.pgleader.peers.result;

/**
 * A figure that the library is to reach, and what it has reached. Immutable.
 *
 * @param what what was measured, in words
 * @param limit the greatest value that is allowed
 * @param why where the limit comes from, in words
 * @param value the value
 * @param unit of both
 */
public record Bound(String what, double limit, String why, double value, String unit) {

    /** {@return whether the value is no greater than allowed} */
    public boolean isKept() {
        return value <= limit;
    }
}
