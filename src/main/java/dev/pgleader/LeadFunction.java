package dev.pgleader;

/**
 * The work of a leader.
 *
 * <p>It is called each time this process is elected, on a thread of its own, with the process
 * {@link ProcessState#RECOVERING}. The process becomes {@link ProcessState#LEADING} when this function returns or calls
 * {@link Leadership#recovered()}, whichever is first. Returning does not resign: the leadership goes on until it is lost,
 * resigned or closed. So there are two ways to lead. Either stay in the function until the leadership is over:
 *
 * <pre>{@code
 * leadership -> {
 *     restoreState();
 *     leadership.recovered();
 *     while (leadership.isHeld()) {
 *         doSomeWork();
 *     }
 * }
 * }</pre>
 *
 * <p>or start something, say with {@link Leadership#onLoss} how to stop it, and return.
 *
 * <p>When the leadership is lost, even while this function runs, its thread is interrupted and the listeners of
 * {@link Leadership#onLoss} run. Stop promptly: within the refractory period nobody else leads; after it somebody may.
 * On a graceful hand-over the next leader is not elected before this function and all listeners have returned.
 */
@FunctionalInterface
public interface LeadFunction {

    /**
     * Leads.
     *
     * @param leadership the leadership that was gained
     * @throws Exception to say that recovery or the work failed: it is logged, the leadership is resigned, and this
     *     process waits one retry interval before it stands again, so that another may try. After the leadership was
     *     lost an exception is a way of stopping like any other
     */
    void lead(Leadership leadership) throws Exception;
}
