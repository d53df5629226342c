package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time since boot, from a file that cannot always be read. */
class UptimeTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("uptime");
        Files.writeString(file, "1000.25 2000.00\n");
    }

    @Test
    void fileReadable_isTheUptime_whateverTheMonotonicClockSays() throws IOException {
        Uptime uptime = new Uptime(file);
        assertEquals(1000 * SECOND + SECOND / 4, uptime.nanos(7 * SECOND));

        Files.writeString(file, "1010.00 2000.00\n");

        assertEquals(1010 * SECOND, uptime.nanos(8 * SECOND));
    }

    @Test
    void oneReadFails_uptimeGoesOnWithTheMonotonicClock_andDoesNotJump() throws IOException {
        Uptime uptime = new Uptime(file);
        uptime.nanos(7 * SECOND);

        Files.writeString(file, "");

        assertEquals(1001 * SECOND + SECOND / 4, uptime.nanos(8 * SECOND));
        Files.writeString(file, "nonsense");
        assertEquals(1002 * SECOND + SECOND / 4, uptime.nanos(9 * SECOND));
        write();
        assertEquals(1000 * SECOND + SECOND / 4, uptime.nanos(9 * SECOND));
    }

    @Test
    void neverReadable_isTheMonotonicClock_evenIfItCanBeReadLater() throws IOException {
        Files.delete(file);
        Uptime uptime = new Uptime(file);
        assertEquals(7 * SECOND, uptime.nanos(7 * SECOND));

        write();

        assertEquals(8 * SECOND, uptime.nanos(8 * SECOND));
    }

    @Test
    void readerInterrupted_othersReadOn() throws InterruptedException, IOException {
        Uptime uptime = new Uptime(file);
        Thread interrupted = new Thread(() -> {
            Thread.currentThread().interrupt();
            uptime.nanos(7 * SECOND);
        });
        interrupted.start();
        interrupted.join();

        Files.writeString(file, "1010.00 2000.00\n");

        assertEquals(1010 * SECOND, uptime.nanos(8 * SECOND));
    }

    @Test
    void manyReadAtOnce_eachIsRight() throws InterruptedException {
        Uptime uptime = new Uptime(file);
        AtomicInteger wrong = new AtomicInteger();
        List<Thread> readers = Stream.generate(() -> new Thread(() -> {
                    for (int count = 0; count < 10_000; count++) {
                        if (uptime.nanos(count) != 1000 * SECOND + SECOND / 4) {
                            wrong.incrementAndGet();
                        }
                    }
                }))
                .limit(4)
                .toList();
        readers.forEach(Thread::start);
        for (Thread reader : readers) {
            reader.join();
        }

        assertEquals(0, wrong.get());
    }
}
