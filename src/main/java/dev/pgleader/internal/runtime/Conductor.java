package dev.pgleader.internal.runtime;

import dev.pgleader.Problem;
import dev.pgleader.internal.election.News;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.State;
import dev.pgleader.internal.election.Timings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The loop's body: decides what is due, lets the elections decide what to do, and has it done over one session. Loop
 * thread only.
 *
 * <p>It knows no thread and never waits except for the session: whoever owns the thread calls {@link #turn} and comes back
 * at the time that this returns, or sooner when something has happened. A simulation does the same with its own clocks.
 */
public final class Conductor {

    private static final double JITTER = 0.2;
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final Ticker ticker;
    private final RandomGenerator random;
    private final Link link;
    private final Round round;
    private final Roll roll;
    private final SessionLease lease;
    private final SessionKeeper keeper;
    private final Duration retryInterval;
    private final Contenders contenders = new Contenders();
    private final Audience audience = new Audience();
    private boolean busy;
    private boolean connecting;
    private Reading nextLook;

    /** Makes a loop body without elections, for candidates that live by {@code timings}. */
    public Conductor(
            Database database, Guard guard, Ticker ticker, RandomGenerator random, Pace pace, Timings timings) {
        this(new Link(database, guard, ticker, random, pace.retryInterval()), ticker, random, pace, timings);
    }

    Conductor(Link link, Ticker ticker, RandomGenerator random, Pace pace, Timings timings) {
        this.ticker = ticker;
        this.random = random;
        this.link = link;
        this.nextLook = ticker.read();
        this.lease = new SessionLease(pace.heartbeatInterval(), timings, nextLook);
        this.round = new Round(ticker, pace, lease, contenders);
        this.keeper = new SessionKeeper(ticker, link, lease, round, contenders);
        this.roll = new Roll(lease, nextLook);
        this.retryInterval = pace.retryInterval();
    }

    /**
     * Does what is due, with one exchange with the database at most, and returns when to call again. Nothing else may
     * happen to this object while it is {@link #isBusy}.
     */
    public Reading turn() {
        prepare();
        return exchange();
    }

    /** The first half of a turn: decides what is due, without the database; returns whether there is something to ask it. */
    public boolean prepare() {
        connecting = !busy && isWanted() && link.isDue();
        if (!connecting) {
            gather();
        }
        return connecting || (link.session().isPresent() && !round.isEmpty());
    }

    /** The second half: asks the database, lets the elections have the answers, and returns when to call again. */
    public Reading exchange() {
        if (connecting) {
            if (link.open()) {
                nextLook = ticker.read();
                lease.connectionChanged();
                roll.beginAnew(contenders.all(), nextLook);
                return nextLook;
            }
            gather();
        }
        perform();
        busy = link.session().isPresent() && !round.isEmpty();
        return busy ? ticker.read() : nextDue();
    }

    private void gather() {
        if (!busy) {
            keeper.replace();
            contenders.tick(round, ticker.read(), State::ticked);
            look();
            lookWhereLeasesEnd();
            keeper.enter();
            keeper.require();
        }
        callRoll();
        keeper.beat();
    }

    /** Returns whether answers of the database have led to further statements, which belong to the same turn. */
    public boolean isBusy() {
        return busy;
    }

    /** Stands in another election; the candidacy that stood in it before has closed. */
    public void stand(Contender contender) {
        contenders.add(contender);
        happen(contender, State::lookDue);
        roll.came(contender, ticker.read());
    }

    /** Has somebody watch an election, without standing in it. */
    void observe(Onlooker onlooker) {
        audience.add(onlooker);
        round.add(onlooker);
    }

    /** Does not tell {@code onlooker} any longer. */
    void ignore(Onlooker onlooker) {
        audience.remove(onlooker);
    }

    /** Something was announced of these elections. */
    public void announced(Map<String, News> news) {
        audience.lookAt(news.keySet(), round);
        Reading now = ticker.read();
        news.forEach((election, what) -> contenders
                .in(election)
                .ifPresent(contender -> contender.step(round, now, (state, me, at) -> state.announced(me, what, at))));
    }

    /** Anything may have changed. */
    public void lookAgain() {
        nextLook = ticker.read();
    }

    /** Somebody needs more trust than is left. */
    public void beatAgain() {
        lease.renewAt(ticker.read());
    }

    /** Something has happened to an election. */
    public void happen(Contender contender, Event event) {
        contender.step(round, ticker.read(), event);
    }

    /** A candidate wants to end. */
    public void close(Contender contender) {
        happen(contender, State::closeAsked);
    }

    /** Every candidate shall end. */
    public void closeAll() {
        List.copyOf(contenders.all()).forEach(this::close);
    }

    void inquire(Inquiry inquiry) {
        Optional<Problem> problem = link.problem();
        if (problem.isPresent()) {
            inquiry.unanswerable(problem.get().toString());
        } else {
            round.add(inquiry);
        }
    }

    /** Returns whether this process stands in no election. */
    public boolean isIdle() {
        return contenders.isEmpty();
    }

    private boolean isWanted() {
        return !contenders.isEmpty() || !audience.isEmpty();
    }

    /** Ends the session. */
    public void end() {
        try {
            round.drop(Optional.of("closed"));
            link.session().ifPresent(roll::leave);
        } finally {
            link.close();
        }
    }

    /** Returns what keeps this process from taking part; any thread. */
    public Optional<Problem> problem() {
        return link.problem();
    }

    /** Frees the loop thread if it waits for the session; any thread. */
    public void abort() {
        link.abort();
    }

    private void look() {
        Reading now = ticker.read();
        if (now.hasReached(nextLook)) {
            nextLook = now.plus(jittered(retryInterval));
            contenders.toAll(round, now, State::lookDue);
            audience.lookAtAll(round);
        }
    }

    private void lookWhereLeasesEnd() {
        if (link.session().isPresent()) {
            audience.lookWhereDue(ticker.read(), round);
        }
    }

    private void callRoll() {
        Reading now = ticker.read();
        if (link.session().isPresent() && roll.isDue(now)) {
            round.add(session -> roll.call(session, contenders.all(), now));
        }
    }

    private void perform() {
        Optional<Session> session = link.session();
        if (session.isPresent() && !round.isEmpty()) {
            try {
                round.execute(session.get());
                link.worked();
                keeper.answered();
            } catch (SessionException doubt) {
                keeper.lose(doubt);
            }
        }
        if (link.session().isEmpty() && !round.isEmpty()) {
            round.drop(link.absence());
            contenders.toAll(round, ticker.read(), State::sessionLost);
        }
        List<Contender> closed = contenders.dropClosed();
        if (!closed.isEmpty()) {
            roll.went(closed, ticker.read());
            if (contenders.isEmpty()) {
                callRoll();
            }
        }
    }

    /** Gives the session up, and with it whatever it held. */
    void loseSession(SessionException doubt) {
        keeper.lose(doubt);
    }

    private Duration jittered(Duration length) {
        return Duration.ofNanos((long) (length.toNanos() * random.nextDouble(1 - JITTER, 1 + JITTER)));
    }

    private Reading nextDue() {
        Reading due = ticker.read().plus(FOR_EVER);
        if (!isWanted()) {
            return due;
        }
        due = Reading.earlier(due, link.session().isPresent() ? nextRoutine() : link.nextAttempt());
        if (link.session().isPresent() && contenders.anyNeedsSession()) {
            due = Reading.earlier(due, keeper.nextPulse());
        }
        return contenders.firstDue(due);
    }

    private Reading nextRoutine() {
        Reading look = audience.firstDue(nextLook);
        return roll.nextCall(keeper.beats() ? Reading.earlier(look, lease.nextRenewal()) : look);
    }
}
