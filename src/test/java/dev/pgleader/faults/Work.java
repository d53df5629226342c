package dev.pgleader.faults;

import dev.pgleader.LeadFunction;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * The work of a leader: writes all the time, with the fence and without, and writes down on another thread for how long the
 * leadership is held. It stops as the library asks it to: when the leadership is lost its connection is cut. Thread-safe.
 *
 * <p>Beside it goes work that does not do as it is asked: it goes on with fenced writes in the old term for longer than it
 * takes to replace the leader. The fence has to stop those.
 */
final class Work implements LeadFunction {

    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final long BREATH_NANOS = Duration.ofMillis(3).toNanos();
    private static final long RECONNECT_NANOS = Duration.ofMillis(50).toNanos();

    /** For how long something goes on after the leadership was lost: longer than a successor can need. */
    private static final long STUBBORN_NANOS = Settings.LEASE.multipliedBy(2).toNanos();

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
        spawn("watch", () -> watch(leadership, line));
        leadership.recovered();
        spawn("stubborn", () -> writeStubbornly(leadership));
        Writer writer = new Writer(writing, leadership, address);
        leadership.onLoss(reason -> writer.abort());
        write(leadership, writer);
        writer.abort();
    }

    private void spawn(String name, Runnable task) {
        Thread thread = new Thread(task, name + "-" + candidate);
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(Leadership leadership, Ledger.Line line) {
        long asked = System.nanoTime();
        while (leadership.isHeld()) {
            line.heldAt(asked);
            LockSupport.parkNanos(LOOK_NANOS);
            asked = System.nanoTime();
        }
        if (plant == Plant.CLAIMS_TOO_LONG) {
            long end = System.nanoTime() + STUBBORN_NANOS;
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                line.heldAt(now);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static void write(Leadership leadership, Writer writer) {
        while (leadership.isHeld()) {
            try {
                writer.writeFenced(0);
                writer.writeUnfenced();
                LockSupport.parkNanos(BREATH_NANOS);
            } catch (LeadershipLostException lost) {
                return;
            } catch (SQLException failed) {
                writer.drop();
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    /** Asks nobody whether it may, and takes its time in the middle of each transaction. */
    private void writeStubbornly(Leadership leadership) {
        Writer writer = new Writer(writing, leadership, address);
        long held = System.nanoTime();
        while (System.nanoTime() - held < STUBBORN_NANOS) {
            held = leadership.isHeld() ? System.nanoTime() : held;
            try {
                if (plant == Plant.WRITES_WITHOUT_FENCE) {
                    writer.claimFenced();
                } else {
                    writer.writeFenced(BREATH_NANOS);
                }
            } catch (LeadershipLostException | SQLException refused) {
                writer.drop();
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
            LockSupport.parkNanos(BREATH_NANOS);
        }
        writer.abort();
    }
}
