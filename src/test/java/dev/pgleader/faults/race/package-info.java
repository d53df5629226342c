/**
 * A race: eight candidates over a few elections with very short leases, on a real PostgreSQL, while everything that may fail
 * without breaking a promise fails at random.
 *
 * <p>{@link dev.pgleader.faults.race.Race} is the program, {@link dev.pgleader.faults.race.Kind} says what fails in which kind of
 * race, and {@link dev.pgleader.faults.race.Judge} looks for two holders at once. Loop, core and SQL are the library's own; only
 * threads, waits and work are the race's. {@link dev.pgleader.faults.race.Planted} lists faults that a race must find.
 */
@NullMarked
package dev.pgleader.faults.race;

import org.jspecify.annotations.NullMarked;
