package dev.pgleader.internal.postgres;

import java.nio.charset.StandardCharsets;

/**
 * The name of the schema that holds the library's objects, exactly as PostgreSQL stores it: upper case, spaces and
 * quotes count. The one place where it is checked and quoted.
 *
 * @param value the name, 1 to 63 bytes in UTF-8
 */
public record SchemaName(String value) {

    /** PostgreSQL cuts longer names off in silence (NAMEDATALEN - 1), and two schemas would become one. */
    private static final int MAX_BYTES = 63;

    /** Checks the name. */
    public SchemaName {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value) || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("schema name contains a character that PostgreSQL cannot store");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("schema name must have 1 to " + MAX_BYTES + " bytes in UTF-8 but has "
                    + bytes + ": \"" + value + "\"");
        }
        if (value.equals("$user")) {
            throw new IllegalArgumentException(
                    "schema name must not be \"$user\": in a search_path that means the current user, quoted or not");
        }
    }

    /**
     * The name as an SQL identifier.
     *
     * @return the name in double quotes, those inside it doubled
     */
    public String quoted() {
        return '"' + value.replace("\"", "\"\"") + '"';
    }
}
