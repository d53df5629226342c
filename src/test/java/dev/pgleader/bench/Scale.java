package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * One process takes one, 1,000 and 100,000 vacant elections over one session, and leads them for a while: how long the taking lasts,
 * what a heartbeat costs, how much the server writes, and whether anything is lost.
 */
final class Scale implements Scenario {

    private static final int THOUSAND = 1_000;
    private static final int HUNDRED_THOUSAND = 100_000;
    private static final int SETTLING_MS = 8_000;
    private static final double MOST_WAL = 1.5;
    private static final double MOST_WAL_OF_ALL = 2;
    private static final double MOST_TIME = 2;
    private static final int MOST_MS_OF_ALL = 5;
    private static final int TAKING_MS = 400;
    private static final int TAKING_ALL_MS = 20_000;

    /** What so many elections cost. */
    private record Cost(Samples taking, Samples heartbeat, Samples wal, Samples locks, Samples lost, int seconds) {}

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        int seconds = lab.effort().windows() * lab.effort().windowSeconds();
        Cost one = measure(lab, 1, seconds);
        Cost thousand = measure(lab, THOUSAND, seconds);
        Cost all = measure(lab, HUNDRED_THOUSAND, lab.effort().longSeconds());
        List<Figure> figures = new ArrayList<>();
        figures.addAll(figures(1, one));
        figures.addAll(figures(THOUSAND, thousand));
        figures.addAll(figures(HUNDRED_THOUSAND, all));
        figures.add(figure("1,000 take, ms", thousand.taking, TAKING_MS).after("500 to 900"));
        figures.add(figure("100,000 take, ms", all.taking, TAKING_ALL_MS).after("impossible"));
        figures.add(new Figure(
                        name(),
                        "a heartbeat of 100,000, ms",
                        all.heartbeat,
                        List.of(new Figure.Limit(99, MOST_MS_OF_ALL)))
                .after("impossible"));
        figures.add(figure("a heartbeat of 1,000, times one's", ratio(thousand.heartbeat, one.heartbeat), MOST_TIME)
                .after("850"));
        figures.add(figure("written for 1,000, times one's", ratio(thousand.wal, one.wal), MOST_WAL)
                .after("700"));
        figures.add(figure("written for 100,000, times one's", ratio(all.wal, one.wal), MOST_WAL_OF_ALL)
                .after("impossible"));
        return figures;
    }

    private Figure figure(String what, Samples samples, double most) {
        return new Figure(name(), what, samples, List.of(Figure.atMost(most)));
    }

    private static Samples ratio(Samples one, Samples other) {
        Samples ratio = new Samples();
        ratio.add(one.percentile(50) / other.percentile(50));
        return ratio;
    }

    private List<Figure> figures(int elections, Cost cost) {
        String led = " (" + elections + " led)";
        return List.of(
                new Figure(name(), "first run to last begin, ms" + led, cost.taking, List.of()),
                new Figure(name(), "a heartbeat's statement, ms" + led, cost.heartbeat, List.of()),
                new Figure(name(), "written by the server, kB per second" + led, cost.wal, List.of()),
                figure("advisory locks" + led, cost.locks, 1).after("one per election"),
                figure("lost in " + cost.seconds + " s" + led, cost.lost, 0)
                        .after(elections > THOUSAND ? "5,000: 16,639 in 30 s" : ""));
    }

    private Cost measure(Lab lab, int elections, int seconds) throws Exception {
        String role = "scale_" + elections;
        lab.server().addRole(role);
        Cost cost = new Cost(new Samples(), new Samples(), new Samples(), new Samples(), new Samples(), seconds);
        lab.calm().await();
        CandidateProcess leading = lab.start(lab.setup().as(role));
        leading.send("crowd", name() + "-" + elections + "-", elections);
        Event run = leading.await(Event.Kind.RUN);
        cost.taking.add(leading.await(Event.Kind.LED).millisSince(run.nanos()));
        Pause.millis(SETTLING_MS);
        lab.server().execute("checkpoint");
        int window = lab.effort().windowSeconds();
        for (int i = 0; i < seconds / window; i++) {
            look(lab, role, window, cost);
        }
        leading.send("count-lost");
        cost.lost.add(Integer.parseInt(leading.await(Event.Kind.LOST).detail()));
        leading.close();
        return cost;
    }

    private static void look(Lab lab, String role, int seconds, Cost cost) throws Exception {
        long walBefore = lab.server().walBytes();
        long began = System.nanoTime();
        for (int second = 0; second < seconds; second++) {
            Server.Heartbeats before = lab.server().heartbeatsOf(role);
            Pause.millis(THOUSAND);
            Server.Heartbeats after = lab.server().heartbeatsOf(role);
            if (after.count() > before.count()) {
                cost.heartbeat.add(after.meanSince(before));
            }
        }
        double passed = (System.nanoTime() - began) / 1e9;
        cost.wal.add((lab.server().walBytes() - walBefore) / passed / THOUSAND);
        cost.locks.add(lab.server().advisoryLocksOf(role));
    }
}
