package dev.pgleader.peers.candidate;

/** One of the systems that are compared, as one candidate in one election uses it. Calls come from one thread at a time. */
public interface Peer {

    /**
     * Stands in an election, and returns when this candidate takes part, as far as the system tells.
     *
     * @param election its name
     * @param work what to do while leading
     * @throws Exception if that is not possible
     */
    void stand(String election, Work work) throws Exception;

    /**
     * Asks for the leadership to be given up in the way that the system offers, and stays a candidate.
     *
     * @throws Exception if that is not possible
     */
    void resign() throws Exception;
}
