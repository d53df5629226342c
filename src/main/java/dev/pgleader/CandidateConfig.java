package dev.pgleader;

import dev.pgleader.internal.runtime.Texts;

/**
 * How a process stands in one election: where it serves, how much it is wanted as leader, and what others are to know of
 * it. Immutable, so thread-safe; made by {@link #at} and changed by the {@code with…} methods, each of which returns another.
 *
 * <p>Priorities decide who goes first among those that may take an election; they never give anybody the right to. Where a
 * better candidate is present but does not take its turn (it hangs, or has just died) the others wait for it for one and a
 * quarter of their retry interval, 2.5 s by default, and then go ahead.
 *
 * @param address where this process serves, for others to forward requests to: 1 to 1000 characters, not blank
 * @param priority how much it is wanted as leader, the higher the better; 0 by default. Negative ones are allowed
 * @param preempts whether to ask a leader of lower priority to hand over, gracefully; false by default. True: the preferred
 *     process leads again soon after it has come back, at the cost of one more hand-over. It is not asked of a leader to
 *     whom somebody handed over by name, nor of one for whom this very candidate has made way
 * @param neverLeads whether to follow only: this process is visible and can tell who leads, but is never elected; false by
 *     default
 * @param version which version of the service this is, for people and deploy scripts: 0 to 255 characters; empty by default
 * @param termsKept of how many terms the election's history is kept, from 1 to 1,000,000; 1,000 by default. The leader's
 *     own setting counts, and what is too old is deleted when somebody is elected. More: a longer memory. Less: a smaller
 *     table
 */
public record CandidateConfig(
        String address, int priority, boolean preempts, boolean neverLeads, String version, int termsKept) {

    private static final int LONGEST_VERSION = 255;
    private static final int MOST_TERMS = 1_000_000;
    private static final int DEFAULT_TERMS = 1_000;

    /**
     * Checks the settings.
     *
     * @param address where this process serves
     * @param priority how much it is wanted as leader
     * @param preempts whether to ask a leader of lower priority to hand over
     * @param neverLeads whether to follow only
     * @param version which version of the service this is
     * @param termsKept of how many terms the history is kept
     * @throws IllegalArgumentException if the address is blank or too long, the version too long, either holds what
     *     PostgreSQL cannot store, the number of terms is out of bounds, or a candidate is to preempt and never to lead
     */
    public CandidateConfig {
        Texts.requireAddress("address", address);
        Texts.requireStorable("version", version, LONGEST_VERSION);
        if (termsKept < 1 || termsKept > MOST_TERMS) {
            throw new IllegalArgumentException("termsKept must be from 1 to " + MOST_TERMS + ", not " + termsKept);
        }
        if (preempts && neverLeads) {
            throw new IllegalArgumentException("a candidate that never leads cannot preempt another");
        }
    }

    /**
     * Stands as anybody does who asks for nothing special.
     *
     * @param address where this process serves, 1 to 1000 characters, not blank
     * @return priority 0, no preemption, no version
     * @throws IllegalArgumentException if the address is blank or too long, or holds what PostgreSQL cannot store
     */
    public static CandidateConfig at(String address) {
        return new CandidateConfig(address, 0, false, false, "", DEFAULT_TERMS);
    }

    /**
     * Sets how much this process is wanted as leader.
     *
     * @param wanted the higher the better
     * @return the changed settings
     */
    public CandidateConfig withPriority(int wanted) {
        return new CandidateConfig(address, wanted, preempts, neverLeads, version, termsKept);
    }

    /**
     * Asks a leader of lower priority to hand over.
     *
     * @return the changed settings
     * @throws IllegalArgumentException if this candidate never leads
     */
    public CandidateConfig withPreemption() {
        return new CandidateConfig(address, priority, true, neverLeads, version, termsKept);
    }

    /**
     * Follows only.
     *
     * @return the changed settings
     * @throws IllegalArgumentException if this candidate preempts others
     */
    public CandidateConfig withoutLeading() {
        return new CandidateConfig(address, priority, preempts, true, version, termsKept);
    }

    /**
     * Says which version of the service this is.
     *
     * @param text for people and deploy scripts, 0 to 255 characters
     * @return the changed settings
     * @throws IllegalArgumentException if it is too long, or holds what PostgreSQL cannot store
     */
    public CandidateConfig withVersion(String text) {
        return new CandidateConfig(address, priority, preempts, neverLeads, text, termsKept);
    }

    /**
     * Bounds the history of the election.
     *
     * @param terms how many of them are kept, from 1 to 1,000,000
     * @return the changed settings
     * @throws IllegalArgumentException if the number is out of bounds
     */
    public CandidateConfig withTermsKept(int terms) {
        return new CandidateConfig(address, priority, preempts, neverLeads, version, terms);
    }
}
