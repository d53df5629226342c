package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
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

    private final Set<Contender> listed = new HashSet<>();

    /** Who is not listed yet, and who is to be struck off, in the order in which they came and went. */
    private final Set<Contender> come = new LinkedHashSet<>();

    private final Set<Contender> gone = new LinkedHashSet<>();

    private final SessionLease lease;
    private Reading nextCall;
    private Reading nextCheck;
    private boolean outdated;

    Roll(SessionLease lease, Reading now) {
        this.lease = lease;
        this.nextCall = now;
        this.nextCheck = now;
    }

    void came(Contender contender, Reading now) {
        come.add(contender);
        changed(now);
    }

    void went(Collection<Contender> contenders, Reading now) {
        for (Contender contender : contenders) {
            if (!come.remove(contender) && listed.contains(contender)) {
                gone.add(contender);
            }
        }
        changed(now);
    }

    private void changed(Reading now) {
        outdated = true;
        nextCall = now;
    }

    /** There is another session, whose row none of those who are present stands by yet. */
    void beginAnew(Collection<Contender> present, Reading now) {
        nextCheck = now.plus(CHECK_INTERVAL);
        listNobody(present, now);
    }

    private void listNobody(Collection<Contender> present, Reading now) {
        listed.clear();
        gone.clear();
        come.clear();
        come.addAll(present);
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
                check(session, present, now);
            }
        } catch (BusyException busy) {
            nextCall = now.plus(TRY_AGAIN);
            nextCheck = now.plus(CHECK_INTERVAL);
            LOG.debug("the list of candidates is locked", busy);
        }
    }

    private void update(Session session, Collection<Contender> present) throws SessionException, BusyException {
        if (present.isEmpty()) {
            outdated = false;
            lease.left();
            listed.clear();
            gone.clear();
            session.leave(lease.id());
        } else if (!gone.isEmpty()) {
            List<Contender> some = some(gone);
            session.withdraw(enrolments(some));
            some.forEach(gone::remove);
            some.forEach(listed::remove);
        } else if (!come.isEmpty()) {
            List<Contender> some = some(come);
            session.enroll(lease.id(), enrolments(some));
            some.forEach(come::remove);
            listed.addAll(some);
        } else {
            outdated = false;
        }
    }

    private static List<Contender> some(Set<Contender> all) {
        return all.stream().limit(MOST).toList();
    }

    private static List<Session.Enrolment> enrolments(List<Contender> contenders) {
        return contenders.stream().map(Contender::enrolment).toList();
    }

    /** A list that other hands have emptied is written anew. */
    private void check(Session session, Collection<Contender> present, Reading now)
            throws SessionException, BusyException {
        nextCheck = now.plus(CHECK_INTERVAL);
        if (session.listed(lease.id()) != listed.size()) {
            listNobody(present, now);
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
