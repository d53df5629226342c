package dev.pgleader.peers.result;

/** What is measured. Less is better, always. */
public enum Measure {
    /** From the end of the old leader's work to the begin of the new leader's; zero where they overlap. */
    GAP("end of the old work to begin of the new", "ms"),
    /** From the call that gives the leadership up to the begin of the new leader's work. */
    CALL("call to begin of the new work", "ms"),
    /** For how long two leaders worked at the same time. */
    OVERLAP("both work", "ms"),
    /** 1 where the leader that resigned was elected again, 0 where the other one was. */
    RETURNED("the old leader elected again", "times"),
    /** 1 where the leadership had moved without having been asked to since the last time, 0 where it had not. */
    LOST("leadership moved unasked", "times"),
    /** From {@code kill -9} to the begin of the next leader's work. */
    KILL("kill to begin of the new work", "ms"),
    /** What the leader's process asks of PostgreSQL. */
    LEADER_STATEMENTS("statements of the leader", "/s"),
    /** What the follower's process asks of PostgreSQL. */
    FOLLOWER_STATEMENTS("statements of the follower", "/s"),
    /** What the leader's process has PostgreSQL log as an error. */
    LEADER_ERRORS("errors logged for the leader", "/s"),
    /** What the follower's process has PostgreSQL log as an error. */
    FOLLOWER_ERRORS("errors logged for the follower", "/s"),
    /** What both have PostgreSQL write ahead. */
    WAL("WAL of both", "B/s"),
    /** What both ask of ZooKeeper. */
    PACKETS("packets of both to ZooKeeper", "/s"),
    /** Processor time of the leader's process. */
    LEADER_CPU("processor time of the leader's JVM", "ms/s"),
    /** Processor time of the follower's process. */
    FOLLOWER_CPU("processor time of the follower's JVM", "ms/s");

    private final String title;
    private final String unit;

    Measure(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** {@return the measure for people} */
    public String title() {
        return title;
    }

    /** {@return whether a value tells that something has happened, 1, or has not, 0} */
    public boolean isIncident() {
        return this == RETURNED || this == LOST;
    }

    /** {@return the unit of all its values} */
    public String unit() {
        return unit;
    }
}
