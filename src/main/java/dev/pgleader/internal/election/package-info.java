/** The pure core: what a candidate may do, decided from events and the time it is given. */
@NullMarked
package dev.pgleader.internal.election;

import org.jspecify.annotations.NullMarked;
