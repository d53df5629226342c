/** PostgreSQL behind the ports of the runtime: the SQL, the session, the listener and the probe. */
@NullMarked
package dev.pgleader.internal.postgres;

import org.jspecify.annotations.NullMarked;
