package dev.pgleader.peers.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void values_haveThreeDigits() {
        assertEquals("0", Numbers.plain(0));
        assertEquals("0.30", Numbers.plain(0.3));
        assertEquals("9.23", Numbers.plain(9.2345));
        assertEquals("47.1", Numbers.plain(47.11));
        assertEquals("16,639", Numbers.plain(16639));
    }

    @Test
    void longTimes_areInSeconds() {
        assertEquals("999 ms", Numbers.withUnit(999, "ms"));
        assertEquals("4.30 s", Numbers.withUnit(4300, "ms"));
        assertEquals("4,300 B/s", Numbers.withUnit(4300, "B/s"));
    }

    @Test
    void marks_areAsShortAsTheyCanBe() {
        assertEquals("0.5 ms", Numbers.tick(0.5, "ms"));
        assertEquals("20 ms", Numbers.tick(20, "ms"));
        assertEquals("50 s", Numbers.tick(50_000, "ms"));
    }
}
