/**
 * A deterministic simulation: the real loop body and the real leaderships of a few processes, on virtual time, over the
 * simulated database of {@link dev.pgleader.testing.memory}. Everything in a run comes from its seed.
 *
 * <p>{@link dev.pgleader.simulation.World} is one run: an {@link dev.pgleader.simulation.Agenda} of what happens when,
 * {@link dev.pgleader.simulation.Node processes} with {@link dev.pgleader.simulation.MachineClocks clocks} of their own, a
 * {@link dev.pgleader.simulation.Way network} on which statements take time and go astray, and {@link
 * dev.pgleader.simulation.Mischief} that sees to it that they do. {@link dev.pgleader.simulation.Judges} know the real
 * time and what really is in the database, and object when a promise is broken; nobody in the run listens to them.
 */
@NullMarked
package dev.pgleader.simulation;

import org.jspecify.annotations.NullMarked;
