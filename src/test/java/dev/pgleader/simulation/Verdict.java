package dev.pgleader.simulation;

import java.util.List;

/**
 * What came of a run.
 *
 * @param seed what it was drawn from
 * @param objections what the judges said; none if every promise was kept
 * @param tally what has happened
 * @param events how many things have happened
 */
record Verdict(long seed, List<String> objections, Tally tally, long events) {

    boolean isClean() {
        return objections.isEmpty();
    }
}
