/**
 * The database, by JDBC: with which SQL, over which connection?
 *
 * <p>{@link dev.pgleader.internal.postgres.Sql} holds every statement, one constant per act. {@link
 * dev.pgleader.internal.postgres.JdbcSession} and {@link dev.pgleader.internal.postgres.JdbcListener} are the two
 * connections of a process; {@link dev.pgleader.internal.postgres.Connector} opens them past any pool.
 */
@NullMarked
package dev.pgleader.internal.postgres;

import org.jspecify.annotations.NullMarked;
