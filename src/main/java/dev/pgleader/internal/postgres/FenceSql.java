package dev.pgleader.internal.postgres;

/**
 * The calls of the schema's functions in users' transactions. Immutable.
 *
 * @param fence with election, term, and seconds at most
 * @param fenceShared the same without a row lock
 * @param once with election, term, and key
 */
record FenceSql(String fence, String fenceShared, String once) {

    static FenceSql of(SchemaName schema) {
        String call = "select " + schema.quoted();
        return new FenceSql(
                call + ".fence(?, ?, make_interval(secs => ?))",
                call + ".fence_shared(?, ?, make_interval(secs => ?))",
                call + ".once(?, ?, ?)");
    }
}
