package dev.pgleader.peers;

/** What a system keeps its elections in. Each has a server to itself, so that no system loads another's. */
public enum Backend {
    /** A PostgreSQL with pgleader's schema. */
    PGLEADER,
    /** A PostgreSQL with Spring Integration's tables. */
    SPRING,
    /** A ZooKeeper. */
    ZOOKEEPER
}
