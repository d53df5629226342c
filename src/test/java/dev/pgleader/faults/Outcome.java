package dev.pgleader.faults;

import dev.pgleader.Takeover;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What came of the rounds of one fault. One thread at a time. */
final class Outcome {

    private final Fault fault;
    private final Takeover takeover;
    private final List<Long> vacanciesMs = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> falseStarts = new ArrayList<>();
    private long overlaps;
    private long fenced;
    private long unfenced;
    private long late;
    private long terms;

    Outcome(Fault fault, Takeover takeover) {
        this.fault = fault;
        this.takeover = takeover;
    }

    Fault fault() {
        return fault;
    }

    Takeover takeover() {
        return takeover;
    }

    /** Adds a round. */
    void add(long vacantMs, int overlapsFound, List<String> found) {
        vacanciesMs.add(vacantMs);
        overlaps += overlapsFound;
        violations.addAll(found);
    }

    /** Adds what the servers of a scene have taken. */
    void add(List<History> histories) {
        for (History history : histories) {
            fenced += history.fenced();
            unfenced += history.unfenced();
            late += history.late();
            terms += history.terms();
        }
    }

    /** Adds the rounds of another drill of the same fault. */
    void add(Outcome other) {
        vacanciesMs.addAll(other.vacanciesMs);
        violations.addAll(other.violations);
        falseStarts.addAll(other.falseStarts);
        overlaps += other.overlaps;
        fenced += other.fenced;
        unfenced += other.unfenced;
        late += other.late;
        terms += other.terms;
    }

    void violated(String sentence) {
        violations.add(sentence);
    }

    /** Notes that a scene had to be built once more, and why. */
    void arrangedAgain(String why) {
        falseStarts.add("arranged again: " + fault.title() + ", " + takeover + ": " + why);
    }

    List<String> falseStarts() {
        return List.copyOf(falseStarts);
    }

    int rounds() {
        return vacanciesMs.size();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    long overlaps() {
        return overlaps;
    }

    /** Returns the cells of its line in the table. */
    List<String> cells() {
        List<Long> sorted = new ArrayList<>(vacanciesMs);
        Collections.sort(sorted);
        Bound bound = fault.bound(takeover);
        return List.of(
                fault.title(),
                takeover == Takeover.AFTER_LEASE ? "lease" : "session",
                "" + rounds(),
                "" + overlaps,
                "" + terms,
                "" + fenced,
                late + " of " + unfenced,
                sorted.isEmpty() ? "-" : "" + sorted.get(sorted.size() / 2),
                sorted.isEmpty() ? "-" : "" + sorted.get(sorted.size() - 1),
                "" + bound.length().toMillis(),
                bound.formula() + ", from " + bound.from(),
                violations.isEmpty() ? "kept" : "VIOLATED");
    }
}
