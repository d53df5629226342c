package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Programs are unpacked whole or not at all, whatever happened before and whatever happens at the same time. */
class UnpackingTest {

    private static final int PATIENCE_SECONDS = 60;
    private static final int EXECUTABLE = 0755;
    private static final int LITTLE_MEMORY = 0;
    private static final String IN_THE_MIDDLE = "in the middle";

    /** Bytes that do not get smaller, so that half of the archive holds the first file. */
    private static final byte[] FIRST = new byte[100_000];

    private static final byte[] SECOND = new byte[50_000];
    private static final byte[] PACKED;

    static {
        new Random(1).nextBytes(FIRST);
        new Random(2).nextBytes(SECOND);
        PACKED = packed();
    }

    @TempDir
    private Path folder;

    @Test
    void unpacked_isWholeAndExecutable() throws IOException {
        Path home = unpack(UnpackingTest::open);

        assertWhole(home);
        assertTrue(Files.isExecutable(home.resolve("bin/postgres")));
    }

    @Test
    void unpackedBefore_isNotUnpackedAgain() throws IOException {
        Path home = unpack(UnpackingTest::open);
        Files.writeString(home.resolve("bin/postgres"), "as it was");

        unpack(UnpackingTest::open);

        assertEquals("as it was", Files.readString(home.resolve("bin/postgres")));
    }

    @Test
    void threadThatIsUnpacking_isWaitedFor() throws Exception {
        CountDownLatch inTheMiddle = new CountDownLatch(1);
        CountDownLatch secondHasCome = new CountDownLatch(1);
        CompletableFuture<Path> first = begin(pausing(() -> {
            inTheMiddle.countDown();
            await(secondHasCome);
        }));
        await(inTheMiddle);
        AtomicInteger opened = new AtomicInteger();

        CompletableFuture<Path> second = begin(() -> {
            opened.incrementAndGet();
            secondHasCome.countDown();
            return open();
        });

        assertWhole(first.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(first.get(), second.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, opened.get(), "opened once to be told apart from other content, and never to be unpacked");
    }

    @Test
    void processThatIsUnpacking_isWaitedFor() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        try (OtherProcess other = new OtherProcess(folder)) {
            CompletableFuture<Path> here = begin(() -> {
                if (opened.incrementAndGet() == 1) {
                    other.goOn();
                }
                return open();
            });

            assertWhole(here.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(1, opened.get(), "opened once to be told apart from other content, and never to be unpacked");
        }
    }

    @Test
    void processKilledInTheMiddle_isReplaced_andNothingOfItIsLeft() throws Exception {
        try (OtherProcess other = new OtherProcess(folder)) {
            assertTrue(names(folder).stream()
                    .anyMatch(name -> name.endsWith(".unfinished")
                            && Files.exists(folder.resolve(name).resolve("bin/postgres"))));
            other.kill();
        }
        Files.createDirectory(folder.resolve("binaries-of-another-version.unfinished"));

        Path home = unpack(UnpackingTest::open);

        assertWhole(home);
        assertEquals(List.of(home.getFileName().toString(), "unpacking.lock"), names(folder));
    }

    @Test
    void failedInTheMiddle_leavesNothing_andTheNextTrySucceeds() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        Unpacking.Archive cutOffOnce = () -> opened.incrementAndGet() == 2
                ? new ByteArrayInputStream(Arrays.copyOf(PACKED, PACKED.length * 3 / 4))
                : open();

        assertThrows(IOException.class, () -> unpack(cutOffOnce));

        assertEquals(List.of("unpacking.lock"), names(folder));
        assertWhole(unpack(cutOffOnce));
    }

    @Test
    void temporaryFolderThatCannotBeUsed_isNamed_withWhatToDo() throws IOException {
        Path file = Files.createFile(folder.resolve("a file"));

        UncheckedIOException failure = assertThrows(
                UncheckedIOException.class, () -> PostgresBinaries.unpackedInto(file, UnpackingTest::open));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains(file.toString()), message);
        assertTrue(message.contains("java.io.tmpdir"), message);
    }

    /** A process that stands still in the middle of unpacking, until it is told to go on. */
    private static final class OtherProcess implements AutoCloseable {

        private final ChildJvm jvm;

        OtherProcess(Path folder) throws IOException, InterruptedException {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            jvm = ChildJvm.start("unpacking", UnpackAndStandStill.class, said::add, folder.toString());
            assertEquals(IN_THE_MIDDLE, said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        }

        void goOn() throws IOException {
            jvm.send("");
        }

        void kill() throws InterruptedException {
            jvm.kill();
        }

        @Override
        public void close() {
            jvm.close();
        }
    }

    /** The main program of that process. */
    static final class UnpackAndStandStill {

        private UnpackAndStandStill() {}

        /** Unpacks into the folder that it is given. */
        public static void main(String[] arguments) throws IOException {
            new Unpacking(
                            pausing(() -> {
                                System.out.println(IN_THE_MIDDLE);
                                System.in.read();
                            }),
                            Path.of(arguments[0]))
                    .home();
        }
    }

    /** What happens in the middle of an archive. */
    @FunctionalInterface
    private interface Pausing {
        void pause() throws IOException;
    }

    private static InputStream open() {
        return new ByteArrayInputStream(PACKED);
    }

    /** The archive with a pause after three quarters of it when it is unpacked, which is when it is opened again. */
    private static Unpacking.Archive pausing(Pausing pausing) {
        AtomicInteger opened = new AtomicInteger();
        int place = PACKED.length * 3 / 4;
        return () -> opened.incrementAndGet() == 1
                ? open()
                : new SequenceInputStream(
                        new ByteArrayInputStream(PACKED, 0, place),
                        new Rest(new ByteArrayInputStream(PACKED, place, PACKED.length - place), pausing));
    }

    /** What comes after a pause. */
    private static final class Rest extends FilterInputStream {

        private final Pausing pausing;
        private boolean paused;

        Rest(InputStream rest, Pausing pausing) {
            super(rest);
            this.pausing = pausing;
        }

        @Override
        public int read() throws IOException {
            pauseOnce();
            return super.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            pauseOnce();
            return super.read(into, offset, length);
        }

        private void pauseOnce() throws IOException {
            if (!paused) {
                paused = true;
                pausing.pause();
            }
        }
    }

    private static byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new XZOutputStream(bytes, new LZMA2Options(LITTLE_MEMORY)))) {
            add(tar, "bin/postgres", FIRST);
            add(tar, "lib/postgresql/library.so", SECOND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(EXECUTABLE);
        // Processes of their own make the archive anew, and it has to be the same.
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private Path unpack(Unpacking.Archive archive) throws IOException {
        return new Unpacking(archive, folder).home();
    }

    private CompletableFuture<Path> begin(Unpacking.Archive archive) {
        CompletableFuture<Path> home = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        home.complete(unpack(archive));
                    } catch (IOException | RuntimeException e) {
                        home.completeExceptionally(e);
                    }
                },
                "unpacking");
        thread.setDaemon(true);
        thread.start();
        return home;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void assertWhole(Path home) throws IOException {
        assertArrayEquals(FIRST, Files.readAllBytes(home.resolve("bin/postgres")));
        assertArrayEquals(SECOND, Files.readAllBytes(home.resolve("lib/postgresql/library.so")));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
