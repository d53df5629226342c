package dev.pgleader.internal.election;

/**
 * How much a candidate is wanted as leader. Immutable. It decides who goes first among those that may take an election,
 * never who may.
 *
 * @param priority the higher the better
 * @param preempts whether to ask a leader of lower priority to resign
 * @param neverLeads whether only to follow
 */
public record Preference(int priority, boolean preempts, boolean neverLeads) {

    /** As good as anybody who did not say otherwise. */
    public static final Preference ORDINARY = new Preference(0, false, false);
}
