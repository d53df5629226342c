package dev.pgleader.peers.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void percentile_ofAHundredValues_isTheValueOfThatRank() {
        Samples samples = shuffledUpTo(100);

        assertEquals(1, samples.percentile(1));
        assertEquals(50, samples.percentile(50));
        assertEquals(99, samples.percentile(99));
        assertEquals(100, samples.percentile(100));
    }

    @Test
    void percentile_betweenTwoRanks_isTheGreaterOfThem() {
        Samples samples = Samples.of(30, 10, 20);

        assertEquals(20, samples.median());
        assertEquals(30, samples.percentile(67));
        assertEquals(20, samples.percentile(66));
        assertEquals(10, samples.percentile(33));
    }

    @Test
    void percentile_ofOneValue_isThatValue() {
        Samples samples = Samples.of(7);

        assertEquals(7, samples.percentile(1));
        assertEquals(7, samples.percentile(99));
    }

    @Test
    void percentile_ofNothing_isRefused() {
        assertThrows(IllegalStateException.class, () -> new Samples().median());
    }

    @Test
    void percentile_outsideOneToAHundred_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Samples.of(1).percentile(0));
        assertThrows(IllegalArgumentException.class, () -> Samples.of(1).percentile(101));
    }

    @Test
    void isEnoughFor_p99_fromAHundredValuesOn() {
        assertFalse(shuffledUpTo(99).isEnoughFor(99));
        assertTrue(shuffledUpTo(100).isEnoughFor(99));
        assertFalse(shuffledUpTo(9).isEnoughFor(90));
        assertTrue(shuffledUpTo(10).isEnoughFor(90));
    }

    @Test
    void mean_isTheMean() {
        assertEquals(2, Samples.of(1, 1, 4).mean());
    }

    private static Samples shuffledUpTo(int greatest) {
        List<Integer> values =
                new ArrayList<>(IntStream.rangeClosed(1, greatest).boxed().toList());
        Collections.reverse(values);
        return Samples.of(values.stream().mapToDouble(Integer::doubleValue).toArray());
    }

    @Test
    void values_keepTheirOrder() {
        Samples samples = Samples.of(3, 1, 2);

        assertEquals(DoubleStream.of(3, 1, 2).boxed().toList(), samples.values());
    }
}
