package dev.pgleader.peers;

import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.scenario.Effort;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the program was asked to do. Immutable.
 *
 * @param cases what to measure, in their order
 * @param effort how much
 * @param measuring whether to measure at all, rather than to use the values of the last run
 * @param writing whether to write the page of the documentation
 * @param keeping whether to keep the values for later runs to be compared with
 */
record Arguments(Set<Case> cases, Effort effort, boolean measuring, boolean writing, boolean keeping) {

    private static final String QUICK = "quick";
    private static final String ROUNDS = "rounds=";
    private static final String WRITE = "write";
    private static final String PAGE = "page";
    private static final String BASELINE = "baseline";

    static Arguments parse(String... words) {
        Set<Case> cases = EnumSet.noneOf(Case.class);
        List<String> given = Arrays.asList(words);
        Effort effort = given.contains(QUICK) ? Effort.QUICK : Effort.FULL;
        for (String word : given) {
            if (word.startsWith(ROUNDS)) {
                effort = effort.withHandOvers(Integer.parseInt(word.substring(ROUNDS.length())));
            } else if (!List.of(QUICK, WRITE, PAGE, BASELINE).contains(word)) {
                cases.add(Case.of(word)
                        .orElseThrow(() -> new IllegalArgumentException("unknown word '" + word + "'; known are "
                                + List.of(QUICK, ROUNDS, WRITE, PAGE, BASELINE) + " and "
                                + Arrays.stream(Case.values()).map(Case::word).toList())));
            }
        }
        return new Arguments(
                cases.isEmpty() ? EnumSet.allOf(Case.class) : cases,
                effort,
                !given.contains(PAGE),
                given.contains(WRITE) || given.contains(PAGE),
                given.contains(BASELINE));
    }
}
