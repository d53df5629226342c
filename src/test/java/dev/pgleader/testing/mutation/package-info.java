/**
 * Planted faults: a line of the project is exchanged, what depends on it is compiled in memory, and everything of ours
 * runs once more with the fault in it. A check that does not fail then is no check.
 *
 * <p>A list of {@link dev.pgleader.testing.mutation.Mutation}s says what to exchange,
 * {@link dev.pgleader.testing.mutation.MutatedClasses} are our classes with the fault, beside the sound ones and in the
 * same JVM.
 */
@NullMarked
package dev.pgleader.testing.mutation;

import org.jspecify.annotations.NullMarked;
