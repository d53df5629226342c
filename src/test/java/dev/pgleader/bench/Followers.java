package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One process leads 1,000 elections, and many sessions follow in all of them, as the processes of a large service would: what that
 * costs while nothing happens, and what it costs when the leader is killed. The sessions share a few JVMs, and those share the
 * processors with the server: with more than some fifty the followers themselves are the bottleneck of a small machine.
 */
final class Followers implements Scenario {

    private static final String LEADING = "crash_leader";
    private static final String FOLLOWING = "crash_followers";
    private static final int ELECTIONS = 1_000;
    private static final int JVMS = 4;
    private static final int SETTLING_MS = 20_000;
    private static final int LOOK_MS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final int sessions;

    Followers(int sessions) {
        this.sessions = sessions;
    }

    @Override
    public String name() {
        return "followers-" + sessions;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        lab.server().addRole(LEADING);
        lab.server().addRole(FOLLOWING);
        CandidateProcess leading = lab.start(lab.setup().as(LEADING));
        leading.send("crowd", name() + "-", ELECTIONS);
        leading.await(Event.Kind.LED);
        List<CandidateProcess> following = new ArrayList<>();
        Samples joining = new Samples();
        long began = System.nanoTime();
        for (int i = 0; i < JVMS; i++) {
            CandidateProcess each = lab.start(lab.setup().as(FOLLOWING));
            each.send("follow", name() + "-", ELECTIONS, sessions / JVMS);
            following.add(each);
        }
        for (CandidateProcess each : following) {
            joining.add(each.await(Event.Kind.FOLLOWING).millisSince(began) / 1e3);
        }
        Pause.millis(SETTLING_MS);
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure(name(), "until all follow, s", joining, List.of()));
        figures.addAll(idle(lab, leading, following));
        figures.addAll(crash(lab, leading, following));
        return figures;
    }

    private List<Figure> idle(Lab lab, CandidateProcess leading, List<CandidateProcess> following) throws Exception {
        Samples server = new Samples();
        Samples processes = new Samples();
        Samples statements = new Samples();
        for (int i = 0; i < lab.effort().windows(); i++) {
            double serverBefore = lab.server().cpuSeconds();
            double processesBefore = cpuSeconds(following);
            long statementsBefore = lab.server().statementsOf(FOLLOWING);
            long began = System.nanoTime();
            Pause.millis(lab.effort().windowSeconds() * 1000L);
            double passed = (System.nanoTime() - began) / 1e9;
            server.add((lab.server().cpuSeconds() - serverBefore) / passed);
            processes.add((cpuSeconds(following) - processesBefore) / passed);
            statements.add((lab.server().statementsOf(FOLLOWING) - statementsBefore) / passed / sessions);
        }
        leading.send("count-lost");
        Samples lost = new Samples();
        lost.add(Integer.parseInt(leading.await(Event.Kind.LOST).detail()));
        return List.of(
                new Figure(name(), "idle: cores of the server", server, List.of()),
                new Figure(name(), "idle: cores of all followers", processes, List.of()),
                new Figure(name(), "idle: statements per second and session", statements, List.of()),
                new Figure(name(), "lost while nothing happened", lost, List.of(Figure.atMost(0))));
    }

    private List<Figure> crash(Lab lab, CandidateProcess leading, List<CandidateProcess> following) throws Exception {
        Samples vacant = new Samples();
        Samples begins = new Samples();
        Samples server = new Samples();
        Samples processes = new Samples();
        int begunBefore = begun(following).count();
        double serverBefore = lab.server().cpuSeconds();
        double processesBefore = cpuSeconds(following);
        long killed = leading.kill();
        Begun now = begun(following);
        while (now.count() - begunBefore < ELECTIONS && System.nanoTime() - killed < PATIENCE.toNanos()) {
            Pause.millis(LOOK_MS);
            now = begun(following);
        }
        vacant.add((now.lastNanos() - killed) / 1e9);
        server.add(lab.server().cpuSeconds() - serverBefore);
        processes.add(cpuSeconds(following) - processesBefore);
        Pause.millis(SETTLING_MS);
        begins.add(begun(following).count() - begunBefore);
        return List.of(
                new Figure(name(), "crash: until all elections are led, s", vacant, List.of()),
                new Figure(name(), "crash: processor seconds of the server until then", server, List.of()),
                new Figure(name(), "crash: processor seconds of all followers until then", processes, List.of()),
                new Figure(name(), "crash: leaderships that began", begins, List.of(Figure.atMost(ELECTIONS))));
    }

    private static double cpuSeconds(List<CandidateProcess> all) {
        return all.stream().mapToLong(each -> each.cpu().toMillis()).sum() / 1e3;
    }

    /** How many leaderships have begun, and when the last one did. */
    private record Begun(int count, long lastNanos) {}

    private static Begun begun(List<CandidateProcess> all) throws Exception {
        int count = 0;
        long last = 0;
        for (CandidateProcess each : all) {
            each.send("count-begun");
            Event event = each.await(Event.Kind.BEGUN);
            count += Integer.parseInt(event.detail());
            last = Math.max(last, event.nanos());
        }
        return new Begun(count, last);
    }
}
