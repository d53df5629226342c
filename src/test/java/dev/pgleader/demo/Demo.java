package dev.pgleader.demo;

import dev.pgleader.ElectionConfig;
import dev.pgleader.demo.Reigns.Reign;
import dev.pgleader.testing.ChildJvm;
import dev.pgleader.testing.Freeze;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Shows in half a minute what the library does: a PostgreSQL, three replicas of a service that forward requests to their
 * leader, and leaders that resign, one that is killed and one that is frozen. Prints a time line and a verdict on each promise. A
 * time that was missed is named. The demo fails, with a sentence, if a promise was broken: something happened that must never
 * happen, or a time was so long that no busy machine explains it.
 */
public final class Demo {

    private static final Duration AFTER_RESIGNING = Duration.ofMillis(15);
    private static final Duration AFTER_CRASH =
            ElectionConfig.defaults().leaseDuration().plusMillis(250);
    private static final Duration MARGIN = Duration.ofMillis(500);
    private static final Duration SMALL_MARGIN = Duration.ofMillis(185);

    /** The most that the demo waits for anything, promised or not. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The same at the start, when a busy machine loads the classes of three JVMs and of the schema's migration at once. */
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);

    /** Two for each replica: in the first its JVM is still loading classes. */
    private static final int RESIGNATIONS = 6;

    /**
     * So many answers make a bit more than a second. Who has resigned lets others go first for two seconds, so that with
     * three replicas there is always one that may lead.
     */
    private static final int A_WHILE = 130;

    private final TimeLine timeLine = new TimeLine();
    private final Promises promises = new Promises();
    private final Reigns reigns = new Reigns();
    private final Cluster cluster = new Cluster(reigns);

    private Demo() {}

    /** Runs the demo; returns if no promise was broken. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new Demo().run();
    }

    private void run() throws IOException, InterruptedException {
        timeLine.introduction(
                """
                Three replicas of a service elect a leader. The leader answers requests, the others forward to it.
                Every %d ms a request is sent, to the replicas in turn. It is answered by a leader, or refused while
                there is none, or lost when its replica dies. A leader's term is its fencing token.
                Times are promised for a machine that does nothing else and JVMs that are warm, so they may be missed
                here, which is said. This demo fails if two lead at the same time, if a leader answers that has a
                successor, or if a time is above the limit that is printed with it."""
                        .formatted(Requests.INTERVAL.toMillis()));
        try (cluster) {
            Reign first = start();
            Reign last;
            try (Requests requests = new Requests(cluster.inService(), reigns)) {
                finish(requests.newPhase());
                Reign second = resignInTurn(requests, first);
                Reign third = kill(requests, second);
                last = freeze(requests, third);
                requests.stop();
            }
            end(last);
            judge();
        }
        timeLine.chapter("Verdict");
        promises.lines().forEach(timeLine::more);
        timeLine.now(promises.conclusion());
    }

    private Reign start() throws IOException, InterruptedException {
        timeLine.chapter("Start");
        cluster.startDatabase();
        timeLine.now("PostgreSQL is up");
        for (String name : List.of("A", "B", "C")) {
            ReplicaProcess replica = cluster.start(name);
            timeLine.now(name + " is started, process " + replica.pid());
        }
        Reign first = reigns.awaitAfter(0, PATIENCE_AT_START);
        leads(first);
        for (ReplicaProcess replica : cluster.inService()) {
            replica.awaitUp();
        }
        timeLine.now("all three serve");
        return first;
    }

    private void leads(Reign reign) {
        timeLine.at(reign.beganNanos(), reign.replica() + " leads, term " + reign.term());
    }

    private Reign resignInTurn(Requests requests, Reign first) throws InterruptedException {
        timeLine.chapter("1. The leader resigns, and so do the next ones");
        Tally tally = requests.newPhase();
        List<Double> gapsMs = new ArrayList<>();
        Reign leader = first;
        for (int i = 0; i < RESIGNATIONS; i++) {
            timeLine.now(leader.replica() + " is asked to resign");
            requests.resign(cluster.replicaOf(leader));
            long stopped = reigns.awaitEnd(leader, PATIENCE).nanos();
            Reign next = reigns.awaitAfter(leader.term(), PATIENCE);
            double gapMs = (next.beganNanos() - stopped) / 1e6;
            timeLine.at(stopped, leader.replica() + "'s work has stopped");
            timeLine.at(
                    next.beganNanos(),
                    String.format(Locale.ROOT, "%s leads, term %d, %.1f ms later", next.replica(), next.term(), gapMs));
            gapsMs.add(gapMs);
            tally.awaitAnswers(A_WHILE, PATIENCE);
            leader = next;
        }
        timeLine.more(promises.time("resign", gapsMs, AFTER_RESIGNING, SMALL_MARGIN));
        double shortestMs = Collections.min(gapsMs);
        promises.require(
                "work stops before the next leader's begins",
                shortestMs >= 0,
                String.format(Locale.ROOT, "%.1f ms before at the least", shortestMs));
        timeLine.now("requests: " + tally);
        return leader;
    }

    private Reign kill(Requests requests, Reign old) throws IOException, InterruptedException {
        timeLine.chapter("2. The leader is killed (kill -9)");
        Tally tally = requests.newPhase();
        ReplicaProcess killed = cluster.replicaOf(old);
        long killedNanos = System.nanoTime();
        killed.kill();
        timeLine.at(killedNanos, old.replica() + " is killed");
        Reign next = awaitSuccessor("kill -9", killedNanos, old);
        finish(tally);
        ReplicaProcess replacement = cluster.replace(killed, "D");
        timeLine.now("D serves in place of " + old.replica() + ", process " + replacement.pid());
        return next;
    }

    private Reign freeze(Requests requests, Reign old) throws IOException, InterruptedException {
        timeLine.chapter("3. The leader is frozen past its lease (SIGSTOP), then thawed (SIGCONT)");
        Tally tally = requests.newPhase();
        long frozenNanos = System.nanoTime();
        Reign next;
        try (Freeze freeze = Freeze.of(cluster.replicaOf(old).pid())) {
            timeLine.at(frozenNanos, old.replica() + " is frozen");
            next = awaitSuccessor("freeze", frozenNanos, old);
            tally.awaitAnswers(A_WHILE, PATIENCE);
            requests.newPhase();
            timeLine.now(old.replica() + " is thawed; " + tally.pending() + " requests are waiting in it");
            freeze.thaw();
        }
        long stopped = reigns.awaitEnd(old, PATIENCE).nanos();
        timeLine.at(stopped, old.replica() + " has seen that it does not lead any more, and its work has stopped");
        tally.awaitSettled(PATIENCE);
        timeLine.now("requests: " + tally);
        finish(requests.newPhase());
        timeLine.more(old.replica() + " gave " + reigns.staleAnswers() + " stale answers");
        return next;
    }

    private Reign awaitSuccessor(String event, long sinceNanos, Reign old) throws InterruptedException {
        Reign next = reigns.awaitAfter(old.term(), PATIENCE);
        leads(next);
        double gapMs = (next.beganNanos() - sinceNanos) / 1e6;
        timeLine.more(promises.time(event, List.of(gapMs), AFTER_CRASH, MARGIN));
        return next;
    }

    private void finish(Tally tally) throws InterruptedException {
        tally.awaitAnswers(A_WHILE, PATIENCE);
        timeLine.now("requests: " + tally);
    }

    private void end(Reign last) {
        timeLine.chapter("End");
        List<String> forced = cluster.endReplicas(last);
        promises.require(
                "replicas close their candidacies and end by themselves within " + ChildJvm.TO_END.toSeconds() + " s",
                forced.isEmpty(),
                forced.isEmpty() ? "all did" : "not " + String.join(", ", forced));
        timeLine.now("the replicas have ended, the leader last");
    }

    private void judge() {
        int caused = 1 + RESIGNATIONS + 2;
        int count = reigns.count();
        promises.require(
                "no leader comes or goes without a reason",
                count == caused,
                count + " leaders for " + caused + " reasons");
        List<String> overlaps = reigns.overlaps();
        promises.require(
                "no two leaders at the same time",
                overlaps.isEmpty(),
                overlaps.isEmpty() ? "never" : overlaps.get(0) + ", the first of " + overlaps.size() + " overlaps");
        long stale = reigns.staleAnswers();
        promises.require(
                "no answer of a leader that had a successor already",
                stale == 0,
                stale + " of " + reigns.answerCount() + " answers");
    }
}
