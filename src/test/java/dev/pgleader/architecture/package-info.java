/** What the sources and class files must look like, whatever they do. */
@NullMarked
package dev.pgleader.architecture;

import org.jspecify.annotations.NullMarked;
