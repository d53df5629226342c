/** Leader election for services that already have PostgreSQL. */
@NullMarked
package dev.pgleader;

import org.jspecify.annotations.NullMarked;
