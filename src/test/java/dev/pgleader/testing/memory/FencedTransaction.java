package dev.pgleader.testing.memory;

/** A user's open transaction that is fenced with a term: until it ends nobody can take the election. One thread. */
public final class FencedTransaction {

    private final InMemoryServer server;
    private final String election;
    private final long term;

    FencedTransaction(InMemoryServer server, String election, long term) {
        this.server = server;
        this.election = election;
        this.term = term;
    }

    /** {@return the election that it is fenced with} */
    public String election() {
        return election;
    }

    /** {@return the term that it is fenced with} */
    public long term() {
        return term;
    }

    /** Commits what was written, unless the server has ended the transaction already. */
    public void commit() {
        server.end(this, true);
    }

    /** Ends the transaction; nothing was written. */
    public void rollback() {
        server.end(this, false);
    }

    @Override
    public String toString() {
        return "a transaction fenced with term " + term + " of '" + election + "'";
    }
}
