package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Lengths are logged the same everywhere. */
class SecondsTest {

    @Test
    void length_isRoundedToAHundredth() {
        assertEquals("0.00 s", Seconds.of(Duration.ZERO));
        assertEquals("0.00 s", Seconds.of(Duration.ofMillis(4)));
        assertEquals("0.01 s", Seconds.of(Duration.ofNanos(5_000_001)));
        assertEquals("1.84 s", Seconds.of(Duration.ofMillis(1_844)));
        assertEquals("86400.00 s", Seconds.of(Duration.ofDays(1)));
        assertEquals("-0.25 s", Seconds.of(Duration.ofMillis(-250)));
    }

    @Test
    void machineOfPeopleWhoWriteAComma_logsAPoint() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);

            assertEquals("1.84 s", Seconds.of(Duration.ofMillis(1_844)));
        } finally {
            Locale.setDefault(before);
        }
    }
}
