package dev.pgleader.simulation;

import dev.pgleader.simulation.Tally.Happening;
import dev.pgleader.testing.memory.InMemoryByHand;
import dev.pgleader.testing.memory.InMemoryServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** What an administrator does to the tables while they are in use: deletes, edits and restores rows. */
final class OtherHands {

    private static final int LONG_AGO = 60;

    private final World world;
    private final SplittableRandom random;
    private final long lease;

    OtherHands(World world, SplittableRandom random, long lease) {
        this.world = world;
        this.random = random;
        this.lease = lease;
    }

    /** Does something of a kind, where there is something to do it to; returns whether there was. */
    boolean strike(Happening kind, InMemoryServer server, String election) {
        InMemoryByHand hand = server.byHand();
        return switch (kind) {
            case ROW_DELETED, ROW_EMPTIED, ROW_GIVEN_AWAY, ROW_REWRITTEN, ROW_RESTORED ->
                strikeRow(kind, hand, election);
            case ROWS_TRUNCATED -> !isInUse(hand) && truncate(hand);
            case SCHEMA_DROPPED -> !isInUse(hand) && drop(hand);
            case SESSIONS_TRUNCATED -> truncateSessions(hand);
            case SESSION_DELETED, SESSION_EDITED, SESSION_RESTORED ->
                someSession(hand)
                        .filter(session -> strikeSession(kind, server, session))
                        .isPresent();
            default -> false;
        };
    }

    /** What deletes a row, or changes its key, has to wait for those who have fenced themselves with it. */
    private boolean isInUse(InMemoryByHand hand) {
        return world.settings.elections.stream().anyMatch(hand::mustWaitFor);
    }

    private boolean strikeRow(Happening kind, InMemoryByHand hand, String election) {
        if (hand.mustWaitFor(election)) {
            return false;
        }
        return switch (kind) {
            case ROW_DELETED -> hand.exists(election) && done(() -> hand.deleteElection(election));
            case ROW_REWRITTEN -> hand.exists(election) && done(() -> hand.rewrite(election));
            case ROW_EMPTIED -> hand.isHeld(election) && done(() -> hand.empty(election));
            case ROW_GIVEN_AWAY ->
                hand.isHeld(election)
                        && someSession(hand)
                                .filter(session -> done(() -> hand.give(election, session)))
                                .isPresent();
            default -> {
                world.rowPutBack();
                yield hand.restoreElection(election, 1 + random.nextInt(LONG_AGO));
            }
        };
    }

    private boolean truncate(InMemoryByHand hand) {
        hand.truncateElections();
        return true;
    }

    private boolean drop(InMemoryByHand hand) {
        world.schemaDropped();
        hand.dropAndMigrate();
        return true;
    }

    private static boolean truncateSessions(InMemoryByHand hand) {
        hand.truncateSessions();
        return true;
    }

    private boolean strikeSession(Happening kind, InMemoryServer server, int session) {
        InMemoryByHand hand = server.byHand();
        world.judges.succession.presenceDoubted(server);
        return switch (kind) {
            case SESSION_DELETED -> done(() -> hand.deleteSession(session));
            case SESSION_RESTORED -> hand.restoreSession(session, 1 + random.nextInt(LONG_AGO));
            default -> done(() -> edit(hand, session));
        };
    }

    private void edit(InMemoryByHand hand, int session) {
        switch (random.nextInt(5)) {
            case 0 -> hand.setRemaining(session, Duration.ofNanos(random.nextLong(3 * lease) - lease));
            case 1 -> hand.setLease(session, Duration.ofMillis(1));
            case 2 -> hand.setProcess(session, new UUID(random.nextLong(), random.nextLong()));
            case 3 -> hand.raiseBeat(session);
            default -> hand.setUnlocked(session);
        }
        hand.rewriteSession(session);
    }

    private static boolean done(Runnable what) {
        what.run();
        return true;
    }

    private Optional<Integer> someSession(InMemoryByHand hand) {
        List<Integer> all = hand.sessions();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }
}
