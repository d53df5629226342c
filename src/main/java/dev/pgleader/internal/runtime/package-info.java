/** The shell around the core: the loop, the watchdog and the callbacks. */
@NullMarked
package dev.pgleader.internal.runtime;

import org.jspecify.annotations.NullMarked;
