/**
 * The shell around the core: on which thread, in which order, and for how long.
 *
 * <p>One loop thread owns all mutable state: {@link dev.pgleader.internal.runtime.Conductor} steps the elections and
 * batches their commands into few statements, {@link dev.pgleader.internal.runtime.Loop} gives it a thread and a mailbox.
 * {@link dev.pgleader.internal.runtime.Watchdog} ends leaderships on time whatever that thread is waiting for, and
 * {@link dev.pgleader.internal.runtime.Listening} turns announcements into looks. What users hold are
 * {@link dev.pgleader.internal.runtime.Candidacy} and {@link dev.pgleader.internal.runtime.Tenancy}: they read volatile
 * snapshots and post to the loop.
 *
 * <p>The database is a port here: {@link dev.pgleader.internal.runtime.Database}, {@link
 * dev.pgleader.internal.runtime.Session}, {@link dev.pgleader.internal.runtime.Listener}. So is the time: {@link
 * dev.pgleader.internal.runtime.Ticker}.
 */
@NullMarked
package dev.pgleader.internal.runtime;

import org.jspecify.annotations.NullMarked;
