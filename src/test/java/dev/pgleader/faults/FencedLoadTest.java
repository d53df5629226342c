package dev.pgleader.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.FenceForm;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fenced writes and work done once, under load and with a takeover every second: part of {@code mvn verify -Pfaults} only.
 * {@code -Dload.seconds=} says for how long, by default 60.
 */
@Tag("faults")
@PostgresTest
class FencedLoadTest {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("load.seconds", 60));
    private static final Duration UNTIL_BROKEN = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource(FenceForm.class)
    void takeoverEverySecond_writesAreInOrderOfTerms_andNothingIsLostOrDoubled(FenceForm form, TestDatabase database)
            throws Exception {
        FencedLoad.Figures figures = FencedLoad.play(database, form, true, LENGTH);

        System.out.println(form + " for " + LENGTH.toSeconds() + " s: " + figures);
        assertEquals(0, figures.outOfOrder(), figures::toString);
        assertEquals(0, figures.lost(), figures::toString);
        assertEquals(0, figures.doubled(), figures::toString);
        assertTrue(figures.terms() >= LENGTH.toSeconds() / 2, () -> "hardly any takeovers: " + figures);
        assertTrue(figures.writes() > 0 && figures.jobs() > 0 && figures.refused() > 0, figures::toString);
    }

    /** The same without a fence: else the order might be kept by chance. */
    @ParameterizedTest
    @EnumSource(FenceForm.class)
    void withoutTheFence_theOrderIsBroken(FenceForm form, TestDatabase database) throws Exception {
        FencedLoad.Figures figures = FencedLoad.play(database, form, false, UNTIL_BROKEN);

        assertTrue(figures.outOfOrder() > 0, figures::toString);
    }
}
