package dev.pgleader.peers.scenario;

import dev.pgleader.peers.Backend;
import dev.pgleader.peers.Series;
import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.machine.PostgresServer;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** One process leads, another follows, and nothing happens: what that costs the server and the processes. */
public final class Idle implements Scenario {

    private static final List<Series> SERIES = List.of(Series.PGLEADER, Series.CURATOR_SELECTOR, Series.SPRING);
    private static final int SETTLING_MS = 8000;

    /** What has been used up so far, by what it is. */
    private record Meter(Map<Measure, Double> used, long nanos) {}

    @Override
    public void measure(Lab lab, Effort effort, Results results) throws Exception {
        List<Callable<Pair>> starts = new ArrayList<>();
        for (Series series : SERIES) {
            starts.add(() -> Pair.startApart(lab, series, Case.IDLE.word()));
        }
        List<Pair> pairs = AtOnce.all(SERIES.size(), starts);
        lab.postgresOf(Backend.PGLEADER).checkpoint();
        lab.postgresOf(Backend.SPRING).checkpoint();
        Pauses.millis(SETTLING_MS);
        for (int window = 0; window < effort.windows(); window++) {
            List<Meter> before = new ArrayList<>();
            for (Pair pair : pairs) {
                before.add(read(lab, pair));
            }
            Pauses.millis(effort.windowSeconds() * 1000L);
            for (int i = 0; i < pairs.size(); i++) {
                Meter after = read(lab, pairs.get(i));
                add(pairs.get(i).series(), before.get(i), after, results);
            }
        }
        for (Pair pair : pairs) {
            pair.renewIfLost(results, Case.IDLE);
        }
    }

    private static void add(Series series, Meter before, Meter after, Results results) {
        double seconds = (after.nanos() - before.nanos()) / 1e9;
        after.used().forEach((measure, used) -> {
            double spent = (used - before.used().get(measure)) / seconds;
            results.add(Case.IDLE, series, measure, spent);
        });
    }

    private static Meter read(Lab lab, Pair pair) throws Exception {
        Map<Measure, Double> used = new EnumMap<>(Measure.class);
        used.put(Measure.LEADER_CPU, millis(pair.leader().cpu()));
        used.put(Measure.FOLLOWER_CPU, millis(pair.follower().cpu()));
        if (pair.series().backend() == Backend.ZOOKEEPER) {
            used.put(Measure.PACKETS, (double) lab.zooKeeper().packetsReceived());
        } else {
            PostgresServer server = lab.postgresOf(pair.series().backend());
            used.put(Measure.LEADER_STATEMENTS, (double) server.statements(Lab.LEADING));
            used.put(Measure.FOLLOWER_STATEMENTS, (double) server.statements(Lab.FOLLOWING));
            used.put(Measure.LEADER_ERRORS, (double) server.errors(Lab.LEADING));
            used.put(Measure.FOLLOWER_ERRORS, (double) server.errors(Lab.FOLLOWING));
            used.put(Measure.WAL, (double) server.walBytes());
        }
        return new Meter(used, System.nanoTime());
    }

    private static double millis(Duration length) {
        return length.toNanos() / 1e6;
    }
}
