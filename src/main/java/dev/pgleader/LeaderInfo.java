package dev.pgleader;

import java.time.Instant;
import java.util.UUID;

/**
 * Who leads an election, as the database told it. Immutable.
 *
 * @param address where the leader serves, as it was given to {@code run}
 * @param candidate the leader's identity, random for each start
 * @param version which version of the service it is; empty where it did not say
 * @param priority how much it is wanted as leader
 * @param term the leadership's fencing token
 * @param phase {@link ProcessState#RECOVERING} or {@link ProcessState#LEADING}
 * @param electedAt when it was elected, on the database's clock
 * @param expiresAt when its lease ends unless it is renewed, on the database's clock; not to be compared with this
 *     machine's clock
 */
public record LeaderInfo(
        String address,
        UUID candidate,
        String version,
        int priority,
        long term,
        ProcessState phase,
        Instant electedAt,
        Instant expiresAt) {}
