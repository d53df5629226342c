/** JDBC: everything that is particular to PostgreSQL, its SQL, its sessions and its schema. */
@NullMarked
package dev.pgleader.internal.postgres;

import org.jspecify.annotations.NullMarked;
