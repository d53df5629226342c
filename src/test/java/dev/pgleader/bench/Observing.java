package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * One process watches 1,000 elections that another leads, with a role that may only read: what that costs while nothing
 * happens, and how soon it hears of a change, announced or not.
 *
 * <p>An announced change is an election that the leader gives up and a third process takes: counted from the database's stamp
 * of the taking, shortly before its commit, until the listener is called. One that is not announced is an address that is
 * changed in the table behind everybody's back: counted from the answer to the commit.
 */
final class Observing implements Scenario {

    private static final String WATCHING = "observers";
    private static final int SIZE = 1000;
    private static final int CHANGES = 200;
    private static final int CHANGES_PER_CALM = 20;
    private static final int SETTLING_MS = 8000;
    private static final int BETWEEN_CHANGES_MS = 25;
    private static final int ANNOUNCED_MS = 20;

    /** The default retry interval with the most that jitter adds, and the time for one look. */
    private static final int SILENT_MS = 2_400 + 20;

    @Override
    public String name() {
        return "observe-" + SIZE;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        String prefix = name() + "-";
        CandidateProcess leading = lab.start(lab.setup());
        leading.send("crowd", prefix, SIZE);
        leading.await(Event.Kind.LED);
        Footprint watching = Footprint.of(WATCHING, lab.start(lab.setup().as(WATCHING)));
        watching.process().send("observe", prefix, SIZE);
        for (int i = 0; i < SIZE; i++) {
            watching.process().await(Event.Kind.SEEN);
        }
        CandidateProcess following = lab.start(lab.setup());
        following.send("crowd", prefix, SIZE);
        Pause.millis(SETTLING_MS);
        Samples logLines = Footprint.look(lab, List.of(watching));
        List<Figure> figures = new ArrayList<>(watching.figures(name()));
        figures.add(new Figure(name(), "lines in the server's log", logLines, List.of(Figure.atMost(0))));
        figures.add(new Figure(
                name(),
                "announced: taking to listener, ms",
                announced(lab, prefix, leading, following, watching.process()),
                List.of(new Figure.Limit(99, ANNOUNCED_MS))));
        figures.add(new Figure(
                name(),
                "not announced: commit to listener, ms",
                silent(lab, prefix, watching.process()),
                List.of(Figure.atMost(SILENT_MS))));
        return figures;
    }

    private static Samples announced(
            Lab lab, String prefix, CandidateProcess leading, CandidateProcess following, CandidateProcess watching)
            throws Exception {
        Samples samples = new Samples();
        for (int i = 0; i < CHANGES; i++) {
            if (i % CHANGES_PER_CALM == 0) {
                lab.calm().await();
            }
            leading.send("resign-in", prefix + i);
            Seen seen = firstOf(watching, prefix + i, following.address());
            samples.add(seen.micros() / 1e3);
            leading.await(Event.Kind.DONE);
        }
        return samples;
    }

    private static Samples silent(Lab lab, String prefix, CandidateProcess watching) throws Exception {
        List<Long> committed = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            String election = prefix + (SIZE - 1 - i);
            lab.server().execute("update pgleader.election set address = 'moved' where name = '" + election + "'");
            committed.add(System.nanoTime());
            Pause.millis(BETWEEN_CHANGES_MS);
        }
        Samples samples = new Samples();
        for (int i = 0; i < CHANGES; i++) {
            Event event = watching.await(Event.Kind.SEEN);
            Seen seen = Seen.parse(event.detail());
            while (!seen.address().equals("moved")) {
                event = watching.await(Event.Kind.SEEN);
                seen = Seen.parse(event.detail());
            }
            int changed = SIZE - 1 - Integer.parseInt(seen.election().substring(prefix.length()));
            samples.add(event.millisSince(committed.get(changed)));
        }
        return samples;
    }

    private static Seen firstOf(CandidateProcess watching, String election, String address)
            throws InterruptedException {
        Seen seen = Seen.parse(watching.await(Event.Kind.SEEN).detail());
        while (!seen.election().equals(election) || !seen.address().equals(address)) {
            seen = Seen.parse(watching.await(Event.Kind.SEEN).detail());
        }
        return seen;
    }

    /**
     * A leader that an observer was told of.
     *
     * @param election where it leads
     * @param address where it serves
     * @param micros how long before it was elected
     */
    record Seen(String election, String address, long micros) {

        String text() {
            return election + " " + address + " " + micros;
        }

        static Seen parse(String text) {
            String[] words = text.split(" ", -1);
            return new Seen(words[0], words[1], Long.parseLong(words[2]));
        }
    }
}
