package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;

/**
 * One process leads, another follows, and nothing happens: what that costs the server and the processes, with one election
 * and with many.
 */
final class Idle implements Scenario {

    private static final String LEADING = "leaders";
    private static final String FOLLOWING = "followers";
    private static final int SETTLING_MS = 8000;
    private static final int STATEMENTS_PER_SECOND = 2;
    private static final int CONNECTIONS = 2;

    private final int elections;
    private final Samples logLines = new Samples();

    /** Makes the case for so many elections. */
    Idle(int elections) {
        this.elections = elections;
    }

    /** A process, with what is known of it. */
    private record Watched(
            String role, CandidateProcess process, Samples statements, Samples connections, Samples cpu) {

        static Watched of(String role, CandidateProcess process) {
            return new Watched(role, process, new Samples(), new Samples(), new Samples());
        }
    }

    @Override
    public String name() {
        return "idle-" + elections;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        Watched leading = Watched.of(LEADING, lab.start(lab.setup().as(LEADING)));
        leading.process().send("crowd", name() + "-", elections);
        leading.process().await(Event.Kind.LED);
        Watched following = Watched.of(FOLLOWING, lab.start(lab.setup().as(FOLLOWING)));
        following.process().send("crowd", name() + "-", elections);
        Pause.millis(SETTLING_MS);
        for (int i = 0; i < lab.effort().windows(); i++) {
            look(lab, leading, following);
        }
        List<Figure> figures = new ArrayList<>();
        for (Watched watched : List.of(leading, following)) {
            figures.addAll(figuresOf(watched));
            figures.addAll(threadsOf(watched));
        }
        figures.add(new Figure(name(), "lines in the server's log", logLines, List.of(Figure.atMost(0))));
        return figures;
    }

    private void look(Lab lab, Watched... processes) throws Exception {
        List<Long> statements = new ArrayList<>();
        List<Long> cpuMillis = new ArrayList<>();
        int lines = lab.server().logLines().size();
        long began = System.nanoTime();
        for (Watched watched : processes) {
            statements.add(lab.server().statementsOf(watched.role()));
            cpuMillis.add(watched.process().cpu().toMillis());
        }
        Pause.millis(lab.effort().windowSeconds() * 1000L);
        for (int i = 0; i < processes.length; i++) {
            Watched watched = processes[i];
            long ran = lab.server().statementsOf(watched.role()) - statements.get(i);
            double seconds = (System.nanoTime() - began) / 1e9;
            watched.statements().add(ran / seconds);
            watched.connections().add(lab.server().connectionsOf(watched.role()));
            watched.cpu().add((watched.process().cpu().toMillis() - cpuMillis.get(i)) / seconds);
        }
        logLines.add(lab.server().logLines().size() - lines);
    }

    private List<Figure> figuresOf(Watched watched) {
        String role = watched.role();
        return List.of(
                new Figure(
                        name(),
                        role + ": statements per second",
                        watched.statements(),
                        List.of(Figure.atMost(STATEMENTS_PER_SECOND))),
                new Figure(name(), role + ": connections", watched.connections(), List.of(Figure.atMost(CONNECTIONS))),
                new Figure(name(), role + ": processor ms per second", watched.cpu(), List.of()));
    }

    private List<Figure> threadsOf(Watched watched) throws Exception {
        watched.process().send("threads");
        String[] counts = watched.process().await(Event.Kind.THREADS).detail().split(" ", -1);
        Samples all = new Samples();
        all.add(Integer.parseInt(counts[0]));
        Samples ours = new Samples();
        ours.add(Integer.parseInt(counts[1]));
        return List.of(
                new Figure(name(), watched.role() + ": threads of the process", all, List.of()),
                new Figure(name(), watched.role() + ": threads of the library", ours, List.of()));
    }
}
