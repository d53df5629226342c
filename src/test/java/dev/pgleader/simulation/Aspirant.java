package dev.pgleader.simulation;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.LeadFunction;
import dev.pgleader.Takeover;
import dev.pgleader.internal.election.Basis;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Server;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.election.Tenure;
import dev.pgleader.internal.election.Timings;
import dev.pgleader.internal.runtime.CandidacyUnderTest;
import dev.pgleader.internal.runtime.Contender;
import dev.pgleader.internal.runtime.Event;
import dev.pgleader.internal.runtime.Principal;
import dev.pgleader.internal.runtime.TenancyUnderTest;
import dev.pgleader.simulation.Tally.Happening;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One candidacy of one process, with its user's work and the watchdog's eye on it. */
final class Aspirant implements Principal {

    private static final long MILLI = 1_000_000;
    private static final long LONGEST_NAP = 250 * MILLI;

    final Node node;
    final String election;
    final UUID id;
    final CandidacyUnderTest candidacy;
    final Sights sights;
    private final Contender contender;
    private @Nullable Reign reign;
    private boolean closed;
    private boolean closeAsked;
    private boolean beginning;
    private int armed;
    private @Nullable Server looksAt;
    private long looksSince;

    Aspirant(Node node, String election) {
        this.node = node;
        this.election = election;
        this.id = new UUID(node.random.nextLong(), node.random.nextLong());
        this.contender = new Contender(election, node.candidate, id, timings(node.config), this, node.clocks.read());
        this.sights = new Sights(node.config.leaseDuration(), Optional.of(id));
        this.candidacy = new CandidacyUnderTest(contender, node.config, node.clocks, node, sights.courierOn(node));
        node.world.stood(this);
    }

    static Timings timings(ElectionConfig config) {
        return new Timings(
                config.leaseDuration(),
                config.refractoryPeriod(),
                config.retryInterval(),
                config.drainTimeout(),
                config.takeover() == Takeover.ON_SESSION_END);
    }

    Contender contender() {
        return contender;
    }

    Optional<Reign> reign() {
        return Optional.ofNullable(reign);
    }

    boolean isClosed() {
        return closed;
    }

    /** Returns whether a leadership of it is just being announced. */
    boolean isBeginning() {
        return beginning;
    }

    CandidateConfig config() {
        return node.candidate;
    }

    /** Returns whether it has looked at a server before a moment, and has had no leadership since that made it forget. */
    boolean hasLookedAt(Server server, long beforeNanos) {
        boolean same = server.equals(looksAt) || server.sessionless().equals(looksAt);
        return same && looksSince < beforeNanos;
    }

    boolean mayLead() {
        return !config().neverLeads();
    }

    boolean isNamedBy(String successor) {
        return successor.equals(config().address()) || successor.equals(id.toString());
    }

    /** Its user wants another to lead. */
    void ask(Succession.Request request) {
        node.post(body -> {
            reign().ifPresent(mine -> node.world.judges.succession.asked(election, mine.term(), request));
            body.happen(contender, Event.resignAsked(request));
        });
    }

    void close() {
        closeAsked = true;
        node.post(body -> body.close(contender));
    }

    /** Its user stands again, unless somebody has done so already. */
    void standAgain() {
        if (closed && node.aspirants.get(election) == this && node.isAlive() && !node.isClosing()) {
            node.stand(election);
        }
    }

    boolean isStanding() {
        return !closeAsked && !closed && node.isAlive() && !node.isClosing();
    }

    // What the loop tells

    @Override
    public void elected(Tenure tenure, Basis basis) {
        Reign.Sent sent = node.lastSent();
        node.whenAnswered(() -> begin(tenure, basis, sent));
    }

    private void begin(Tenure tenure, Basis basis, Reign.Sent sent) {
        reign().ifPresent(node.world.judges::succeeded);
        WorkStyle style = new WorkStyle(node);
        Reign begun = new Reign(this, tenure, basis, sent, style.stopsAfter());
        reign().filter(node.world.judges::excused).ifPresent(former -> begun.followsExcused());
        begun.appointee = node.users.appointee(begun);
        ElectionConfig config = style.config(begun);
        TenancyUnderTest tenancy =
                new TenancyUnderTest(election, tenure, config, node.clocks, node.fence(), new TenancyUnderTest.Owner() {
                    @Override
                    public void recovered() {
                        node.world.tally.count(Happening.RECOVERED);
                        candidacy.changed();
                        node.post(body -> body.happen(contender, Event.recovered(tenure.term())));
                    }

                    @Override
                    public void failed() {
                        node.post(body -> body.happen(contender, Event.workFailed(tenure.term())));
                    }

                    @Override
                    public void expired() {
                        node.world.tally.count(Happening.WATCHDOG_FIRST);
                        candidacy.changed();
                        node.post(body -> body.happen(contender, Event.trustEnded(tenure.term())));
                    }

                    @Override
                    public void stopped() {
                        node.world.story.tell(node, () -> "work of " + begun + " has returned");
                        node.post(body -> body.happen(contender, Event.workStopped(tenure.term())));
                    }

                    @Override
                    public void alarmSet() {
                        arm();
                    }
                });
        begun.tenancy = tenancy;
        LeadFunction lead = style.lead(begun);
        reign = begun;
        node.world.tally.count(Happening.valueOf("ELECTED_" + basis));
        node.world.story.tell(node, () -> "LEADS " + begun + ", " + basis + ", until " + until(tenancy));
        node.world.judges.answered(begun);
        node.world.judges.gained(begun);
        beginning = true;
        candidacy.elected(tenancy);
        beginning = false;
        node.world.judges.tickets.gained(this);
        tenancy.start(lead);
        candidacy.changed();
        arm();
        new FencedWriter(begun).start();
    }

    @Override
    public void extended(Tenure longer) {
        Reign.Sent sent = node.lastSent();
        node.whenAnswered(() -> reign().ifPresent(mine -> {
            mine.tenancy().extend(longer);
            node.world.judges.answered(mine);
            mine.answered(sent);
            node.world.story.tell(node, () -> "believes in " + mine + " until " + until(mine.tenancy()));
            node.world.judges.extended(mine);
            if (!mine.tenancy().wouldSayHeld()) {
                // Somebody has asked while it was over, and so settled it. The watchdog finds that when it comes by.
                int unchanged = armed;
                node.whenAwake(node.world.now() + node.random.nextLong(LONGEST_NAP), () -> inspect(unchanged));
            }
        }));
    }

    private String until(TenancyUnderTest tenancy) {
        return Story.seconds(node.clocks.anyReaches(tenancy.deadline(), node.world.now()));
    }

    @Override
    public void lost(long term, Loss loss) {
        node.whenAnswered(() -> reign().filter(mine -> mine.term() == term).ifPresent(mine -> {
            node.world.tally.count(Happening.valueOf("LOST_" + loss));
            mine.lostFor(loss);
            node.world.judges.succession.lost(mine, loss);
            node.world.story.tell(node, () -> "loses " + mine + ": " + loss);
            mine.overSince(node.world.now());
            mine.tenancy().cancel(loss);
            candidacy.changed();
            node.world.judges.tickets.over(mine);
        }));
    }

    @Override
    public void renewed(Instant expiresAt, Reading sentAt) {
        node.whenAnswered(() -> reign().ifPresent(mine -> {
            sights.renewed(mine.term(), node.clocks.read());
            candidacy.renewed(mine.term(), expiresAt, sentAt);
        }));
    }

    @Override
    public void sighted(Sighting seen) {
        if (!seen.seenOn().equals(looksAt)) {
            looksAt = seen.seenOn();
            looksSince = node.world.now();
        }
        node.whenAnswered(() -> {
            sights.saw(seen);
            candidacy.sighted(seen);
        });
    }

    @Override
    public void atRest() {
        looksAt = null;
    }

    @Override
    public void closed() {
        node.whenAnswered(() -> {
            closed = true;
            candidacy.closed();
            node.world.judges.tickets.closed(this);
            node.world.story.tell(node, () -> "has closed " + election);
            node.world.judges.closed(this);
        });
    }

    // The watchdog, and the judges' look at the very moment

    /** Has the watchdog come by when something about a leadership is due, its end at the latest. */
    void arm() {
        if (reign != null && !reign.tenancy().isCancelled()) {
            int mine = ++armed;
            long due = node.clocks.anyReaches(reign.tenancy().nextDue(), node.world.now());
            node.world.agenda.at(due, () -> timeHasCome(mine));
        }
    }

    private void timeHasCome(int mine) {
        Reign current = reign;
        if (mine != armed || current == null || !node.isAlive()) {
            return;
        }
        long due = node.clocks.anyReaches(current.tenancy().nextDue(), node.world.now());
        if (due > node.world.now()) {
            arm();
            return;
        }
        boolean late = node.world.mishap(Happening.WATCHDOG_LATE, node.random);
        long nap = late || !node.isAwake() ? node.random.nextLong(LONGEST_NAP) : node.random.nextLong(MILLI / 10);
        node.whenAwake(node.clocks.awakeAt(node.world.now()) + nap, () -> inspect(mine));
    }

    private void inspect(int mine) {
        Reign current = reign;
        if (mine == armed && current != null && !current.tenancy().isCancelled()) {
            if (current.tenancy().inspect()) {
                current.overSince(node.world.now());
                node.world.story.tell(node, () -> "watchdog ends " + current);
                node.world.judges.tickets.over(current);
            } else {
                node.world.judges.watchdogLeaves(current);
                arm();
            }
        }
    }
}
