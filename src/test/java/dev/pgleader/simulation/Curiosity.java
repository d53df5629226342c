package dev.pgleader.simulation;

import java.util.SplittableRandom;

/**
 * What the users of one run want to know, and which of them only watch. Drawn apart from everything else, so that runs in
 * which nobody wants to know anything are what they would be without: those of even seeds, and some others.
 */
final class Curiosity {

    private static final long APART = 0x5DEECE66DL;

    /** Whether anybody watches elections. */
    final boolean watched;

    /** Whether anybody makes promises about the future of leaderships. */
    final boolean tracked;

    /** Whether anybody waits for an election to do the work itself. */
    final boolean campaigned;

    private final SplittableRandom random;

    Curiosity(long seed) {
        random = new SplittableRandom(seed ^ APART).split();
        boolean any = seed % 2 != 0;
        watched = random.nextInt(5) < 2 && any;
        tracked = random.nextInt(5) < 2 && any;
        campaigned = random.nextInt(5) == 0 && any;
    }

    /** Returns the users of another process. */
    Users usersOf(Node node) {
        return new Users(node, random.split());
    }
}
