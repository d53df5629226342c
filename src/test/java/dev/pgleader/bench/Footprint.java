package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;

/** What a process that has nothing to do costs the server and itself. */
final class Footprint {

    private static final double STATEMENTS_PER_SECOND = 1.2;
    private static final int CONNECTIONS = 2;

    private final String role;
    private final CandidateProcess process;
    private final Samples statements = new Samples();
    private final Samples connections = new Samples();
    private final Samples cpu = new Samples();

    private Footprint(String role, CandidateProcess process) {
        this.role = role;
        this.process = process;
    }

    /** Of a process that is the only one of its role. */
    static Footprint of(String role, CandidateProcess process) {
        return new Footprint(role, process);
    }

    CandidateProcess process() {
        return process;
    }

    /** Looks at processes for as long and as often as the lab's effort says; returns how many lines the server has logged. */
    static Samples look(Lab lab, List<Footprint> all) throws Exception {
        Samples logLines = new Samples();
        for (int i = 0; i < lab.effort().windows(); i++) {
            look(lab, all, logLines);
        }
        return logLines;
    }

    private static void look(Lab lab, List<Footprint> all, Samples logLines) throws Exception {
        List<Long> statements = new ArrayList<>();
        List<Long> cpuMillis = new ArrayList<>();
        int lines = lab.server().logLines().size();
        long began = System.nanoTime();
        for (Footprint each : all) {
            statements.add(lab.server().statementsOf(each.role));
            cpuMillis.add(each.process.cpu().toMillis());
        }
        Pause.millis(lab.effort().windowSeconds() * 1000L);
        for (int i = 0; i < all.size(); i++) {
            Footprint each = all.get(i);
            long ran = lab.server().statementsOf(each.role) - statements.get(i);
            double seconds = (System.nanoTime() - began) / 1e9;
            each.statements.add(ran / seconds);
            each.connections.add(lab.server().connectionsOf(each.role));
            each.cpu.add((each.process.cpu().toMillis() - cpuMillis.get(i)) / seconds);
        }
        logLines.add(lab.server().logLines().size() - lines);
    }

    List<Figure> figures(String scenario) throws Exception {
        process.send("threads");
        String[] counts = process.await(Event.Kind.THREADS).detail().split(" ", -1);
        Samples all = new Samples();
        all.add(Integer.parseInt(counts[0]));
        Samples ours = new Samples();
        ours.add(Integer.parseInt(counts[1]));
        return List.of(
                new Figure(
                                scenario,
                                role + ": statements per second",
                                statements,
                                List.of(Figure.atMost(STATEMENTS_PER_SECOND)))
                        .after("1.0"),
                new Figure(scenario, role + ": connections", connections, List.of(Figure.atMost(CONNECTIONS))),
                new Figure(scenario, role + ": processor ms per second", cpu, List.of()),
                new Figure(scenario, role + ": threads of the process", all, List.of()),
                new Figure(scenario, role + ": threads of the library", ours, List.of()));
    }
}
