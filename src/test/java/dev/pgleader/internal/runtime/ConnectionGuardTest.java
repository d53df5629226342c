package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which waits are aborted: those that last too long, and no other that the same connection begins meanwhile. */
class ConnectionGuardTest {

    private static final long PATIENCE = 1_000;

    private final AtomicLong nanos = new AtomicLong();
    private final Set<ConnectionGuard> waiting = ConcurrentHashMap.newKeySet();
    private final ConnectionGuard guard = new ConnectionGuard(nanos::get, PATIENCE, waiting);

    @Test
    void waitThatLastsTooLong_isTakenOnce() {
        Runnable abort = () -> {};
        guard.begin(abort);
        assertEquals(Set.of(guard), waiting);

        nanos.addAndGet(PATIENCE);
        assertEquals(Optional.empty(), guard.overdue());
        nanos.incrementAndGet();

        ConnectionGuard.Wait overdue = guard.overdue().orElseThrow();
        assertSame(abort, overdue.take().orElseThrow());
        assertEquals(Optional.empty(), overdue.take());
        assertEquals(Optional.empty(), guard.overdue());
        guard.end();
        assertEquals(Set.of(), waiting);
    }

    @Test
    void nextWaitBegins_whileTheWatchdogIsAtTheOneBefore_isNotTakenForIt_andStaysGuarded() {
        guard.begin(() -> {});
        nanos.addAndGet(PATIENCE + 1);
        ConnectionGuard.Wait before = guard.overdue().orElseThrow();

        guard.end();
        Runnable abort = () -> {};
        guard.begin(abort);

        assertEquals(Optional.empty(), before.take());
        assertEquals(Optional.empty(), guard.overdue());
        nanos.addAndGet(PATIENCE + 1);
        assertSame(abort, guard.overdue().orElseThrow().take().orElseThrow());
    }

    @Test
    void waitThatIsOver_isNotTaken() {
        guard.begin(() -> {});
        nanos.addAndGet(PATIENCE + 1);
        ConnectionGuard.Wait before = guard.overdue().orElseThrow();

        guard.end();

        assertEquals(Optional.empty(), before.take());
        assertEquals(Optional.empty(), guard.overdue());
    }
}
