package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** What a connection can do about locks and announcements. Loop thread only. */
interface Locks {

    /** Tries for the locks of elections, none of them held; returns those that were granted. */
    Set<String> tryLock(Map<String, Integer> elections) throws SessionException, BusyException;

    /** Gives locks back and announces changes, in this order. An announcement that fails is forgotten. */
    void release(Collection<Integer> lockIds, Collection<String> announcements) throws SessionException;

    /** Ends other server processes that hold locks, if their rows are still those, and this role may. */
    void endBackends(Map<String, Row> condemned) throws SessionException, BusyException;

    /** Returns whether a lock here keeps anybody out. */
    boolean areReal();
}
