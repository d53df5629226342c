package dev.pgleader.peers.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.peers.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private final Results results = new Results();

    @Test
    void nothingMeasured_nothingJudged() {
        assertEquals(List.of(), Judge.judge(results));
    }

    @Test
    void handOver_isHeldAgainstTheFasterCurator() {
        add(Series.PGLEADER, 3);
        add(Series.CURATOR_SELECTOR, 20);
        add(Series.CURATOR_LATCH, 10);

        Bound share = named("hand-over, p50", "0.3 × the faster Curator's");

        assertEquals(3, share.limit(), 1e-9);
        assertTrue(share.isKept());
    }

    @Test
    void handOver_slowerThanItsShareOfCurators_isMissed() {
        add(Series.PGLEADER, 3.1);
        add(Series.CURATOR_SELECTOR, 10);

        assertFalse(named("hand-over, p50", "0.3 × the faster Curator's").isKept());
        assertTrue(named("hand-over, p50", "").isKept());
    }

    @Test
    void handOver_withoutCurator_isHeldAgainstItsOwnBoundsAlone() {
        add(Series.PGLEADER, 4.1);
        add(Series.SPRING, 1);

        assertEquals(
                List.of("hand-over, p50", "hand-over, longest"),
                Judge.judge(results).stream().map(Bound::what).toList());
        assertFalse(named("hand-over, p50", "").isKept());
    }

    @Test
    void handOver_measuredAHundredTimes_isJudgedByItsP99() {
        for (int i = 0; i < 99; i++) {
            add(Series.PGLEADER, 14);
        }
        add(Series.PGLEADER, 1000);

        assertTrue(named("hand-over, p99", "").isKept());
    }

    @Test
    void oneOverlapAmongMany_isMissed() {
        for (int i = 0; i < 99; i++) {
            results.add(Case.HAND_OVER, Series.PGLEADER, Measure.OVERLAP, 0);
        }
        assertTrue(named("hand-over, longest overlap", "").isKept());

        results.add(Case.HAND_OVER, Series.PGLEADER, Measure.OVERLAP, 0.001);

        assertFalse(named("hand-over, longest overlap", "").isKept());
    }

    @Test
    void kill_isJudgedByItsSettings() {
        results.add(Case.KILL, Series.PGLEADER, Measure.KILL, 4299);
        results.add(Case.KILL, Series.PGLEADER_SESSION_END, Measure.KILL, 31);

        assertTrue(named("kill, p50", "").isKept());
        assertTrue(named("kill, longest", "").isKept());
        assertFalse(named("kill, ON_SESSION_END, p50", "").isKept());
        assertTrue(named("kill, ON_SESSION_END, longest", "").isKept());
    }

    private void add(Series series, double gapMs) {
        results.add(Case.HAND_OVER, series, Measure.GAP, gapMs);
    }

    private Bound named(String what, String why) {
        return Judge.judge(results).stream()
                .filter(bound -> bound.what().equals(what) && bound.why().equals(why))
                .findFirst()
                .orElseThrow();
    }
}
