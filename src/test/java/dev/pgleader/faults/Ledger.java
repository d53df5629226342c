package dev.pgleader.faults;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the candidates of one process can prove, in a file that both the process and its parent have mapped into memory.
 * What is written there is seen by the other at once, and stays when the process is killed or frozen. Thread-safe.
 */
final class Ledger {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int HEAD = 64;
    private static final int LINE = 32;
    private static final int LINES = 4096;
    private static final int TERM = 0;
    private static final int CANDIDATE = 8;
    private static final int FIRST = 16;
    private static final int LAST = 24;

    private final ByteBuffer memory;
    private final AtomicInteger used = new AtomicInteger();

    private Ledger(ByteBuffer memory) {
        this.memory = memory;
    }

    static Ledger open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Ledger(channel.map(FileChannel.MapMode.READ_WRITE, 0, HEAD + LINE * LINES));
        }
    }

    /** One leadership, as it is written down by whoever leads. One thread only. */
    final class Line {

        private final int offset;

        private Line(int offset) {
            this.offset = offset;
        }

        /** Writes down that the leadership was held at a moment. */
        void heldAt(long nanos) {
            LONG.setRelease(memory, offset + LAST, nanos);
        }
    }

    /** Begins the account of a leadership that was held at a moment. */
    Line begin(int candidate, long term, long nanos) {
        int offset = HEAD + LINE * used.getAndIncrement();
        LONG.setRelease(memory, offset + CANDIDATE, (long) candidate);
        LONG.setRelease(memory, offset + FIRST, nanos);
        LONG.setRelease(memory, offset + LAST, nanos);
        LONG.setRelease(memory, offset + TERM, term);
        return new Line(offset);
    }

    /** Writes down that every candidate of the process was ready to lead or to follow at a moment. */
    void readyAt(long nanos) {
        LONG.setRelease(memory, 0, nanos);
    }

    long lastReady() {
        return read(0);
    }

    List<Reign> reigns() {
        List<Reign> reigns = new ArrayList<>();
        for (int offset = HEAD; offset < memory.limit() && read(offset + TERM) != 0; offset += LINE) {
            reigns.add(new Reign(
                    (int) read(offset + CANDIDATE), read(offset + TERM), read(offset + FIRST), read(offset + LAST)));
        }
        return reigns;
    }

    private long read(int offset) {
        return (long) LONG.getAcquire(memory, offset);
    }
}
