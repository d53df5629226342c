/**
 * Real PostgreSQL servers and databases for tests: a fresh database per test, and after each test the proof that
 * nothing was left open.
 *
 * <p>A test class says {@link dev.pgleader.testing.PostgresTest @PostgresTest} and takes a
 * {@link dev.pgleader.testing.TestDatabase}. Which server stands behind it is chosen by the system property
 * {@code postgres}: see {@link dev.pgleader.testing.PostgresServer#shared()}. A test that stops, crashes or promotes
 * servers starts its own with {@link dev.pgleader.testing.EmbeddedServer#builder()} or
 * {@link dev.pgleader.testing.PrimaryAndStandby#start()}.
 */
@NullMarked
package dev.pgleader.testing;

import org.jspecify.annotations.NullMarked;
