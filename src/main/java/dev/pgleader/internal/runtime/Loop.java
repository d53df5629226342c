package dev.pgleader.internal.runtime;

import dev.pgleader.CandidateConfig;
import dev.pgleader.Diagnosis;
import dev.pgleader.ElectionConfig;
import dev.pgleader.ElectionObserver;
import dev.pgleader.LeadFunction;
import dev.pgleader.Leader;
import dev.pgleader.Problem;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that runs a {@link Conductor}, and everything that lives and ends with it: the session, the listening thread
 * and the watchdog.
 *
 * <p>Thread-safe, but for what is said to be for the loop thread. The thread is a platform thread that nobody interrupts:
 * the driver ignores interrupts on those, and closes the connection for them on virtual ones.
 */
public final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** So that a defect which shows at every turn cannot fill the log or use up a core. */
    private static final long PAUSE_AFTER_DEFECT = TimeUnit.SECONDS.toNanos(1);

    /** In one turn, during which the mailbox is not read. Each kind of statement comes a few times at most. */
    private static final int MOST_STATEMENTS = 1_000;

    private final ElectionConfig config;
    private final Fencing fence;
    private final Ticker ticker;
    private final Starter starter = new Starter();
    private final Watchdog watchdog;
    private final ConnectAttempts attempts;
    private final Conductor conductor;
    private final Listening listening;
    private final Gallery gallery;
    private final Mailbox mailbox = new Mailbox();
    private final Thread thread = new Thread(this::run, "pgleader-loop");
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Map<String, Candidacy> candidacies = new ConcurrentHashMap<>();

    /** Who waits for the next turn to be over. Loop thread only. */
    private final List<Runnable> awaitingTurn = new ArrayList<>();

    /** Work that has been cancelled and may not have returned yet. Loop thread only. */
    private final Stragglers stragglers;

    /** Makes a loop that is not running yet. */
    public Loop(Database database, ElectionConfig config, Ticker ticker, RandomGenerator random) {
        this.config = config;
        this.fence = database.fence();
        this.ticker = ticker;
        Duration halfABeat = config.heartbeatInterval().dividedBy(2);
        this.watchdog = new Watchdog(ticker, config.statementTimeout().multipliedBy(2), halfABeat, starter);
        this.attempts = new ConnectAttempts(ticker, config.connectTimeout());
        this.conductor = new Conductor(
                new Link(database, watchdog::newGuard, attempts, this::wake, ticker, random, config.retryInterval()),
                ticker,
                random,
                Pace.of(config),
                Pace.timingsOf(config));
        this.listening = new Listening(database, watchdog::newGuard, attempts, ticker, config, random, this);
        this.gallery = new Gallery(ticker);
        this.stragglers = new Stragglers(config.refractoryPeriod());
        thread.setDaemon(true);
    }

    /** Starts its threads. */
    public void start() {
        starter.start();
        watchdog.start();
        thread.start();
        listening.start();
    }

    /**
     * Stands in an election.
     *
     * @throws IllegalStateException if this loop already stands in it, or is closed
     */
    public Leader stand(String election, CandidateConfig candidate, LeadFunction lead) {
        return enter(election, candidate, lead);
    }

    /** Stands in an election as {@link #stand} does. */
    Candidacy enter(String election, CandidateConfig candidate, LeadFunction lead) {
        Candidacy candidacy = new Candidacy(this, config, ticker, election, candidate, lead);
        if (closing.get()) {
            throw new IllegalStateException("closed");
        }
        if (candidacies.putIfAbsent(election, candidacy) != null) {
            throw new IllegalStateException("already standing in the election '" + election + "'");
        }
        boolean standing = post(body -> {
            body.stand(candidacy.contender());
            if (closing.get()) {
                body.close(candidacy.contender());
            }
        });
        if (!standing) {
            candidacy.abandon();
        }
        return candidacy;
    }

    /**
     * Watches an election without standing in it.
     *
     * @throws IllegalStateException if this loop is closed
     */
    public ElectionObserver observe(String election) {
        if (closing.get()) {
            throw new IllegalStateException("closed");
        }
        ObservedElection observed = new ObservedElection(
                election, ObservedElection.Self.NOBODY, ticker, config.leaseDuration(), config.statementTimeout());
        post(body -> body.observe(observed));
        return gallery.admit(observed, () -> post(body -> body.ignore(observed)));
    }

    /** Has every candidacy resigned and closed, and ends; waits as long as that may take, unless this is a callback. */
    public void close() {
        if (closing.compareAndSet(false, true)) {
            post(Conductor::closeAll);
        }
        Reading began = ticker.read();
        Duration atMost = config.drainTimeout().plus(config.statementTimeout().multipliedBy(3));
        boolean ownWork = AtWork.isOf(tenancy -> Candidacy.isFrom(this, tenancy));
        if (!ownWork && Uninterrupted.await(ended, atMost)) {
            Duration left = atMost.minus(ticker.read().since(began));
            Uninterrupted.join(
                    List.of(
                            thread::join,
                            listening::join,
                            attempts::join,
                            watchdog::join,
                            gallery::join,
                            starter::join),
                    left.compareTo(config.statementTimeout()) < 0 ? left : config.statementTimeout(),
                    ticker);
        }
    }

    /** Returns a diagnosis, with what this process itself has to add. */
    public Diagnosis noted(Diagnosis found) {
        return listening.noted(found);
    }

    /** Returns what keeps this process from taking part in any election. */
    public Optional<Problem> problem() {
        return conductor.problem();
    }

    /** Has something done on the loop thread, soon; returns false if that thread has ended and it may never be. */
    boolean post(Consumer<Conductor> task) {
        mailbox.post(task);
        return !ended.isDone();
    }

    private void wake() {
        mailbox.post(body -> {});
    }

    Fencing fence() {
        return fence;
    }

    Gallery gallery() {
        return gallery;
    }

    void watch(Tenancy tenancy) {
        watchdog.watch(tenancy);
    }

    /** Has something done on a thread that may block, soon. */
    void aside(Runnable task) {
        starter.execute(task);
    }

    /** Reports work that does not return. Loop thread only. */
    void awaitReturn(Tenancy cancelled) {
        stragglers.add(cancelled, ticker.read());
    }

    void forget(Candidacy closed) {
        candidacies.remove(closed.election(), closed);
    }

    Inquiry.Answer ask(Inquiry inquiry) {
        post(body -> body.inquire(inquiry));
        return inquiry.await(config.statementTimeout());
    }

    /** Has a heartbeat sent, and {@code then} run when it was answered or has failed, or cannot be sent any more. */
    void beat(Runnable then) {
        boolean runs = post(body -> {
            body.beatAgain();
            awaitingTurn.add(then);
        });
        if (!runs) {
            then.run();
        }
    }

    private void run() {
        try {
            while (!isFinished()) {
                goRound();
            }
        } finally {
            candidacies.values().forEach(each -> attempt(each::abandon));
            List.<Runnable>of(conductor::end, listening::end, watchdog::end, gallery::end, starter::end)
                    .forEach(Loop::attempt);
            ended.complete(null);
            attempt(this::serveWaiting);
        }
    }

    /** Does something whose failure must not keep what follows from being done. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            LOG.error("unexpected failure; going on all the same", defect);
        }
    }

    private boolean isFinished() {
        return closing.get() && conductor.isIdle();
    }

    private void goRound() {
        try {
            Reading due = conductor.turn();
            for (int statements = 1; conductor.isBusy(); statements++) {
                if (statements == MOST_STATEMENTS) {
                    throw new IllegalStateException("a turn of " + statements + " statements has no end");
                }
                due = conductor.turn();
            }
            endTurn();
            if (isFinished()) {
                return;
            }
            Reading now = ticker.read();
            Reading next = Reading.earlier(stragglers.report(now).orElse(due), due);
            mailbox.deliver(conductor, Math.max(0, next.since(now).toNanos()));
        } catch (InterruptedException stop) {
            LOG.warn("the loop thread was interrupted; closing all elections");
            closing.set(true);
            attempt(conductor::closeAll);
        } catch (RuntimeException | Error defect) {
            LOG.error("unexpected failure; giving the session up", defect);
            Problem problem = new Problem(Problem.Kind.OTHER, String.valueOf(defect), "please report this as a defect");
            attempt(() -> conductor.loseSession(new SessionException(problem, defect)));
            LockSupport.parkNanos(this, PAUSE_AFTER_DEFECT);
            attempt(this::serveWaiting);
        }
    }

    private void endTurn() {
        List<Runnable> waiting = List.copyOf(awaitingTurn);
        awaitingTurn.clear();
        waiting.forEach(Loop::attempt);
    }

    /** Serves those who posted while the thread was ending, or failing. */
    private void serveWaiting() {
        try {
            do {
                mailbox.deliver(conductor, 0);
            } while (!mailbox.isEmpty());
            endTurn();
        } catch (InterruptedException tooLate) {
            Thread.currentThread().interrupt();
            LOG.debug("something was asked of a loop that ends", tooLate);
        }
    }
}
