package dev.pgleader.internal.runtime;

import dev.pgleader.LeaderUnknownException;
import dev.pgleader.NoLeaderException;
import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Sighting;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /** Waits for the answer. */
    Answer await(Duration atMost) {
        try {
            return answer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silence) {
            unanswerable("the database has not answered within " + atMost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            unanswerable("interrupted while waiting for the database");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        return answer.join();
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

        /**
         * Returns where the leader of {@code election} serves.
         *
         * @throws LeaderUnknownException if nobody can tell
         * @throws NoLeaderException if nobody leads, or whoever did leads no longer at this moment
         */
        String address(String election, Reading now) {
            if (isUnknown()) {
                throw new LeaderUnknownException(election, unknown);
            }
            Sighting row = seen.orElseThrow(() -> new NoLeaderException(election, "nobody has ever led"));
            if (row.row().holder().isEmpty()) {
                throw new NoLeaderException(election, "nobody leads at the moment");
            }
            Row.Holder holder = row.row().holder().get();
            if (holder.session().isEmpty()) {
                throw new LeaderUnknownException(
                        election, "the session of " + holder.address() + " is gone, or hidden from this role");
            }
            Duration left = Deadline.after(row.askedAt(), row.remaining()).remaining(now);
            if (left.isNegative() || left.isZero()) {
                throw new NoLeaderException(
                        election, "the lease of " + holder.address() + " ran out " + left.negated() + " ago");
            }
            return holder.address();
        }
    }
}
