package dev.pgleader.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The demo's judgement sees the faults that it is there to see, and no others. */
class ReignsTest {

    private final Reigns reigns = new Reigns();

    @Test
    void leaderOutlivedByItsCallback_isNoOverlap() {
        reigns.began("A", new Report.Began(1, 100));
        reigns.began("B", new Report.Began(2, 200));
        reigns.ended(new Report.Ended(1, 199, 300));

        assertEquals(List.of(), reigns.overlaps());
    }

    @Test
    void leaderHeldWhenTheNextBegan_isAnOverlap() {
        reigns.began("A", new Report.Began(1, 100));
        reigns.began("B", new Report.Began(2, 200));
        reigns.ended(new Report.Ended(1, 2_000_200, 2_000_300));

        assertEquals(List.of("A still led in term 1 2 ms after B began to lead in term 2"), reigns.overlaps());
    }

    @Test
    void killedLeaderThatHadAnsweredBefore_isNoOverlap() {
        reigns.began("A", new Report.Began(1, 100));
        reigns.answered(new Answer("A", 1, 150));
        reigns.began("B", new Report.Began(2, 200));

        assertEquals(List.of(), reigns.overlaps());
        assertEquals(0, reigns.staleAnswers());
    }

    @Test
    void answerAfterTheNextLeaderBegan_isStaleAndAnOverlap() {
        reigns.began("A", new Report.Began(1, 100));
        reigns.began("B", new Report.Began(2, 200));
        reigns.answered(new Answer("A", 1, 250));
        reigns.answered(new Answer("B", 2, 250));

        assertEquals(1, reigns.staleAnswers());
        assertEquals(1, reigns.overlaps().size());
    }

    @Test
    void noNextLeader_isABrokenPromise() {
        reigns.began("A", new Report.Began(1, 100));

        assertThrows(BrokenPromiseException.class, () -> reigns.awaitAfter(1, Duration.ZERO));
    }
}
