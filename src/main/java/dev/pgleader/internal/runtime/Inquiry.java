package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody's question for the row of an election, answered by the next look. Thread-safe.
 *
 * @param election the election
 * @param answer the row if there is one; or why nobody can tell
 */
record Inquiry(String election, CompletableFuture<Answer> answer) implements Onlooker {

    Inquiry(String election) {
        this(election, new CompletableFuture<>());
    }

    @Override
    public void saw(Sighting seen) {
        answer.complete(new Answer(Optional.of(seen), ""));
    }

    @Override
    public void sawNothing(Reading askedAt) {
        answer.complete(new Answer(Optional.empty(), ""));
    }

    @Override
    public void unanswerable(String why) {
        answer.complete(new Answer(Optional.empty(), why));
    }

    /**
     * What the database said.
     *
     * @param seen the row; empty where there is none, or where nobody can tell
     * @param unknown why nobody can tell; empty where somebody can
     */
    record Answer(Optional<Sighting> seen, String unknown) {

        boolean isUnknown() {
            return !unknown.isEmpty();
        }
    }
}
