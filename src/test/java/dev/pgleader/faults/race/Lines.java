package dev.pgleader.faults.race;

import dev.pgleader.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** The connections of all racers, so that those who do harm find them. Thread-safe. */
final class Lines {

    private static final int SECONDS_TO_CONNECT = 10;

    private final Map<Integer, Line> open = new ConcurrentHashMap<>();

    /** Returns a way to the database, wherever that is now, that says which connection it has made. */
    DataSource to(Track track, Consumer<Line> made) {
        TestDatabase database = track.database;
        PGSimpleDataSource noted = new PGSimpleDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                setUrl(track.server().jdbcUrl(database.name()));
                Connection connection = super.getConnection();
                Line line = new Line(connection.unwrap(PGConnection.class).getBackendPID());
                open.put(line.pid, line);
                made.accept(line);
                return connection;
            }
        };
        noted.setUser(database.username());
        noted.setPassword(database.password());
        noted.setLoginTimeout(SECONDS_TO_CONNECT);
        noted.setConnectTimeout(SECONDS_TO_CONNECT);
        return noted;
    }

    /** Returns some connection, which may end any moment; empty while there is none. */
    Optional<Line> any(RandomGenerator random) {
        List<Line> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /** Returns every connection that there is. One over which no session could be opened has nobody who says that it has ended. */
    List<Line> all() {
        open.values()
                .removeIf(line -> line.isEnded() || ProcessHandle.of(line.pid).isEmpty());
        return List.copyOf(open.values());
    }
}
