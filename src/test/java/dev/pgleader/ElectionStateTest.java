package dev.pgleader;

import static dev.pgleader.ElectionState.State.FOLLOWER;
import static dev.pgleader.ElectionState.State.LEADER;
import static dev.pgleader.ElectionState.State.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How states of an election read, and which there are. */
class ElectionStateTest {

    private static final Optional<LeaderInfo> NOBODY = Optional.empty();
    private static final Optional<LeaderInfo> SOMEBODY = Optional.of(new LeaderInfo(
            "10.0.0.7:8080",
            new UUID(0, 7),
            "1.2",
            3,
            1_000_000_000_042L,
            ProcessState.RECOVERING,
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(5)));

    @Test
    void everyState_readsAsASentenceWould() {
        assertEquals(
                List.of(
                        "unknown",
                        "follower, nobody leads",
                        "follower of 10.0.0.7:8080 (recovering, term 1000000000042)",
                        "leader at 10.0.0.7:8080 (recovering, term 1000000000042)"),
                Stream.of(
                                ElectionState.unknown(),
                                new ElectionState(FOLLOWER, NOBODY),
                                new ElectionState(FOLLOWER, SOMEBODY),
                                new ElectionState(LEADER, SOMEBODY))
                        .map(ElectionState::toString)
                        .toList());
    }

    @Test
    void nothingKnown_isAnotherAnswerThanNobody() {
        assertEquals(new ElectionState(UNKNOWN, NOBODY), ElectionState.unknown());
        assertNotEquals(new ElectionState(FOLLOWER, NOBODY), ElectionState.unknown());
    }

    @Test
    void nothingKnown_withALeader_isRefused() {
        assertRefused(UNKNOWN, SOMEBODY, "state unknown with leader " + SOMEBODY);
    }

    @Test
    void leader_withoutOne_isRefused() {
        assertRefused(LEADER, NOBODY, "state leader with leader " + NOBODY);
    }

    @Test
    void stateOrLeaderLeftOut_isRefused_byName() {
        assertEquals("state", refusalWithout(null, NOBODY));
        assertEquals("leader", refusalWithout(FOLLOWER, null));
    }

    private static void assertRefused(ElectionState.State state, Optional<LeaderInfo> leader, String why) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new ElectionState(state, leader));
        assertEquals(why, refused.getMessage());
    }

    @SuppressWarnings({"NullAway", "NullableOptional"}) // What a caller without such a check may do.
    private static @Nullable String refusalWithout(
            ElectionState.@Nullable State state, @Nullable Optional<LeaderInfo> leader) {
        return assertThrows(NullPointerException.class, () -> new ElectionState(state, leader))
                .getMessage();
    }
}
