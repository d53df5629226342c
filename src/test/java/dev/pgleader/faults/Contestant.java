package dev.pgleader.faults;

import dev.pgleader.testing.ChildJvm;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link Candidate} process as the one that started it sees it. One thread at a time. */
final class Contestant implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Candidate.Arguments arguments;
    private final Route route;
    private final Ledger ledger;
    private final ChildJvm jvm;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final Set<Integer> candidates = new ConcurrentSkipListSet<>();
    private int unanswered;

    private Contestant(Candidate.Arguments arguments, Route route, Path log) throws IOException {
        this.arguments = arguments;
        this.route = route;
        this.ledger = Ledger.open(arguments.ledger());
        this.jvm = ChildJvm.start(
                new ChildJvm.Launch(
                        arguments.name(),
                        Candidate.class,
                        route.entering(),
                        List.of(
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Dorg.slf4j.simpleLogger.log.dev.pgleader=info"),
                        ProcessBuilder.Redirect.appendTo(log.toFile())),
                answers::add,
                List.of(arguments.words()));
    }

    static Contestant start(Candidate.Arguments arguments, Route route, Path log) throws IOException {
        return new Contestant(arguments, route, log);
    }

    String name() {
        return arguments.name();
    }

    Route route() {
        return route;
    }

    Ledger ledger() {
        return ledger;
    }

    long pid() {
        return jvm.pid();
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    /** Returns the numbers of those of its candidates that stand. */
    Set<Integer> candidates() {
        return candidates;
    }

    /** Has one more candidate stand; does not wait for it. */
    void stand(int number) throws IOException {
        candidates.add(number);
        tell("stand " + number);
    }

    /** Has a candidate close; does not wait for it. */
    void close(int number) throws IOException {
        candidates.remove(number);
        tell("close " + number);
    }

    private void tell(String command) throws IOException {
        jvm.send(command);
        unanswered++;
    }

    /** Waits until all commands have been carried out. */
    void awaitAnswers() throws InterruptedException {
        for (; unanswered > 0; unanswered--) {
            if (answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null) {
                throw new AssertionError(name() + " did not answer within " + PATIENCE + "; alive: " + isAlive());
            }
        }
    }

    /** Waits until every candidate of it has begun to lead or to follow. */
    void awaitReady() throws InterruptedException {
        awaitAnswers();
        long asked = System.nanoTime();
        Waiting.until(PATIENCE, () -> ledger.lastReady() > asked, () -> this + " is not ready");
    }

    void kill() throws InterruptedException {
        jvm.kill();
    }

    /** Lets it close its candidacies and end, without waiting. */
    void letGo() {
        jvm.letGo();
    }

    @Override
    public void close() {
        jvm.close();
    }

    @Override
    public String toString() {
        long quiet = (System.nanoTime() - ledger.lastReady()) / 1_000_000;
        String ready = ledger.lastReady() == 0 ? "never all ready" : "all ready " + quiet + " ms ago";
        return name() + (isAlive() ? "" : " (gone)") + " with " + candidates.size() + " candidates, " + ready;
    }
}
