/**
 * The demo: a PostgreSQL and three replicas of a small HTTP service, each a process of its own, whose leader resigns, is
 * killed and is frozen while requests keep coming. It measures what the library promises and fails where it is broken.
 *
 * <p>{@link dev.pgleader.demo.Demo} tells the story. {@link dev.pgleader.demo.Replica} and {@link
 * dev.pgleader.demo.Service} are what a user of the library would write.
 */
@NullMarked
package dev.pgleader.demo;

import org.jspecify.annotations.NullMarked;
