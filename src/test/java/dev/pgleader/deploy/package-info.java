/** A service that is replaced process by process while it goes on serving. */
@NullMarked
package dev.pgleader.deploy;

import org.jspecify.annotations.NullMarked;
