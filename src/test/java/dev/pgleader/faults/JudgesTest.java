package dev.pgleader.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.faults.History.Entry;
import dev.pgleader.faults.History.Kind;
import dev.pgleader.faults.Reigns.Vacancy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judges of real faults find what they are there for, and nothing else. */
class JudgesTest {

    @Test
    void reignsThatFollow_doNotOverlap() {
        assertEquals(List.of(), Reigns.overlaps(List.of(new Reign(1, 1, 0, 99), new Reign(2, 2, 100, 200))));
    }

    @Test
    void reignsThatShareOneMoment_overlap() {
        List<String> found = Reigns.overlaps(List.of(new Reign(2, 2, 100, 200), new Reign(1, 1, 0, 100)));

        assertEquals(1, found.size());
        assertTrue(found.get(0).contains("candidate 1") && found.get(0).contains("candidate 2"), found.get(0));
    }

    @Test
    void reignInsideAnother_overlaps() {
        assertEquals(
                1,
                Reigns.overlaps(List.of(new Reign(1, 1, 0, 100), new Reign(2, 2, 40, 50)))
                        .size());
    }

    @Test
    void vacancies_areWhatNobodyCovers() {
        List<Reign> reigns = List.of(new Reign(2, 2, 50, 60), new Reign(1, 1, 0, 20), new Reign(3, 3, 55, 70));

        assertEquals(List.of(new Vacancy(20, 50), new Vacancy(70, 80)), Reigns.vacancies(reigns, 10, 80));
        assertEquals(List.of(), Reigns.vacancies(reigns, 50, 70));
    }

    @Test
    void vacancy_countsFromTheEndOfTheFault() {
        Vacancy vacancy = new Vacancy(2_000_000, 9_000_000);

        assertEquals(7, vacancy.millisAfter(Long.MIN_VALUE));
        assertEquals(4, vacancy.millisAfter(5_000_000));
        assertEquals(0, vacancy.millisAfter(10_000_000));
    }

    @Test
    void orderlyHistory_isAccepted_andLateUnfencedWritesAreCounted() {
        History history = history(
                new Entry(1, Kind.TAKEN, 1, "a"),
                new Entry(2, Kind.FENCED, 1, "a"),
                new Entry(3, Kind.UNFENCED, 1, "a"),
                new Entry(4, Kind.TAKEN, 2, "b"),
                new Entry(5, Kind.UNFENCED, 1, "a"),
                new Entry(6, Kind.FENCED, 2, "b"));

        assertEquals(List.of(), history.violations());
        assertEquals(2, history.fenced());
        assertEquals(2, history.unfenced());
        assertEquals(1, history.late());
        assertEquals(2, history.terms());
    }

    @Test
    void fencedWriteAfterTheNextTermWasTaken_isFound() {
        assertViolated(new Entry(1, Kind.TAKEN, 1, "a"), new Entry(2, Kind.TAKEN, 2, "b"), fenced(3, 1, "a"));
    }

    @Test
    void fencedWriteOfATermThatNobodyTook_isFound() {
        assertViolated(new Entry(1, Kind.TAKEN, 1, "a"), fenced(2, 2, "a"));
    }

    @Test
    void fencedWriteOfSomebodyElse_isFound() {
        assertViolated(new Entry(1, Kind.TAKEN, 1, "a"), fenced(2, 1, "b"));
    }

    @Test
    void termTakenTwice_isFound() {
        assertViolated(new Entry(1, Kind.TAKEN, 1, "a"), new Entry(2, Kind.TAKEN, 1, "b"));
    }

    @Test
    void termThatGoesBack_isFound() {
        assertViolated(new Entry(1, Kind.TAKEN, 2, "a"), new Entry(2, Kind.TAKEN, 1, "b"));
    }

    @Test
    void commitsOutOfOrder_areFound() {
        assertViolated(new Entry(2, Kind.TAKEN, 1, "a"), fenced(2, 1, "a"));
    }

    @Test
    void termOfTwoCandidatesInTwoHistories_isFound() {
        History one = history(new Entry(1, Kind.TAKEN, 1, "a"), new Entry(2, Kind.TAKEN, 2, "b"));
        History other = history(new Entry(1, Kind.TAKEN, 1, "a"), new Entry(2, Kind.TAKEN, 2, "c"));

        assertEquals(List.of("term 2 was issued twice: to b and to c"), History.contradictions(one, other));
        assertEquals(List.of(), History.contradictions(one, one));
    }

    @Test
    void ledger_isReadByAnotherWhoMapsTheSameFile(@TempDir Path folder) throws IOException {
        Ledger written = Ledger.open(folder.resolve("ledger"));
        Ledger read = Ledger.open(folder.resolve("ledger"));

        written.begin(7, 1, 100).heldAt(200);
        written.begin(8, 2, 300);
        written.readyAt(400);

        assertEquals(List.of(new Reign(7, 1, 100, 200), new Reign(8, 2, 300, 300)), read.reigns());
        assertEquals(400, read.lastReady());
    }

    private static Entry fenced(long number, long term, String who) {
        return new Entry(number, Kind.FENCED, term, who);
    }

    private static History history(Entry... entries) {
        History history = new History();
        List.of(entries).forEach(history::add);
        return history;
    }

    private static void assertViolated(Entry... entries) {
        List<String> violations = history(entries).violations();
        assertEquals(1, violations.size(), violations.toString());
    }
}
