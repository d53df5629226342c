/** Elections through a real PgBouncer: safe, or refused in words. Part of {@code mvn verify -Pfaults}. */
@NullMarked
package dev.pgleader.pooler;

import org.jspecify.annotations.NullMarked;
