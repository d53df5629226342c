package dev.pgleader.faults;

import dev.pgleader.LeadFunction;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The work of a leader: writes all the time, with the fence and without, and writes down on another thread for how long the
 * leadership is held. It stops as the library asks it to: when the leadership is lost its connection is cut. Thread-safe.
 */
final class Work implements LeadFunction {

    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final long BREATH_NANOS = Duration.ofMillis(3).toNanos();
    private static final long RECONNECT_NANOS = Duration.ofMillis(50).toNanos();

    /** For how long a planted fault goes on after the leadership was lost: longer than a lease. */
    private static final long PLANTED_NANOS = Settings.LEASE.multipliedBy(2).toNanos();

    private final int candidate;
    private final String address;
    private final DataSource writing;
    private final Ledger ledger;
    private final Plant plant;

    Work(int candidate, String address, DataSource writing, Ledger ledger, Plant plant) {
        this.candidate = candidate;
        this.address = address;
        this.writing = writing;
        this.ledger = ledger;
        this.plant = plant;
    }

    @Override
    public void lead(Leadership leadership) {
        long asked = System.nanoTime();
        if (!leadership.isHeld()) {
            return;
        }
        Ledger.Line line = ledger.begin(candidate, leadership.term(), asked);
        Thread watch = new Thread(() -> watch(leadership, line), "watch-" + candidate);
        watch.setDaemon(true);
        watch.start();
        leadership.recovered();
        if (plant == Plant.WRITES_WITHOUT_FENCE) {
            Thread stubborn = new Thread(() -> write(leadership, new Writer()), "stubborn-" + candidate);
            stubborn.setDaemon(true);
            stubborn.start();
        }
        Writer writer = new Writer();
        leadership.onLoss(reason -> writer.abort());
        write(leadership, writer);
        writer.abort();
    }

    private void watch(Leadership leadership, Ledger.Line line) {
        long end = Long.MAX_VALUE;
        while (true) {
            long asked = System.nanoTime();
            if (!leadership.isHeld()) {
                end = end == Long.MAX_VALUE && plant == Plant.CLAIMS_TOO_LONG ? asked + PLANTED_NANOS : end;
                if (end == Long.MAX_VALUE || asked > end) {
                    return;
                }
            }
            line.heldAt(asked);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void write(Leadership leadership, Writer writer) {
        boolean stubborn = Thread.currentThread().getName().startsWith("stubborn");
        long held = System.nanoTime();
        while (leadership.isHeld() || (stubborn && System.nanoTime() - held < PLANTED_NANOS)) {
            held = leadership.isHeld() ? System.nanoTime() : held;
            try {
                Connection connection = writer.connect();
                writeFenced(leadership, connection, stubborn);
                writeUnfenced(leadership, connection, stubborn);
                LockSupport.parkNanos(BREATH_NANOS);
            } catch (LeadershipLostException lost) {
                writer.abort();
                return;
            } catch (SQLException failed) {
                writer.drop();
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private void writeFenced(Leadership leadership, Connection connection, boolean stubborn) throws SQLException {
        connection.setAutoCommit(false);
        if (!stubborn) {
            leadership.fence(connection);
            // Now and then the transaction takes its time, as a real one does.
            LockSupport.parkNanos(leadership.term() % 3 == 0 ? BREATH_NANOS : 0);
        }
        enter(connection, History.Kind.FENCED, leadership.term());
        connection.commit();
    }

    private void writeUnfenced(Leadership leadership, Connection connection, boolean stubborn) throws SQLException {
        connection.setAutoCommit(true);
        if (stubborn || leadership.isHeld()) {
            enter(connection, History.Kind.UNFENCED, leadership.term());
        }
    }

    private void enter(Connection connection, History.Kind kind, long term) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(Book.ENTER)) {
            statement.setString(1, kind.name());
            statement.setLong(2, term);
            statement.setString(3, address);
            statement.execute();
        }
    }

    /** The connection of one leadership's writes, which comes back after trouble until it is aborted. Thread-safe. */
    private final class Writer {

        private @Nullable Connection connection;
        private boolean aborted;

        Connection connect() throws SQLException {
            Connection known = known();
            if (known != null) {
                return known;
            }
            Connection opened = writing.getConnection();
            if (!keep(opened)) {
                throw new SQLException("the leadership was lost in the meantime");
            }
            return opened;
        }

        private synchronized @Nullable Connection known() {
            return connection;
        }

        private synchronized boolean keep(Connection opened) throws SQLException {
            if (aborted) {
                opened.abort(Runnable::run);
                return false;
            }
            connection = opened;
            return true;
        }

        synchronized void drop() {
            try {
                if (connection != null) {
                    connection.abort(Runnable::run);
                }
            } catch (SQLException endedAlready) {
                // Nothing is left to end then.
            }
            connection = null;
        }

        synchronized void abort() {
            aborted = true;
            drop();
        }
    }
}
