package dev.pgleader.peers.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleTest {

    @Test
    void scale_beginsAndEndsAtRoundNumbersAroundTheValues() {
        Scale scale = Scale.around(List.of(3.0, 45.0, 12.0));

        assertEquals(2, scale.least());
        assertEquals(100, scale.greatest());
        assertEquals(List.of(2.0, 5.0, 10.0, 20.0, 50.0, 100.0), scale.marks());
    }

    @Test
    void scaleBelowOne_hasExactMarks() {
        assertEquals(List.of(0.2, 0.5, 1.0), Scale.around(List.of(0.3, 0.8)).marks());
    }

    @Test
    void equalRatios_areEqualDistances() {
        Scale scale = new Scale(1, 1000, false);

        assertEquals(scale.position(10) - scale.position(1), scale.position(1000) - scale.position(100), 1e-9);
    }

    @Test
    void zero_standsWhereTheAxisMayBegin() {
        Scale scale = Scale.around(List.of(0.0, 10.0));

        assertTrue(scale.position(0) >= Math.log10(scale.least()));
        assertTrue(scale.hasClipped());
    }
}
