package dev.pgleader.peers.machine;

import com.sun.management.OperatingSystemMXBean;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What the values depend on, without naming the machine. Immutable.
 *
 * @param facts text by what it is about
 */
public record Machine(Map<String, String> facts) {

    private static final String CASE = "measured: ";
    private static final double GIB = 1 << 30;

    /** Describes this machine and a server on it. */
    static Machine of(PostgresServer server) throws SQLException {
        Samples commits = server.commits();
        Properties versions = versions();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", String.format(Locale.ROOT, "%.0f GiB", memory() / GIB));
        facts.put("system", System.getProperty("os.name") + " " + kernel() + ", " + System.getProperty("os.arch"));
        facts.put("JDK", System.getProperty("java.vm.version"));
        facts.put("PostgreSQL", server.describe());
        facts.put(
                "one commit",
                String.format(
                        Locale.ROOT,
                        "p50 %.1f ms, p99 %.1f ms when the last run began",
                        commits.percentile(50),
                        commits.percentile(99)));
        facts.put("pgleader", versions.getProperty("pgleader"));
        facts.put(
                "peers",
                "Curator " + versions.getProperty("curator") + " on ZooKeeper " + versions.getProperty("zookeeper")
                        + "; Spring Integration " + versions.getProperty("spring-integration"));
        return new Machine(facts);
    }

    /** {@return the kernel's version without what its builder has added} */
    private static String kernel() {
        return System.getProperty("os.version").replaceFirst("^(\\d+\\.\\d+).*", "$1");
    }

    private static double memory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    /** {@return how busy the machine is: the processes that ran or waited for a processor, as a mean of the last minute} */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("/dev/pgleader/peers/versions.properties")) {
            versions.load(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return versions;
    }

    /**
     * Notes that a case was measured now, and how busy the machine was.
     *
     * @param measured the case
     * @return these facts and that one
     */
    public Machine withCase(Case measured) {
        String when = LocalDate.now(ZoneOffset.UTC) + String.format(Locale.ROOT, ", load %.1f at its end", load());
        return withCasesOf(new Machine(Map.of(CASE + measured.word(), when)));
    }

    /**
     * Adds what another machine's facts tell of cases.
     *
     * @param other the other facts
     * @return these facts and those
     */
    public Machine withCasesOf(Machine other) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        other.facts.forEach((name, text) -> {
            if (name.startsWith(CASE)) {
                more.put(name, text);
            }
        });
        return new Machine(more);
    }

    /**
     * Writes the facts to a file, one a line.
     *
     * @param file the file
     * @throws IOException if that is not possible
     */
    public void write(Path file) throws IOException {
        Files.writeString(
                file,
                facts.entrySet().stream()
                        .map(fact -> fact.getKey() + "\t" + fact.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @param file the file
     * @return the machine, without facts if there is no such file
     * @throws IOException if the file cannot be read
     */
    public static Machine read(Path file) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return new Machine(facts);
        }
        for (String line : Files.readAllLines(file)) {
            List<String> cells = List.of(line.split("\t", 2));
            facts.put(cells.get(0), cells.get(1));
        }
        return new Machine(facts);
    }
}
