package dev.pgleader;

import dev.pgleader.internal.postgres.PostgresDatabase;
import dev.pgleader.internal.runtime.Loop;
import dev.pgleader.internal.runtime.Texts;
import dev.pgleader.internal.runtime.Ticker;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;

/**
 * Any number of elections over one session: two connections, three threads and about one statement per second, whether
 * there is one election or a thousand.
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
     * to connect past it. The data source itself stays its owner's to close.
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
     * <p>An observer writes nothing. Where there are observers only, the role needs no more than to read the schema's tables;
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
     * <p>Waits for the database, over two connections of its own at most, which are closed before it returns: some ten
     * {@linkplain ElectionConfig#statementTimeout() statement timeouts} if it answers slowly.
     *
     * @return what was found; trouble is a finding as well, never an exception
     */
    public Diagnosis diagnose() {
        return database.diagnose();
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
