package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code run} accepts as a name and as an address. */
@PostgresTest
@NullUnmarked
class ElectionsArgumentsTest {

    private static final String EMOJI = "\uD83D\uDC18";
    private static final LeadFunction NO_WORK = leadership -> {};

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "\u2003", "NUL \0", "\uD83D", "a\uDC18", "\uDC18\uD83D"})
    void name_thatCannotBe_isRefusedWithItsValue(String name, TestDatabase database) {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            String message = refusal(() -> elections.run(name, "a:1", NO_WORK));

            assertTrue(message.contains("election name"), message);
            assertTrue(message.contains(String.valueOf(name)), message);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n", "\u2003", "NUL \0", "\uD83D", "a\uDC18"})
    void address_thatCannotBe_isRefusedWithItsValue(String address, TestDatabase database) {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            String message = refusal(() -> elections.run("orders", address, NO_WORK));

            assertTrue(message.contains("address"), message);
            assertTrue(message.contains(String.valueOf(address)), message);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "NUL \0", "\uD83D"})
    void addressThatCannotBe_givenToSoleLeader_isRefusedAndLeavesNothingOpen(String address, TestDatabase database) {
        refusal(() -> Leader.run(database.dataSource(), address, NO_WORK));
    }

    @Test
    void nameTooLong_isRefused_withItsLengthAndTheBound(TestDatabase database) {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            String message = refusal(() -> elections.run("n".repeat(256), "a:1", NO_WORK));

            assertTrue(message.contains("256") && message.contains("255"), message);
        }
    }

    @Test
    void addressTooLong_isRefused_withItsLengthAndTheBound(TestDatabase database) {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            String message = refusal(() -> elections.run("orders", "a".repeat(1001), NO_WORK));

            assertTrue(message.contains("1001") && message.contains("1000"), message);
        }
    }

    @Test
    void emoji_count_asOneCharacter(TestDatabase database) throws InterruptedException {
        RecordedWork work = RecordedWork.returning();
        String name = EMOJI.repeat(255);
        String address = EMOJI.repeat(1000);
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            Leader leader = elections.run(name, address, work);

            work.next();

            assertEquals(address, leader.address());
            assertEquals(name, database.queryOne(String.class, "select name from pgleader.election"));
            String message = refusal(() -> elections.run(name + EMOJI, address, work));
            assertTrue(message.contains("256"), message);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"it's \"quoted\"", "; drop table pgleader.election; --", "{1,2}", "a\\b", "%s ? $1", " padded "})
    void name_withAnyCharacters_isTakenLiterally(String name, TestDatabase database) throws InterruptedException {
        RecordedWork work = RecordedWork.returning();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            Leader leader = elections.run(name, name, work);

            assertEquals(name, work.next().election());
            assertEquals(name, leader.address());
            assertEquals(name, database.queryOne(String.class, "select name from pgleader.election"));
        }
    }

    @Test
    void sameElectionTwice_isRefused_withItsName(TestDatabase database) {
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            elections.run("orders", "a:1", NO_WORK);

            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> elections.run("orders", "b:2", NO_WORK));

            assertTrue(String.valueOf(refusal.getMessage()).contains("orders"), refusal.getMessage());
        }
    }

    @Test
    void electionClosed_sameElectionAgain_isElectedAgain(TestDatabase database) throws InterruptedException {
        RecordedWork work = RecordedWork.returning();
        try (Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build())) {
            Leader first = elections.run("orders", "a:1", work);
            long term = work.next().term();
            first.close();

            elections.run("orders", "b:2", work);

            assertTrue(work.next().term() > term);
        }
    }

    @Test
    void electionsClosed_run_isRefused(TestDatabase database) {
        Elections elections =
                Elections.connect(database.dataSource(), Settings.calm().build());
        elections.close();

        assertThrows(IllegalStateException.class, () -> elections.run("orders", "a:1", NO_WORK));
    }

    @Test
    void nullInsteadOfAnObject_isRefused_andLeavesNothingOpen(TestDatabase database) {
        assertThrows(NullPointerException.class, () -> Elections.connect(null));
        assertThrows(NullPointerException.class, () -> Elections.connect(database.dataSource(), null));
        assertThrows(NullPointerException.class, () -> Leader.run(database.dataSource(), "a:1", null));
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
