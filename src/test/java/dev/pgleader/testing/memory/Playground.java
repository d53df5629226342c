package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.BidTerms;
import dev.pgleader.internal.runtime.Session.Enrolment;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.Session.Renewal;
import dev.pgleader.internal.runtime.Session.Vacation;
import dev.pgleader.internal.runtime.Session.Version;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionFixture.Entered;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A simulated database whose time and whose faults a test sets. */
abstract class Playground {

    static final UUID ME = new UUID(0, 1);
    static final UUID OTHER = new UUID(0, 2);
    static final Duration LEASE = Duration.ofSeconds(5);

    long nanos;
    final InMemoryDatabase database = new InMemoryDatabase(() -> nanos);
    final List<Runnable> postponed = new ArrayList<>();
    final Map<Act, Fault> faults = new EnumMap<>(Act.class);

    /** What others do while the process waits for an answer. */
    Runnable meanwhile = () -> {};

    final Route route = database.reachedBy(new Faults() {
        @Override
        public Fault strike(Act act) {
            return Objects.requireNonNullElse(faults.remove(act), Fault.NONE);
        }

        @Override
        public void elapse(Duration length) {
            nanos += length.toNanos();
            if (!length.isZero()) {
                meanwhile.run();
            }
        }

        @Override
        public void postpone(Runnable effect) {
            postponed.add(effect);
        }
    });

    Entered entered() throws SessionException, BusyException {
        Session session = route.openSession(Guard.NONE);
        UUID process = UUID.randomUUID();
        return new Entered(session, session.enter(process, LEASE, Duration.ZERO), process);
    }

    static void register(Entered by) throws SessionException, BusyException {
        by.session().register(List.of("orders"), LEASE);
    }

    Renewal renew(Entered who) throws SessionException, BusyException {
        return who.session().renew(who.id(), LEASE, true);
    }

    boolean wins(Entered by) throws SessionException, BusyException {
        return wins(by, "orders");
    }

    boolean wins(Entered by, String election) throws SessionException, BusyException {
        return wins(by, election, ME, Grounds.NONE);
    }

    boolean wins(Entered by, String election, UUID candidate, Grounds grounds) throws SessionException, BusyException {
        Enrolment who = new Enrolment(election, candidate, "here", 0, false, "");
        return by.session().bid(terms(by), List.of(grounds.by(who))).won().containsKey(election);
    }

    static BidTerms terms(Entered by) {
        return new BidTerms(by.id(), LEASE, Duration.ZERO, false);
    }

    static Grounds stoodStill(Entered by, String election) throws SessionException, BusyException {
        Looked looked = by.session().look(List.of(election));
        Row row = Objects.requireNonNull(looked.rows().get(election)).row();
        return Grounds.NONE.still(new Version(row, looked.server()));
    }

    /** Takes the election, which must be possible, and returns the term. */
    long elected(Entered by, UUID candidate) throws SessionException, BusyException {
        return elected(by, "orders", candidate);
    }

    long elected(Entered by, String election, UUID candidate) throws SessionException, BusyException {
        by.session().register(List.of(election), LEASE);
        if (!wins(by, election, candidate, stoodStill(by, election))) {
            throw new AssertionError("'" + election + "' is not won");
        }
        return row(election).term();
    }

    void vacated(Entered by, long term) throws SessionException, BusyException {
        Held held = new Held("orders", ME, term, by.id());
        by.session().vacate(List.of(new Vacation(held, Loss.RESIGNED, Optional.empty())));
    }

    Row row() {
        return row("orders");
    }

    Row row(String election) {
        return database.primary().row(election).orElseThrow().row();
    }

    long beat(Entered who) {
        return database.primary().sessionRow(who.id()).orElseThrow().beat();
    }

    boolean isLocked(Entered who) {
        return !database.primary().isLockFree(who.id());
    }

    void kill(Entered who) {
        database.primary().sessionOf(who.id()).ifPresent(database.primary()::kill);
    }
}
