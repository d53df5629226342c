package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.sql.Connection;
import java.util.List;

/**
 * Somebody sees the database as it was for an hour, so that the server can tidy up nothing of what changes meanwhile: whether
 * heartbeats become slower, and whether anything is lost. The hour is one of heartbeats, which are sent twenty times as often.
 */
final class OldSnapshot implements Scenario {

    private static final int HOUR_OF_BEATS = 3_600;
    private static final int BEATS_PER_SECOND = 20;
    private static final int MOST_TIMES = 3;
    private static final int SETTLING_MS = 3_000;
    private static final int WINDOW_MS = 5_000;

    private final int elections;

    OldSnapshot(int elections) {
        this.elections = elections;
    }

    @Override
    public String name() {
        return "old-snapshot-" + elections;
    }

    @Override
    public List<Figure> measure(Lab lab) throws Exception {
        String role = "old_snapshot_" + elections;
        String follower = role + "_follower";
        lab.server().addRole(role);
        lab.server().addRole(follower);
        CandidateProcess leading = lab.start(lab.setup().as(role).with(Setup.Style.FAST_HEARTBEAT));
        leading.send("crowd", name() + "-", elections);
        leading.await(Event.Kind.LED);
        CandidateProcess following = lab.start(lab.setup().as(follower).with(Setup.Style.FAST_HEARTBEAT));
        following.send("follow", name() + "-", elections, 1);
        following.await(Event.Kind.FOLLOWING);
        Pause.millis(SETTLING_MS);
        Samples before = new Samples();
        before.add(heartbeat(lab, role));
        Samples after = new Samples();
        Samples times = new Samples();
        Samples lost = new Samples();
        int beats = Math.min(HOUR_OF_BEATS, BEATS_PER_SECOND * lab.effort().longSeconds());
        try (Connection snapshot = lab.server().oldSnapshot()) {
            long end = lab.server().heartbeatsOf(role).count() + beats;
            while (lab.server().heartbeatsOf(role).count() < end) {
                Pause.millis(WINDOW_MS / 10);
            }
            after.add(heartbeat(lab, role));
            snapshot.rollback();
        }
        times.add(after.max() / before.max());
        leading.send("count-lost");
        lost.add(Integer.parseInt(leading.await(Event.Kind.LOST).detail()));
        return List.of(
                new Figure(name(), "a heartbeat's statement before, ms", before, List.of()),
                new Figure(name(), "after " + beats + " heartbeats under one snapshot, ms", after, List.of()),
                new Figure(name(), "how many times as long", times, List.of(Figure.atMost(MOST_TIMES))),
                new Figure(name(), "lost", lost, List.of(Figure.atMost(0)))
                        .after(elections > 50 ? "" : "all, after half an hour"));
    }

    private static double heartbeat(Lab lab, String role) throws Exception {
        Server.Heartbeats before = lab.server().heartbeatsOf(role);
        Pause.millis(WINDOW_MS);
        return lab.server().heartbeatsOf(role).meanSince(before);
    }
}
