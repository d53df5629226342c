/**
 * The pure core: given what was seen and what time it is, what may a candidate do?
 *
 * <p>Each election a process stands in is one {@link dev.pgleader.internal.election.State}. An event steps it and it
 * answers with the next state and the {@link dev.pgleader.internal.election.Command}s to carry out. Nothing here reads a
 * clock, starts a thread, speaks SQL or logs: the time is an argument, and acting is somebody else's work. So the same
 * code runs against PostgreSQL and inside a simulation.
 *
 * <p>Where to look: <i>may I take over?</i> in {@link dev.pgleader.internal.election.Verdict}; <i>how long may a leader
 * believe in itself?</i> in {@link dev.pgleader.internal.election.Tenure}; <i>what happens next?</i> in the states.
 */
@NullMarked
package dev.pgleader.internal.election;

import org.jspecify.annotations.NullMarked;
