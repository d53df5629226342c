package dev.pgleader;

import org.jspecify.annotations.Nullable;

/**
 * Work that one leadership is gained for, and given up after: see {@link Elections#campaign(String, CandidateConfig, Stint)}.
 *
 * <p>Unlike a {@link LeadFunction} it leads for only as long as it runs, on the thread that asked for it, and what it returns or
 * throws is what its caller gets. When the leadership is lost meanwhile, that thread is interrupted and the listeners of
 * {@link Leadership#onLoss} run: stop promptly, since after the refractory period somebody else may lead.
 *
 * @param <T> the result
 * @param <X> what it throws
 */
@FunctionalInterface
public interface Stint<T extends @Nullable Object, X extends Exception> {

    /**
     * Does it. This process is {@link ProcessState#LEADING} from the beginning.
     *
     * @param leadership what was gained; it is given up when this returns or throws
     * @return the result
     * @throws X when it fails
     */
    T run(Leadership leadership) throws X;
}
