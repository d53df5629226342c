package dev.pgleader.peers.scenario;

import dev.pgleader.peers.Series;
import dev.pgleader.peers.candidate.Event;
import dev.pgleader.peers.candidate.Event.Kind;
import dev.pgleader.peers.machine.CandidateProcess;
import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.result.Case;
import dev.pgleader.peers.result.Measure;
import dev.pgleader.peers.result.Results;
import java.time.Duration;
import java.util.Optional;

/** Two candidates of one system in an election of their own, one of whom leads. Used by one thread at a time. */
final class Pair {

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Lab lab;
    private final Series series;
    private final Duration stopping;
    private final Roles roles;
    private String election;
    private CandidateProcess leader;
    private CandidateProcess follower;

    private Pair(Lab lab, Series series, String election, Duration stopping, Roles roles) {
        this.lab = lab;
        this.series = series;
        this.election = election;
        this.stopping = stopping;
        this.roles = roles;
    }

    /** Who the two are to a server, which may tell them apart. */
    private record Roles(String leading, String following) {}

    /**
     * A hand-over as its two processes have told it.
     *
     * @param asked the call that gave the leadership up
     * @param end the end of the old leader's work
     * @param begin the begin of the next leader's work
     * @param moved whether that is the other process, rather than the old leader again
     */
    record Story(Event asked, Event end, Event begin, boolean moved) {

        private double gapMs() {
            return Math.max(0, begin.millisSince(end.nanos()));
        }

        private double callMs() {
            return begin.millisSince(asked.nanos());
        }

        private double overlapMs() {
            return Math.max(0, end.millisSince(begin.nanos()));
        }

        /** Adds what was measured. Where the old leader was elected again there was no hand-over to measure. */
        void addTo(Results results, Case scenario, Series series) {
            results.add(scenario, series, Measure.RETURNED, moved ? 0 : 1);
            if (moved) {
                results.add(scenario, series, Measure.GAP, gapMs());
                results.add(scenario, series, Measure.CALL, callMs());
                results.add(scenario, series, Measure.OVERLAP, overlapMs());
            }
        }
    }

    /** Starts two candidates, and waits until one leads and the other takes part. */
    static Pair start(Lab lab, Series series, String election, Duration stopping) throws Exception {
        Pair pair = new Pair(lab, series, election, stopping, new Roles(Lab.CANDIDATE, Lab.CANDIDATE));
        pair.start();
        return pair;
    }

    /** Starts two candidates with roles of their own, by which a server counts what each of them asks of it. */
    static Pair startApart(Lab lab, Series series, String election) throws Exception {
        Pair pair = new Pair(lab, series, election, Duration.ZERO, new Roles(Lab.LEADING, Lab.FOLLOWING));
        pair.start();
        return pair;
    }

    private void start() throws Exception {
        leader = lab.start(series, roles.leading());
        leader.stand(election, stopping);
        leader.await(Kind.BEGIN);
        follower = lab.start(series, roles.following());
        follower.stand(election, stopping);
        follower.await(Kind.STANDING);
    }

    Series series() {
        return series;
    }

    CandidateProcess leader() {
        return leader;
    }

    CandidateProcess follower() {
        return follower;
    }

    /** Lets the leader resign, and waits until there is one again. */
    Story handOver() throws Exception {
        leader.resign();
        Event asked = leader.await(Kind.ASKED);
        Event end = leader.await(Kind.END);
        long patience = System.nanoTime() + CandidateProcess.PATIENCE.toNanos();
        while (System.nanoTime() - patience < 0) {
            Optional<Event> begin = follower.poll(Kind.BEGIN, LOOK);
            if (begin.isPresent()) {
                CandidateProcess old = leader;
                leader = follower;
                follower = old;
                return new Story(asked, end, begin.get(), true);
            }
            begin = leader.poll(Kind.BEGIN, Duration.ZERO);
            if (begin.isPresent()) {
                return new Story(asked, end, begin.get(), false);
            }
        }
        throw new IllegalStateException("nobody leads " + election + " after a hand-over: " + series);
    }

    /** Kills the leader, waits until the other one leads, and puts a new process in the place of the dead one. */
    double kill() throws Exception {
        long killed = leader.kill();
        double millis = follower.await(Kind.BEGIN).millisSince(killed);
        leader = follower;
        follower = lab.start(series, roles.following());
        follower.stand(election, stopping);
        follower.await(Kind.STANDING);
        return millis;
    }

    /**
     * Tells whether the leadership has moved without having been asked to, as it may on a busy machine, and notes the answer. If it
     * has, two new processes take the places of these in another election.
     */
    void renewIfLost(Results results, Case scenario) throws Exception {
        boolean lost = leader.hasUnread(Kind.BEGIN)
                || leader.hasUnread(Kind.END)
                || follower.hasUnread(Kind.BEGIN)
                || follower.hasUnread(Kind.END);
        results.add(scenario, series, Measure.LOST, lost ? 1 : 0);
        if (lost) {
            leader.close();
            follower.close();
            election += "-again";
            start();
        }
    }
}
