package dev.pgleader.peers.scenario;

/**
 * How much is measured. Immutable.
 *
 * @param handOvers how often a leader resigns, for each system
 * @param slowHandOvers the same where its work is slow to stop
 * @param turns how often candidates resign in turn, for each system
 * @param kills how often a leader is killed, for each system
 * @param windows how often idle processes are looked at
 * @param windowSeconds for how long they are looked at
 */
public record Effort(int handOvers, int slowHandOvers, int turns, int kills, int windows, int windowSeconds) {

    /** What the documentation shows: about ten minutes. */
    public static final Effort FULL = new Effort(100, 12, 30, 20, 5, 8);

    /** A little of everything: about two minutes. */
    public static final Effort QUICK = new Effort(8, 4, 10, 5, 1, 5);

    /**
     * Returns the same with another number of hand-overs.
     *
     * @param rounds the number
     * @return the effort
     */
    public Effort withHandOvers(int rounds) {
        return new Effort(rounds, slowHandOvers, turns, kills, windows, windowSeconds);
    }
}
