package dev.pgleader.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Judges what the candidates have proved: that no two held at once (promise B), and for how long nobody did (D). */
final class Reigns {

    private Reigns() {}

    /**
     * A time in which nobody is known to have led. Immutable.
     *
     * @param from the last moment proved before it
     * @param to the first moment proved after it
     */
    record Vacancy(long from, long to) {

        /** Returns how much of it came after a moment. */
        long millisAfter(long moment) {
            return TimeUnit.NANOSECONDS.toMillis(Math.max(0, to - Math.max(from, moment)));
        }
    }

    /** Returns a sentence for each two leaderships that are both proved to have been held at one moment. */
    static List<String> overlaps(List<Reign> reigns) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < reigns.size(); i++) {
            for (int j = i + 1; j < reigns.size(); j++) {
                Reign one = reigns.get(i);
                Reign other = reigns.get(j);
                long common = Math.min(one.last(), other.last()) - Math.max(one.first(), other.first());
                if (common >= 0) {
                    found.add("overlap of %.3f ms: %s; %s".formatted(common / 1e6, one, other));
                }
            }
        }
        return found;
    }

    /** Returns the times between two moments in which nobody is proved to have led. */
    static List<Vacancy> vacancies(List<Reign> reigns, long from, long to) {
        List<Reign> sorted = new ArrayList<>(reigns);
        sorted.sort(Comparator.comparingLong(Reign::first));
        List<Vacancy> found = new ArrayList<>();
        long covered = from;
        for (Reign reign : sorted) {
            if (reign.first() > covered && reign.first() <= to) {
                found.add(new Vacancy(covered, reign.first()));
            }
            covered = Math.max(covered, reign.last());
        }
        if (covered < to) {
            found.add(new Vacancy(covered, to));
        }
        return found;
    }
}
