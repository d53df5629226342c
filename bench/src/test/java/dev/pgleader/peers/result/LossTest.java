package dev.pgleader.peers.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.peers.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossTest {

    private final Results results = new Results();

    @Test
    void peerWithABetterMedian_isNamed() {
        add(Series.PGLEADER, 5, 9);
        add(Series.CURATOR_LATCH, 4, 30);

        assertEquals(List.of(Series.CURATOR_LATCH), losers());
    }

    @Test
    void peerWithABetterGreatestValue_isNamed() {
        add(Series.PGLEADER, 5, 9);
        add(Series.CURATOR_LATCH, 6, 8);

        assertEquals(List.of(Series.CURATOR_LATCH), losers());
    }

    @Test
    void gapOfAPeerThatMostlyOverlaps_isNoLoss() {
        results.add(Case.SLOW_STOP, Series.PGLEADER, Measure.GAP, 5);
        results.add(Case.SLOW_STOP, Series.SPRING, Measure.GAP, 0);
        assertEquals(List.of(Series.SPRING), losers());

        results.add(Case.SLOW_STOP, Series.SPRING, Measure.OVERLAP, 290);

        assertEquals(List.of(), losers());
    }

    @Test
    void peerThatIsAsGood_isNotNamed() {
        add(Series.PGLEADER, 5);
        add(Series.SPRING, 5);

        assertEquals(List.of(), losers());
    }

    @Test
    void otherSettingsOfTheLibrary_areNoPeer() {
        add(Series.PGLEADER, 5);
        add(Series.PGLEADER_SESSION_END, 1);

        assertEquals(List.of(), losers());
    }

    private List<Series> losers() {
        return Loss.of(results).stream().map(Loss::peer).toList();
    }

    private void add(Series series, double... millis) {
        for (double each : millis) {
            results.add(Case.KILL, series, Measure.KILL, each);
        }
    }
}
