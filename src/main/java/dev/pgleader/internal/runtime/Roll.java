package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's candidates on the list of those who stand, which others read: people, and candidates that let better ones go
 * first. They are present for as long as the session's row runs. Loop thread only.
 *
 * <p>Nothing rests on the list but who goes first: it may be late, and may name a candidate that has died since.
 */
final class Roll {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    /** How often to see whether the list still has what was written into it. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(30);

    /** How many one statement writes, so that a heartbeat need not wait for long behind it. */
    private static final int MOST = 1_000;

    private final Map<Contender, Session.Enrolment> listed = new LinkedHashMap<>();
    private final SessionLease lease;
    private Reading nextCall;
    private Reading nextCheck;
    private boolean outdated;

    Roll(SessionLease lease, Reading now) {
        this.lease = lease;
        this.nextCall = now;
        this.nextCheck = now;
    }

    /** A candidate has come or gone. */
    void changed(Reading now) {
        outdated = true;
        nextCall = now;
    }

    /** There is another session, whose row no candidate stands by yet. */
    void beginAnew(Reading now) {
        listed.clear();
        nextCheck = now.plus(CHECK_INTERVAL);
        changed(now);
    }

    Reading nextCall(Reading otherwise) {
        if (!lease.runs()) {
            return otherwise;
        }
        Reading next = listed.isEmpty() ? otherwise : Reading.earlier(nextCheck, otherwise);
        return outdated ? Reading.earlier(nextCall, next) : next;
    }

    boolean isDue(Reading now) {
        boolean checks = !listed.isEmpty() && now.hasReached(nextCheck);
        return lease.runs() && (checks || (outdated && now.hasReached(nextCall)));
    }

    /** Brings the list up to date, as far as one statement goes. */
    void call(Session session, Collection<Contender> present, Reading now) throws SessionException {
        try {
            if (outdated) {
                update(session, present);
            } else {
                check(session, now);
            }
        } catch (BusyException busy) {
            nextCall = now.plus(TRY_AGAIN);
            nextCheck = now.plus(CHECK_INTERVAL);
            LOG.debug("the list of candidates is locked", busy);
        }
    }

    private void update(Session session, Collection<Contender> present) throws SessionException, BusyException {
        Set<Contender> here = new HashSet<>(present);
        List<Contender> come = present.stream()
                .filter(contender -> !listed.containsKey(contender))
                .limit(MOST)
                .toList();
        List<Contender> gone = listed.keySet().stream()
                .filter(contender -> !here.contains(contender))
                .limit(MOST)
                .toList();
        if (present.isEmpty()) {
            outdated = false;
            lease.left();
            listed.clear();
            session.leave(lease.id());
        } else if (!gone.isEmpty()) {
            session.withdraw(gone.stream().map(listed::get).toList());
            gone.forEach(listed::remove);
        } else if (!come.isEmpty()) {
            session.enroll(lease.id(), come.stream().map(Contender::enrolment).toList());
            come.forEach(contender -> listed.put(contender, contender.enrolment()));
        } else {
            outdated = false;
        }
    }

    /** A list that other hands have emptied is written anew. */
    private void check(Session session, Reading now) throws SessionException, BusyException {
        nextCheck = now.plus(CHECK_INTERVAL);
        if (session.listed(lease.id()) != listed.size()) {
            listed.clear();
            changed(now);
        }
    }

    /** Leaves the list, if that can be done now; else others will find out. */
    void leave(Session session) {
        try {
            if (lease.runs()) {
                lease.left();
                session.leave(lease.id());
            }
        } catch (SessionException | BusyException failed) {
            LOG.debug("still on the list of candidates, until it is noticed", failed);
        }
    }
}
