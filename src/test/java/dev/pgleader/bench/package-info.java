/**
 * What the library costs and how fast it is, measured with real processes on a real PostgreSQL that waits for its disk.
 *
 * <p>{@link dev.pgleader.bench.Measure} is the program; each class that ends in what happens to a leader ({@link
 * dev.pgleader.bench.HandOver}, {@link dev.pgleader.bench.Crash}, …) is a case of it. Candidates are processes of their
 * own, {@link dev.pgleader.bench.Candidate}, which tell on standard output what happened when. Times of different
 * processes are compared, which is sound on one Linux machine, where {@link System#nanoTime} is one clock for all of them.
 *
 * <p>{@link dev.pgleader.bench.QuestionsBenchmark} measures what is too short for that, with JMH.
 */
@NullMarked
package dev.pgleader.bench;

import org.jspecify.annotations.NullMarked;
