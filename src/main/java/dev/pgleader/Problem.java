package dev.pgleader;

/**
 * What keeps this process from standing in its elections. Immutable. Seen through {@link Elections#problem()}; logged
 * once each time its kind changes.
 *
 * @param kind what kind of trouble it is
 * @param message what the database or the driver said
 * @param remedy what to do about it
 */
public record Problem(Kind kind, String message, String remedy) {

    /** Kinds of trouble. While there is any, this process leads nothing. */
    public enum Kind {
        /** The database cannot be reached, does not answer in time, or is starting up. Tried again soon. */
        UNREACHABLE(false),
        /** The database has no connection left. Tried again soon. */
        TOO_MANY_CONNECTIONS(false),
        /** The server is a standby. Tried again soon, since it may be promoted or replaced. */
        IN_RECOVERY(false),
        /** User name or password are wrong, or the server does not let this client in. Tried again slowly. */
        NOT_AUTHORIZED(true),
        /** The database does not exist. Tried again slowly. */
        DATABASE_MISSING(true),
        /** The schema does not exist in this database. Tried again slowly. */
        SCHEMA_MISSING(true),
        /** The schema is older than this library needs. Tried again slowly. */
        SCHEMA_OUTDATED(true),
        /**
         * The table has lost something that its migrations gave it and that elections rest on: its durability, or a unique
         * key. Tried again slowly.
         */
        SCHEMA_UNSOUND(true),
        /** The role may not use the schema or its tables. Tried again slowly. */
        NO_RIGHTS(true),
        /** The data source gives connections that are not PostgreSQL's. Tried again slowly. */
        UNSUITABLE(true),
        /** Something else. Tried again soon. */
        OTHER(false);

        private final boolean lasting;

        Kind(boolean lasting) {
            this.lasting = lasting;
        }

        /** {@return whether somebody has to mend this before trying again makes sense} */
        public boolean isLasting() {
            return lasting;
        }
    }

    @Override
    public String toString() {
        return message + " (" + remedy + ")";
    }
}
