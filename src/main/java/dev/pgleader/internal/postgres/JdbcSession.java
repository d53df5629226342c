package dev.pgleader.internal.postgres;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The session over JDBC: with a server process of its own, or {@linkplain #rowOnly row-only} where a pooler gives each
 * statement another. Loop thread only, except {@link #abort}.
 */
final class JdbcSession implements Session {

    /** Without any wait the driver does not notice that the other end has closed the connection. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

    private final Wire wire;
    private final Facts facts;
    private final JdbcLease lease;
    private final Answers answers;
    private final JdbcLooks looks;
    private final JdbcBids bids;
    private final JdbcElections elections;
    private final JdbcCandidates candidates;

    private JdbcSession(
            Wire wire, Facts facts, Sql sql, SpentTerms spent, Optional<String> mark, Optional<String> silence) {
        this.wire = wire;
        this.facts = facts;
        this.lease = new JdbcLease(wire, facts, sql.sessions(), mark, silence);
        this.answers = new Answers(lease, spent, mark.isPresent());
        this.looks = new JdbcLooks(wire, sql.look(), answers, System::nanoTime);
        this.bids = new JdbcBids(wire, facts, sql.bids(), lease, silence);
        this.elections = new JdbcElections(wire, facts, sql.elections());
        this.candidates = new JdbcCandidates(wire, facts, sql.candidates());
    }

    /** Opens one whose session is this connection's own, and is set up. */
    static JdbcSession open(
            Wire wire, Facts facts, OwnSettings settings, ElectionConfig config, SchemaName schema, SpentTerms spent)
            throws SessionException {
        Optional<String> silence =
                settings.endWhenSilent() ? Optional.of(OwnSettings.millis(config.trust())) : Optional.empty();
        Sql sql = Sql.of(schema, HereSql.known(facts.server()));
        JdbcSession session = new JdbcSession(wire, facts, sql, spent, Optional.of(settings.mark()), silence);
        session.rehearse();
        wire.opened();
        return session;
    }

    /**
     * Gets along without a session: nothing is set that outlasts a statement, no lock is taken, and nothing is concluded
     * from the connection's being there.
     */
    static JdbcSession rowOnly(Wire wire, Facts facts, SchemaName schema, SpentTerms spent) {
        wire.opened();
        return new JdbcSession(wire, facts, Sql.of(schema, facts.here()), spent, Optional.empty(), Optional.empty());
    }

    /*
     * Has the server parse and plan the statements of a hand-over, on no election at all. Those are the rarest, and the
     * ones that others wait for. A role that may only watch is refused them.
     */
    private void rehearse() throws SessionException {
        try {
            if (!facts.mayStand()) {
                watch(List.of());
                return;
            }
            look(List.of());
            lease.rehearse();
            bid(new BidTerms(0, Duration.ZERO, Duration.ZERO, false), List.of());
            elections.rehearse();
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("the election table is locked: " + busy.getMessage()), busy);
        }
    }

    @Override
    public Server server() {
        return facts.server();
    }

    @Override
    public void requireAlive() throws SessionException {
        wire.notifications(SHORTEST_WAIT);
    }

    @Override
    public void requireRightToStand() throws SessionException {
        if (!facts.mayStand()) {
            throw new SessionException(Problems.of(
                    new SQLException("the role may watch elections, and not stand in them", "42501"), facts.schema()));
        }
    }

    @Override
    public int enter(UUID process, Duration goodFor, Duration refractory) throws SessionException, BusyException {
        return lease.enter(process, goodFor, refractory);
    }

    @Override
    public Renewal renew(int id, Duration goodFor, boolean holds) throws SessionException, BusyException {
        return lease.renew(id, goodFor, holds);
    }

    @Override
    public void leave(int id) throws SessionException, BusyException {
        lease.leave(id);
    }

    @Override
    public Looked look(Collection<String> names) throws SessionException, BusyException {
        return looks.look(names);
    }

    @Override
    public Looked watch(Collection<String> names) throws SessionException, BusyException {
        return looks.watch(names);
    }

    @Override
    public void register(Collection<String> names, Duration ownLease) throws SessionException, BusyException {
        elections.register(names, ownLease);
    }

    @Override
    public Outcome bid(BidTerms terms, List<Bid> asked) throws SessionException, BusyException {
        if (asked.size() > MOST_BIDS) {
            throw new IllegalArgumentException(
                    asked.size() + " bids in one statement, of which " + MOST_BIDS + " may be at most");
        }
        looks.forget(asked.stream().map(Bid::election).toList());
        return bids.bid(terms, asked, rows -> {
            Optional<Answers.Moment> moment = Optional.empty();
            Map<String, Found> found = new HashMap<>();
            Map<String, Won> won = new HashMap<>();
            Optional<Instant> renewedUntil = Optional.empty();
            while (rows.next()) {
                Answers.Moment now = answers.moment(rows);
                moment = Optional.of(now);
                String name = rows.getString("name");
                if (name != null) {
                    Optional<Boolean> lockFree = Rows.optionalBoolean(rows, "lock_free");
                    found.put(name, Rows.found(answers.election(name, rows), now.at(), lockFree));
                }
                if (rows.getObject("won") != null) {
                    won.put(name, new Won(rows.getLong("won"), Rows.instant(rows, "won_at")));
                    renewedUntil = Optional.of(Rows.instant(rows, "renewed_until"));
                }
            }
            return new Outcome(moment.orElseThrow().looked(found), won, renewedUntil);
        });
    }

    @Override
    public Set<String> lead(List<Held> held) throws SessionException, BusyException {
        return elections.lead(held);
    }

    @Override
    public Set<String> vacate(List<Vacation> vacations) throws SessionException, BusyException {
        return elections.vacate(vacations);
    }

    @Override
    public Set<String> detach(List<Vacation> vacations) throws SessionException, BusyException {
        return elections.detach(vacations);
    }

    @Override
    public void askToResign(List<Wish> wishes) throws SessionException, BusyException {
        candidates.askToResign(wishes);
    }

    @Override
    public void enroll(int id, List<Enrolment> enrolments) throws SessionException, BusyException {
        candidates.enroll(id, enrolments);
    }

    @Override
    public void withdraw(List<Enrolment> enrolments) throws SessionException, BusyException {
        candidates.withdraw(enrolments);
    }

    @Override
    public int listed(int id) throws SessionException, BusyException {
        return candidates.listed(id);
    }

    @Override
    public void announce(Collection<String> names) throws SessionException {
        elections.announce(names);
    }

    @Override
    public void abort() {
        wire.abort();
    }

    @Override
    public void close() {
        wire.close();
    }
}
