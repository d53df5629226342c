package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once of each election whose term has no successor that it cannot be taken any more. Thread-safe. */
final class SpentTerms {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** Looks at what was read of an election. */
    void check(String election, Row row) {
        if (row.term() >= Row.LARGEST_TERM && said.add(election)) {
            LOG.warn(
                    "nobody can take the election '{}' any more: its row was edited, and its term {} is the largest there"
                            + " is or beyond; set it back to the newest term in the history",
                    election,
                    row.term());
        }
    }
}
