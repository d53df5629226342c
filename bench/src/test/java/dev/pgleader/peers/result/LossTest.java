package dev.pgleader.peers.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.peers.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossTest {

    private final Results results = new Results();

    @Test
    void peerThatIsBetter_isNamedWithBothValues() {
        add(Series.PGLEADER, 5, 9);
        add(Series.CURATOR_LATCH, 4, 30);

        assertEquals(List.of(new Loss(Case.KILL, Measure.KILL, "p50", 5, Series.CURATOR_LATCH, 4)), Loss.of(results));
    }

    @Test
    void peerThatIsAsGood_isNotNamed() {
        add(Series.PGLEADER, 5);
        add(Series.SPRING, 5);

        assertEquals(List.of(), Loss.of(results));
    }

    @Test
    void otherSettingsOfTheLibrary_areNoPeer() {
        add(Series.PGLEADER, 5);
        add(Series.PGLEADER_SESSION_END, 1);

        assertEquals(List.of(), Loss.of(results));
    }

    private void add(Series series, double... millis) {
        for (double each : millis) {
            results.add(Case.KILL, series, Measure.KILL, each);
        }
    }
}
