package dev.pgleader.internal.election;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What the tables say of who shall lead next. Immutable. All of it concerns the order in which candidates go; none of it
 * gives anybody the right to take an election.
 *
 * @param successor the successor that the last leader named, kept while the row is vacant or that successor holds it; or, if
 *     the successor did not come and another candidate took the row, that candidate
 * @param resignedBy the candidate that last resigned of its own will; cleared when a row is taken from a leader whose lease
 *     has expired
 * @param request what the leader of this term has been asked for
 * @param bestRival the highest priority among those who are present and may lead; neither the holder nor who resigned counts
 */
public record Succession(
        Optional<String> successor, Optional<UUID> resignedBy, Optional<Request> request, OptionalInt bestRival) {

    /** Nothing is wanted. */
    public static final Succession OPEN =
            new Succession(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());

    /**
     * A leader is to resign.
     *
     * @param successor in whose favour: an identity or an address; empty where any candidate will do
     * @param preempting whether the successor itself asks, because it has the higher priority
     */
    public record Request(Optional<String> successor, boolean preempting) {

        /** Any candidate may be next. */
        public static final Request RESIGN = new Request(Optional.empty(), false);

        /** Returns a request in favour of {@code successor}, an identity or an address. */
        public static Request handOverTo(String successor) {
            return new Request(Optional.of(successor), false);
        }
    }
}
