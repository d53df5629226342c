/**
 * Real faults: what happens to leaders when processes, servers, networks, clocks and disks really fail.
 *
 * <p>Each candidate is a JVM of its own ({@link dev.pgleader.faults.Candidate}) on a real PostgreSQL, and the leader writes
 * all the time, with the fence and without. Each {@link dev.pgleader.faults.Fault} is an object; {@link
 * dev.pgleader.faults.Catalogue} lists them. A {@link dev.pgleader.faults.Drill} strikes again and again and has judges
 * outside the library look at what came of it: {@link dev.pgleader.faults.Reigns} whether two held at once, {@link
 * dev.pgleader.faults.History} whether the database took fenced writes out of order, {@link dev.pgleader.faults.Bound} how
 * long nobody led.
 *
 * <p>{@link dev.pgleader.faults.FaultsTest} plays every fault in {@code mvn verify -Pfaults}, {@link
 * dev.pgleader.faults.Soak} random ones for as long as one likes. Times of different processes are compared, which is
 * sound on one Linux machine, where {@link System#nanoTime} is one clock for all of them.
 */
@NullMarked
package dev.pgleader.faults;

import org.jspecify.annotations.NullMarked;
