package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process on the list of those who stand, which others read: people, and candidates that let better ones go first. One
 * small statement every few seconds says that it is still there, whatever the number of elections. Loop thread only.
 *
 * <p>Nothing rests on the list but who goes first: it may be late, and may name somebody who has died since.
 */
final class Roll {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Who has missed two calls and the third is late is taken for absent. */
    private static final Duration GOOD_FOR = INTERVAL.multipliedBy(3);

    /** What the list says of this process. */
    private enum Entry {
        NONE,
        OUTDATED,
        CURRENT
    }

    private final UUID process = UUID.randomUUID();
    private Reading nextCall;
    private Entry entry = Entry.NONE;

    Roll(Reading now) {
        this.nextCall = now;
    }

    /** Somebody has come or gone, or the list may not be what it was. */
    void changed(Reading now) {
        entry = entry == Entry.NONE ? Entry.NONE : Entry.OUTDATED;
        nextCall = now;
    }

    Reading nextCall() {
        return nextCall;
    }

    /** Returns whether the list is to be told something now: nothing, where nobody stands and nobody is on it. */
    boolean isDue(Collection<Contender> present, Reading now) {
        return now.hasReached(nextCall) && (!present.isEmpty() || entry != Entry.NONE);
    }

    /** Says who is there. */
    void call(Session session, Collection<Contender> present, Reading now) throws SessionException {
        nextCall = now.plus(INTERVAL);
        try {
            if (present.isEmpty()) {
                strike(session);
            } else if (entry != Entry.CURRENT || !session.attend(process, GOOD_FOR)) {
                session.enroll(
                        process,
                        GOOD_FOR,
                        present.stream().map(Contender::enrolment).toList());
                entry = Entry.CURRENT;
            }
        } catch (BusyException busy) {
            LOG.debug("the list of candidates is locked by somebody", busy);
        }
    }

    /** Leaves the list for good, if that can be done now; else others will find out. */
    void leave(Session session) {
        try {
            strike(session);
        } catch (SessionException | BusyException failed) {
            LOG.debug("still on the list of candidates, until it is noticed", failed);
        }
    }

    /** Whoever only watched is not on it. */
    private void strike(Session session) throws SessionException, BusyException {
        if (entry != Entry.NONE) {
            entry = Entry.NONE;
            session.leave(process);
        }
    }
}
