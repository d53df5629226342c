/**
 * A simulated PostgreSQL for the election table: strict, deterministic, without threads and without real time.
 *
 * <p>{@link dev.pgleader.testing.memory.InMemoryDatabase} is the world: {@link
 * dev.pgleader.testing.memory.InMemoryServer servers} with one history of commits, advisory locks, sessions and a {@link
 * dev.pgleader.testing.memory.DatabaseClock clock} each. A process reaches it by a {@link
 * dev.pgleader.testing.memory.Route}, on which {@link dev.pgleader.testing.memory.Faults} strike. What a statement does
 * here is held to what the SQL does by one contract that both pass.
 */
@NullMarked
package dev.pgleader.testing.memory;

import org.jspecify.annotations.NullMarked;
