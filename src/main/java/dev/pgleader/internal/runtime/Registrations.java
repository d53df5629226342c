package dev.pgleader.internal.runtime;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which rows were created and have not been seen since. Where something hides them, such as row level security or a trigger, a
 * missing row is created once per routine look, and not again and again within one turn. Loop thread only.
 */
final class Registrations {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");

    private final Set<Contender> created = new HashSet<>();
    private final Set<Contender> warnedOf = new HashSet<>();

    void created(Contender contender) {
        created.add(contender);
    }

    void seen(Contender contender) {
        created.remove(contender);
        warnedOf.remove(contender);
    }

    /** Returns whether a row that is missing was created right before. */
    boolean isHidden(Contender contender) {
        boolean hidden = created.remove(contender);
        if (hidden && warnedOf.add(contender)) {
            LOG.warn(
                    "election '{}': its row was created and cannot be seen; see whether row level security or a trigger"
                            + " hides it",
                    contender.election());
        }
        return hidden;
    }

    /** Forgets everything, with the session. */
    void clear() {
        created.clear();
        warnedOf.clear();
    }
}
