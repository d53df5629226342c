package dev.pgleader.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Who led when, told by the replicas' callbacks and answers, and the judgement on it. Thread-safe.
 *
 * <p>All stamps are of one monotonic clock. A callback may go on for a while after its leadership was lost, so what counts
 * is the last moment at which {@code isHeld()} is known to have said yes.
 */
final class Reigns {

    /**
     * One leadership.
     *
     * @param replica who led
     * @param term in which term
     * @param beganNanos when its callback began
     */
    record Reign(String replica, long term, long beganNanos) {}

    private final NavigableMap<Long, Reign> byTerm = new TreeMap<>();
    private final NavigableMap<Long, Report.Ended> endings = new TreeMap<>();
    private final List<Answer> answers = new ArrayList<>();

    synchronized void began(String replica, Report.Began report) {
        byTerm.put(report.term(), new Reign(replica, report.term(), report.nanos()));
        notifyAll();
    }

    synchronized void ended(Report.Ended report) {
        endings.put(report.term(), report);
        notifyAll();
    }

    synchronized void answered(Answer answer) {
        answers.add(answer);
    }

    /** Waits for a leadership with a later term than {@code term}. */
    synchronized Reign awaitAfter(long term, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (byTerm.higherEntry(term) == null) {
            waitUntil(deadline, "nobody leads: no callback has begun within " + atMost.toMillis() + " ms");
        }
        return byTerm.higherEntry(term).getValue();
    }

    /** Waits for the callback of a leadership to end. */
    synchronized Report.Ended awaitEnd(Reign reign, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Report.Ended ended = endings.get(reign.term());
        while (ended == null) {
            waitUntil(deadline, reign.replica() + "'s callback has not ended within " + atMost.toMillis() + " ms");
            ended = endings.get(reign.term());
        }
        return ended;
    }

    private void waitUntil(long deadline, String otherwise) throws InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new BrokenPromiseException(otherwise);
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
    }

    synchronized int count() {
        return byTerm.size();
    }

    synchronized int answerCount() {
        return answers.size();
    }

    /** Counts the answers of a replica that said it leads when the callback of a later term had already begun. */
    synchronized long staleAnswers() {
        return answers.stream().filter(this::isStale).count();
    }

    private boolean isStale(Answer answer) {
        return byTerm.tailMap(answer.term(), false).values().stream()
                .anyMatch(later -> later.beganNanos() - answer.askedNanos() < 0);
    }

    /** Finds the pairs of leaders that led at the same moment, each in a sentence. */
    synchronized List<String> overlaps() {
        List<String> found = new ArrayList<>();
        for (Reign earlier : byTerm.values()) {
            long held = lastHeld(earlier);
            for (Reign later : byTerm.tailMap(earlier.term(), false).values()) {
                if (later.beganNanos() - held < 0) {
                    found.add(earlier.replica() + " still led in term " + earlier.term() + " "
                            + TimeUnit.NANOSECONDS.toMillis(held - later.beganNanos()) + " ms after "
                            + later.replica() + " began to lead in term " + later.term());
                }
            }
        }
        return found;
    }

    private long lastHeld(Reign reign) {
        Report.Ended ended = endings.get(reign.term());
        long held = ended == null ? reign.beganNanos() : ended.heldNanos();
        for (Answer answer : answers) {
            if (answer.term() == reign.term() && answer.askedNanos() - held > 0) {
                held = answer.askedNanos();
            }
        }
        return held;
    }
}
