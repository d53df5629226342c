package dev.pgleader.bench;

import dev.pgleader.testing.Pause;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Two processes that stand in one election: the one that leads and the one that follows, perhaps with another that stands by. For one thread. */
final class Pair {

    /** Time for a new follower to hear announcements, which it need not do yet when it first knows the leader. */
    private static final long SETTLING_MS = 1000;

    private final String election;
    private final Duration stopping;
    private CandidateProcess leader;
    private CandidateProcess follower;
    private Optional<CandidateProcess> bystander = Optional.empty();

    private Pair(String election, Duration stopping, CandidateProcess leader, CandidateProcess follower) {
        this.election = election;
        this.stopping = stopping;
        this.leader = leader;
        this.follower = follower;
    }

    /**
     * Has the first of two new processes lead.
     *
     * @param stopping how long the work goes on after it was cancelled
     */
    static Pair of(CandidateProcess leader, CandidateProcess follower, String election, Duration stopping)
            throws IOException, InterruptedException {
        Pair pair = new Pair(election, stopping, leader, follower);
        pair.stand(leader);
        leader.await(Event.Kind.BEGIN);
        pair.stand(follower);
        Pause.millis(SETTLING_MS);
        return pair;
    }

    /** Has a third one stand, who is not to be elected. */
    void addBystander(CandidateProcess third) throws IOException, InterruptedException {
        stand(third);
        bystander = Optional.of(third);
        Pause.millis(SETTLING_MS);
    }

    private void stand(CandidateProcess candidate) throws IOException, InterruptedException {
        candidate.send("stand", election, stopping.toMillis());
        candidate.await(Event.Kind.STANDING);
    }

    String election() {
        return election;
    }

    CandidateProcess leader() {
        return leader;
    }

    CandidateProcess follower() {
        return follower;
    }

    /** The follower leads now, and the former leader follows. */
    void swap() {
        CandidateProcess former = leader;
        leader = follower;
        follower = former;
    }

    /** The follower leads now, and the former leader, which had closed, stands anew. */
    void swapAndStandAnew() throws IOException, InterruptedException {
        swap();
        stand(follower);
    }

    /** The follower leads now, and a new process follows it. */
    void replaceLeader(CandidateProcess newcomer) throws IOException, InterruptedException {
        leader = follower;
        follower = newcomer;
        stand(newcomer);
        Pause.millis(SETTLING_MS);
    }

    /** Makes sure that nobody was elected but those who were waited for. */
    void requireNoSurprise() {
        boolean bystanderLed =
                bystander.filter(third -> third.hasUnread(Event.Kind.BEGIN)).isPresent();
        if (bystanderLed || leader.hasUnread(Event.Kind.BEGIN) || follower.hasUnread(Event.Kind.BEGIN)) {
            throw new IllegalStateException("somebody was elected out of turn in '" + election + "'");
        }
    }
}
