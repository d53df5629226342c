package dev.pgleader.internal.election;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What the tables say of who shall lead next. Immutable. All of it concerns the order in which candidates go; none of it
 * gives anybody the right to take an election.
 *
 * @param heir whom the last leader handed over to, as long as the row is vacant or held by just that candidate; or the
 *     holder itself, if it took the row since the one for whom it was given up did not come
 * @param yieldedBy who gave the row up of its own accord, until somebody takes it from another than from nobody
 * @param request what the leader of this term has been asked for
 * @param bestRival the highest priority among those who are present and may lead; neither the holder nor who yielded counts
 */
public record Succession(
        Optional<String> heir, Optional<UUID> yieldedBy, Optional<Request> request, OptionalInt bestRival) {

    /** Nobody has a wish. */
    public static final Succession OPEN =
            new Succession(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());

    /**
     * A leader is to resign.
     *
     * @param heir in whose favour: an identity or an address; empty where anybody will do
     * @param preempting whether the heir itself asks, because it has the higher priority
     */
    public record Request(Optional<String> heir, boolean preempting) {

        /** Anybody may be next. */
        public static final Request RESIGN = new Request(Optional.empty(), false);

        /** Returns a request in favour of {@code heir}, an identity or an address. */
        public static Request handOverTo(String heir) {
            return new Request(Optional.of(heir), false);
        }
    }
}
