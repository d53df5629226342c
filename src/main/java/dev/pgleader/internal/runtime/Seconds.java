package dev.pgleader.internal.runtime;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A length in a line of the log, as people read it: {@code 1.84 s}. */
final class Seconds {

    private Seconds() {}

    static String of(Duration length) {
        return String.format(Locale.ROOT, "%.2f s", length.toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
