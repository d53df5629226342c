package dev.pgleader.peers.result;

import dev.pgleader.peers.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All measured values of a run. Thread-safe. */
public final class Results {

    private static final String HEAD = "case\tseries\tmeasure\tvalue";

    private final Map<Key, Samples> samples = new ConcurrentHashMap<>();

    /**
     * What a value belongs to.
     *
     * @param scenario what happened
     * @param series to which system
     * @param measure what was measured
     */
    public record Key(Case scenario, Series series, Measure measure) {}

    /**
     * Adds a value.
     *
     * @param scenario what happened
     * @param series to which system
     * @param measure what was measured
     * @param value the value
     */
    public void add(Case scenario, Series series, Measure measure, double value) {
        samples.computeIfAbsent(new Key(scenario, series, measure), any -> new Samples())
                .add(value);
    }

    /**
     * Returns values.
     *
     * @param scenario what happened
     * @param series to which system
     * @param measure what was measured
     * @return the values, or empty if there are none
     */
    public Optional<Samples> find(Case scenario, Series series, Measure measure) {
        return Optional.ofNullable(samples.get(new Key(scenario, series, measure)));
    }

    /**
     * Returns the values of other cases.
     *
     * @param cases the cases that are left out
     * @return the rest
     */
    public Results without(Set<Case> cases) {
        Results rest = new Results();
        samples.forEach((key, values) -> {
            if (!cases.contains(key.scenario())) {
                rest.samples.put(key, values);
            }
        });
        return rest;
    }

    /** {@return the values of the library's own series} */
    public Results ours() {
        Results ours = new Results();
        samples.forEach((key, values) -> {
            if (key.series().isOurs()) {
                ours.samples.put(key, values);
            }
        });
        return ours;
    }

    /** {@return what there are values of, in the order of the enumerations} */
    public List<Key> keys() {
        return samples.keySet().stream()
                .sorted(Comparator.comparing(Key::scenario)
                        .thenComparing(Key::measure)
                        .thenComparing(Key::series))
                .toList();
    }

    /**
     * Writes the values to a file, one a line.
     *
     * @param file the file
     * @throws IOException if that is not possible
     */
    public void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        for (Key key : keys()) {
            for (double value : samples.get(key).values()) {
                text.append(String.format(
                        Locale.ROOT, "%s\t%s\t%s\t%.3f%n", key.scenario().word(), key.series(), key.measure(), value));
            }
        }
        Files.writeString(file, text);
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param file the file
     * @return the values, none if there is no such file
     * @throws IOException if the file cannot be read
     */
    public static Results read(Path file) throws IOException {
        Results results = new Results();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                if (!line.equals(HEAD)) {
                    String[] cells = line.split("\t", -1);
                    results.add(
                            Case.of(cells[0]).orElseThrow(),
                            Series.valueOf(cells[1]),
                            Measure.valueOf(cells[2]),
                            Double.parseDouble(cells[3]));
                }
            }
        }
        return results;
    }
}
