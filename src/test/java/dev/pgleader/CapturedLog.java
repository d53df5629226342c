package dev.pgleader;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged while it is open, which tests log to the standard error stream. One at a time. */
final class CapturedLog implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private CapturedLog() {}

    static CapturedLog start() {
        CapturedLog log = new CapturedLog();
        System.setErr(new PrintStream(log.bytes, true, StandardCharsets.UTF_8));
        return log;
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The library's lines at the level of a warning or above. */
    List<String> warnings() {
        return text().lines()
                .filter(line -> line.contains(" WARN dev.pgleader") || line.contains(" ERROR dev.pgleader"))
                .toList();
    }

    /** How many of its lines contain this. */
    long count(String part) {
        return text().lines().filter(line -> line.contains(part)).count();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
