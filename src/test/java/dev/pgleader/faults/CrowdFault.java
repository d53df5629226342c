package dev.pgleader.faults;

import dev.pgleader.Takeover;
import dev.pgleader.testing.Pause;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Fifty candidates that come and go at random, the leader among them, and once in a round a process with ten is killed. */
enum CrowdFault implements Fault {
    /** The only one. */
    CROWD;

    private static final int PROCESSES = 5;
    private static final int CANDIDATES = 10;
    private static final int EVENTS = 40;
    private static final int LONGEST_PAUSE_MS = 800;

    @Override
    public String title() {
        return "50 candidates in 5 processes come, go and are killed";
    }

    @Override
    public Setup setup() {
        return new Setup(Route.Kind.DIRECT, Ground.Plain::lay, PROCESSES, CANDIDATES, Integer.MAX_VALUE);
    }

    @Override
    public Bound bound(Takeover takeover) {
        return Bound.lease();
    }

    @Override
    public void strike(Round round) throws Exception {
        Random random = round.random();
        int killAt = random.nextInt(EVENTS);
        for (int event = 0; event < EVENTS; event++) {
            if (event == killAt) {
                round.victim().kill();
            }
            List<Contestant> alive = new ArrayList<>(round.scene().contestants().stream()
                    .filter(Contestant::isAlive)
                    .toList());
            Contestant one = random.nextBoolean() ? round.scene().leader() : alive.get(random.nextInt(alive.size()));
            if (one.isAlive() && !one.candidates().isEmpty()) {
                replaceOne(round, one);
            }
            Pause.millis(random.nextInt(LONGEST_PAUSE_MS));
        }
        for (Contestant contestant : round.scene().contestants()) {
            if (contestant.isAlive()) {
                contestant.awaitAnswers();
            }
        }
    }

    /** Half of the time it is the one that leads, if it is one of these. */
    private static void replaceOne(Round round, Contestant contestant) throws Exception {
        List<Integer> candidates = List.copyOf(contestant.candidates());
        int leaving = round.scene()
                .current()
                .map(Reign::candidate)
                .filter(leader -> candidates.contains(leader) && round.random().nextBoolean())
                .orElseGet(() -> candidates.get(round.random().nextInt(candidates.size())));
        contestant.close(leaving);
        contestant.stand(round.scene().nextCandidate());
    }
}
