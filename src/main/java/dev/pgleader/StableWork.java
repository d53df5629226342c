package dev.pgleader;

import org.jspecify.annotations.Nullable;

/**
 * Work that is done for as long as a process leads, or for as long as it follows.
 *
 * @param <T> its result
 * @param <X> what it throws
 */
@FunctionalInterface
public interface StableWork<T extends @Nullable Object, X extends Exception> {

    /**
     * Does the work. Its thread is interrupted when what it was told is so no longer.
     *
     * @param leads whether this process leads
     * @return the result
     * @throws X if the work fails
     */
    T run(boolean leads) throws X;
}
