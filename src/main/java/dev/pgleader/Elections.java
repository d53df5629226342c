package dev.pgleader;

import dev.pgleader.internal.postgres.PostgresDatabase;
import dev.pgleader.internal.runtime.Campaign;
import dev.pgleader.internal.runtime.Loop;
import dev.pgleader.internal.runtime.Texts;
import dev.pgleader.internal.runtime.Ticker;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Any number of elections over one session: two connections, four threads (a fifth once something is watched or tracked) and
 * about one statement per second, whether there is one election or a thousand.
 *
 * <p>Thread-safe.
 */
public final class Elections implements AutoCloseable {

    private final PostgresDatabase database;
    private final Loop loop;

    private Elections(PostgresDatabase database, Loop loop) {
        this.database = database;
        this.loop = loop;
    }

    /**
     * Connects with the default settings.
     *
     * @param dataSource where to connect to
     * @return the elections, to be closed when this process ends
     */
    public static Elections connect(DataSource dataSource) {
        return connect(dataSource, ElectionConfig.defaults());
    }

    /**
     * Returns at once and connects in the background, again and again where it has to. {@link #problem()} tells what is
     * in the way.
     *
     * <p>Two connections are opened. They are never kept from a pool: of a {@code HikariDataSource} the settings are used
     * to connect past it. The data source itself stays its owner's to close. It may take any time to give a connection: after
     * {@link ElectionConfig#connectTimeout()} the attempt is given up, and what comes later is closed.
     *
     * @param dataSource where to connect to: a {@code HikariDataSource}, a {@code PGSimpleDataSource}, or any other whose
     *     connections unwrap to {@code org.postgresql.PGConnection}
     * @param config the settings
     * @return the elections, to be closed when this process ends
     */
    public static Elections connect(DataSource dataSource, ElectionConfig config) {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(config, "config");
        PostgresDatabase database = new PostgresDatabase(dataSource, config);
        Loop loop = new Loop(database, config, Ticker.system(), new Random());
        loop.start();
        return new Elections(database, loop);
    }

    /**
     * Stands in an election. Returns at once.
     *
     * @param name the election, 1 to 255 characters, not blank; processes that give the same name in the same schema
     *     contend with each other
     * @param address where this process serves, for others to forward requests to: 1 to 1000 characters, not blank
     * @param lead the work of a leader
     * @return the candidacy
     * @throws IllegalArgumentException if the name or the address is blank or too long, or holds what PostgreSQL cannot
     *     store
     * @throws IllegalStateException if this object already stands in that election, or is closed
     */
    public Leader run(String name, String address, LeadFunction lead) {
        return run(name, CandidateConfig.at(address), lead);
    }

    /**
     * Stands in an election in other than the ordinary way: with a priority, as one that never leads, with a version for
     * others to see. Returns at once.
     *
     * @param name the election, 1 to 255 characters, not blank; processes that give the same name in the same schema
     *     contend with each other
     * @param candidate where this process serves, and how much it is wanted as leader
     * @param lead the work of a leader
     * @return the candidacy
     * @throws IllegalArgumentException if the name is blank or too long, or holds what PostgreSQL cannot store
     * @throws IllegalStateException if this object already stands in that election, or is closed
     */
    public Leader run(String name, CandidateConfig candidate, LeadFunction lead) {
        Texts.requireElection(name);
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(lead, "lead");
        return loop.stand(name, candidate, lead);
    }

    /**
     * Watches an election without standing in it. Returns at once; nothing is known before the first look was answered.
     *
     * <p>An observer writes nothing. Where there are observers only, the role needs no more than to read the table of elections;
     * a role that may not stand keeps both from working once somebody does. Only the primary can be watched.
     *
     * @param name the election, 1 to 255 characters, not blank; there need not be one of that name yet
     * @return an observer, to be closed when it is not needed any more
     * @throws IllegalArgumentException if the name is blank or too long, or holds what PostgreSQL cannot store
     * @throws IllegalStateException if this object is closed
     */
    public ElectionObserver observe(String name) {
        Texts.requireElection(name);
        return loop.observe(name);
    }

    /**
     * Stands in an election until this process has led it once: waits until elected, does {@code work} on the calling thread,
     * and resigns when it returns or throws. Whatever happens, this process does not stand there any more when this returns, and
     * nothing of it is left.
     *
     * @param name the election, as for {@link #run(String, String, LeadFunction)}
     * @param address where this process serves, for others to forward requests to: 1 to 1000 characters, not blank
     * @param work what to do while this process leads
     * @param <T> the result
     * @param <X> what the work throws
     * @return what the work returned
     * @throws X when the work fails
     * @throws InterruptedException as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws LeadershipLostException as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws IllegalArgumentException if the name or the address is blank or too long, or holds what PostgreSQL cannot
     *     store
     * @throws IllegalStateException as {@link #campaign(String, CandidateConfig, Stint)}
     */
    public <T extends @Nullable Object, X extends Exception> T campaign(String name, String address, Stint<T, X> work)
            throws InterruptedException, X {
        return campaign(name, CandidateConfig.at(address), work);
    }

    /**
     * Stands in an election until this process has led it once, and does {@code work} on the calling thread.
     *
     * <p>The work has the leadership from its beginning to its end: the row is given up only after it has returned. This returns
     * after the release, which waits for loss listeners that the work may have registered, for {@link
     * ElectionConfig#drainTimeout()} at most. A leadership that is lost before the work has begun does not count.
     *
     * <p><b>Loss.</b> If the leadership is lost while the work runs, the calling thread is interrupted at once. Whatever the work
     * then does, this throws a {@link LeadershipLostException}. A result that was returned while the leadership was still held
     * stands, even if it is lost during the release. The interrupt never outlasts this call; one that somebody else has sent is
     * left pending, unless it came after ours.
     *
     * @param name the election, as for {@link #run(String, CandidateConfig, LeadFunction)}
     * @param candidate where this process serves, and how much it is wanted as leader
     * @param work what to do while this process leads
     * @param <T> the result
     * @param <X> what the work throws
     * @return what the work returned
     * @throws X when the work fails while the leadership is held: the same object
     * @throws InterruptedException if this thread was interrupted while it waited; the work has not run
     * @throws LeadershipLostException if the leadership was lost before the work had returned; what the work threw is its cause
     * @throws IllegalArgumentException if the name is blank or too long, or holds what PostgreSQL cannot store, or if the
     *     candidate never leads
     * @throws IllegalStateException if this object already stands in that election, or is closed, or is closed while this waits
     */
    public <T extends @Nullable Object, X extends Exception> T campaign(
            String name, CandidateConfig candidate, Stint<T, X> work) throws InterruptedException, X {
        try (Campaign campaign = standToWork(name, candidate, work)) {
            return campaign.run(work);
        }
    }

    /**
     * Stands in an election as {@link #campaign(String, CandidateConfig, Stint)} does, but not for ever. Either the work runs, or
     * this process was not elected in time, and then the work never runs: a post that was won too late is given up at once.
     *
     * @param name the election, as for {@link #run(String, CandidateConfig, LeadFunction)}
     * @param candidate where this process serves, and how much it is wanted as leader
     * @param atMost how long to wait until elected, more than zero; neither the work nor the release is bounded by it
     * @param work what to do while this process leads
     * @param <T> the result
     * @param <X> what the work throws
     * @return what the work returned
     * @throws TimeoutException if this process was not elected in time; says what was in the way, if it is known
     * @throws X as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws InterruptedException as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws LeadershipLostException as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws IllegalArgumentException as {@link #campaign(String, CandidateConfig, Stint)}, or if {@code atMost} is not
     *     more than zero
     * @throws IllegalStateException as {@link #campaign(String, CandidateConfig, Stint)}
     */
    public <T extends @Nullable Object, X extends Exception> T campaign(
            String name, CandidateConfig candidate, Duration atMost, Stint<T, X> work)
            throws InterruptedException, TimeoutException, X {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("atMost must be more than zero, not " + atMost);
        }
        try (Campaign campaign = standToWork(name, candidate, work)) {
            return campaign.run(atMost, work);
        }
    }

    /**
     * Does {@code work} in one leadership after the other, on the calling thread, until it returns false. After each stint the
     * leadership is given up as {@link Leader#resign()} does it, so others go first: this process holds back for a retry interval.
     *
     * <p>A stint whose leadership was lost before it was over is logged, and the next one is waited for whatever it returned; the
     * same where it throws a {@link LeadershipLostException} about its own leadership. Any other exception ends all of it. All
     * stints are those of one candidacy, which is closed when this returns or throws.
     *
     * @param name the election, as for {@link #run(String, CandidateConfig, LeadFunction)}
     * @param candidate where this process serves, and how much it is wanted as leader
     * @param work what to do while this process leads; returns whether to stand again
     * @param <X> what the work throws
     * @throws X when the work fails while the leadership is held: the same object
     * @throws InterruptedException if this thread was interrupted while it waited
     * @throws IllegalArgumentException as {@link #campaign(String, CandidateConfig, Stint)}
     * @throws IllegalStateException if this object already stands in that election, or is closed, or is closed meanwhile
     */
    public <X extends Exception> void runRepeatedly(String name, CandidateConfig candidate, Stint<Boolean, X> work)
            throws InterruptedException, X {
        try (Campaign campaign = standToWork(name, candidate, work)) {
            campaign.repeat(work);
        }
    }

    private Campaign standToWork(String name, CandidateConfig candidate, Stint<?, ?> work) {
        Texts.requireElection(name);
        Objects.requireNonNull(work, "work");
        if (candidate.neverLeads()) {
            throw new IllegalArgumentException(
                    "a candidate that never leads cannot campaign in the election '" + name + "'");
        }
        return new Campaign(loop, name, candidate);
    }

    /**
     * Holds a post without doing anything in it: waits until the leadership is lost. For work that only keeps others from
     * leading, as in {@code elections.campaign("primary", address, Elections::waitForever)}, which then ends by an exception.
     *
     * @param leadership what was gained
     * @return why it was lost
     * @throws InterruptedException if this thread was interrupted first, as it is by the loss
     */
    public static LossReason waitForever(Leadership leadership) throws InterruptedException {
        return leadership.awaitLoss();
    }

    static Leader runAlone(DataSource dataSource, CandidateConfig candidate, LeadFunction lead) {
        Objects.requireNonNull(lead, "lead");
        Elections elections = connect(dataSource);
        return new SoleLeader(elections, elections.run("default", candidate, lead));
    }

    /**
     * Returns what keeps this process from taking part in any election, such as a database that is down or a schema that
     * was not migrated. It is logged once as well.
     *
     * @return the trouble, or empty if there is none
     */
    public Optional<Problem> problem() {
        return loop.problem();
    }

    /**
     * Looks at the surroundings: is this a primary, is the schema there and sound, does a connection have a session of its
     * own or does a pooler stand in between, and what follows from all that. Meant for people, when they set something up
     * or wonder why it does not work; elections find out for themselves. Works before, while and after elections are held.
     *
     * <p>Waits for the database, over two connections of its own at most, which are closed before it returns: two {@linkplain
     * ElectionConfig#connectTimeout() connect timeouts} and some ten {@linkplain ElectionConfig#statementTimeout() statement
     * timeouts} if it answers slowly.
     *
     * @return what was found; trouble is a finding as well, never an exception
     */
    public Diagnosis diagnose() {
        return loop.noted(database.diagnose());
    }

    /**
     * Closes every candidacy as {@link Leader#close()} does, all at the same time, and then the connections and threads.
     * Safe to call more than once, and from the work itself, where it does not wait. Bounded by {@link
     * ElectionConfig#drainTimeout()} and three statement timeouts.
     */
    @Override
    public void close() {
        loop.close();
    }
}
