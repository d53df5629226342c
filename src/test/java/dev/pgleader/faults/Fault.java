package dev.pgleader.faults;

import dev.pgleader.Takeover;

/** Something that goes wrong. Immutable, as all of them are: what it needs to remember is in the {@link Round}. */
interface Fault {

    /** Returns what it is called in the table, and by what {@code -Dfaults.only=} chooses it. */
    String title();

    /** Returns what it needs. */
    Setup setup();

    /** Returns for how long nobody may lead because of it. */
    Bound bound(Takeover takeover);

    /** Makes it happen once, from its beginning to its end. */
    void strike(Round round) throws Exception;

    /**
     * What a fault needs. Immutable.
     *
     * @param route the way of each process to the server
     * @param laying makes the server
     * @param processes how many processes there are
     * @param candidates how many candidates stand in each of them
     * @param rounds how often it can strike before everything has to be built anew
     */
    record Setup(Route.Kind route, Ground.Laying laying, int processes, int candidates, int rounds) {

        private static final int USUAL_PROCESSES = 3;

        /** Returns whether there are so many that a machine is busy with them alone. */
        boolean isCrowded() {
            return candidates > 1;
        }

        static Setup over(Route.Kind route) {
            return new Setup(route, Ground.Plain::lay, USUAL_PROCESSES, 1, Integer.MAX_VALUE);
        }

        static Setup direct() {
            return over(Route.Kind.DIRECT);
        }

        static Setup on(Ground.Laying laying) {
            return new Setup(Route.Kind.DIRECT, laying, USUAL_PROCESSES, 1, Integer.MAX_VALUE);
        }
    }
}
