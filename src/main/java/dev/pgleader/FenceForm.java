package dev.pgleader;

/** How a fence keeps a successor out while a fenced transaction is open. What a fence promises is the same. */
public enum FenceForm {

    /**
     * By a lock on the election's row, {@code FOR KEY SHARE}: holds at every isolation level. When several fenced
     * transactions of one election are open at once each makes a <i>multixact</i>, of which PostgreSQL has a limited number
     * between vacuums. For up to some hundred fenced transactions a second.
     */
    ROW_LOCK,

    /**
     * By an advisory lock that fenced transactions share: makes no multixacts and writes nothing. At READ COMMITTED only:
     * at a stricter level fencing fails.
     */
    SHARED_LOCK
}
