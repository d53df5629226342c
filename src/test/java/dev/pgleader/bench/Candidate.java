package dev.pgleader.bench;

import dev.pgleader.Elections;
import dev.pgleader.Leader;
import dev.pgleader.ProcessState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process that stands in elections as it is told on standard input, and tells on standard output what happened. It ends
 * when its input does, so that it cannot outlive who started it.
 */
public final class Candidate {

    private static final String ADDRESS = address(ProcessHandle.current().pid());
    private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Setup setup;
    private final Report report;
    private volatile @Nullable Elections elections;
    private volatile @Nullable Leader leader;
    private volatile @Nullable Duty duty;
    private final Map<String, Leader> crowd = new ConcurrentHashMap<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile long lastBegun;

    private Candidate(Setup setup, Report report) {
        this.setup = setup;
        this.report = report;
    }

    /**
     * Obeys commands until there are no more.
     *
     * @param arguments a {@link Setup}
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Report report = new Report(System.out);
        Candidate candidate = new Candidate(Setup.parse(arguments), report);
        ExecutorService commands = Executors.newCachedThreadPool();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        report.say(Event.Kind.READY, "");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            List<String> words = List.of(line.split(" "));
            commands.execute(() -> candidate.obey(words));
        }
        // Not exit: what the parent's end interrupts is not to be wound up.
        Runtime.getRuntime().halt(0);
    }

    /** Returns where a process says that it serves. */
    static String address(long pid) {
        return "process:" + pid;
    }

    private void obey(List<String> words) {
        try {
            switch (words.get(0)) {
                case "stand" -> stand(words.get(1), Duration.ofMillis(Long.parseLong(words.get(2))));
                case "resign" -> resign();
                case "hand-over" -> handOver(words.get(1));
                case "close" -> close();
                case "watch" -> present(duty).watch();
                case "crowd" -> crowd(words.get(1), Integer.parseInt(words.get(2)));
                case "follow" -> follow(words.get(1), Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3)));
                case "count-begun" -> report.say(Event.Kind.BEGUN, lastBegun, String.valueOf(begun.get()));
                case "count-lost" -> report.say(Event.Kind.LOST, String.valueOf(lost.get()));
                case "resign-in" -> resignIn(words.get(1));
                case "observe" -> observe(words.get(1), Integer.parseInt(words.get(2)));
                case "alone" -> alone();
                case "threads" -> countThreads();
                default -> throw new IllegalArgumentException("unknown command " + words);
            }
        } catch (RuntimeException | InterruptedException failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Stands in one election, with work that goes on until it is cancelled. */
    private void stand(String election, Duration stopping) {
        Elections session = Elections.connect(setup.dataSource(), setup.config());
        Duty work = new Duty(election, stopping, report);
        Leader candidacy = session.run(election, ADDRESS, work);
        elections = session;
        duty = work;
        leader = candidacy;
        while (candidacy.current().isEmpty()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        report.say(Event.Kind.STANDING, election);
    }

    private void resign() {
        Leader candidacy = present(leader);
        report.say(Event.Kind.ASKED, candidacy.election());
        boolean released = candidacy.resign();
        report.say(Event.Kind.DONE, String.valueOf(released));
    }

    private void handOver(String successor) {
        Leader candidacy = present(leader);
        report.say(Event.Kind.ASKED, candidacy.election());
        boolean released = candidacy.handOverTo(successor);
        report.say(Event.Kind.DONE, String.valueOf(released));
    }

    private void close() {
        Elections session = present(elections);
        report.say(Event.Kind.ASKED, "");
        session.close();
        report.say(Event.Kind.DONE, "");
    }

    /** Stands in many elections over one session, with work that returns at once and is over when all has begun. */
    private void crowd(String prefix, int size) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(size);
        report.say(Event.Kind.RUN, prefix);
        Elections session = Elections.connect(setup.dataSource(), setup.config());
        elections = session;
        for (int i = 0; i < size; i++) {
            String election = prefix + i;
            crowd.put(election, session.run(election, ADDRESS, leadership -> {
                leadership.onLoss(why -> lost.incrementAndGet());
                begun.countDown();
            }));
        }
        begun.await();
        report.say(Event.Kind.LED, prefix);
    }

    /** Stands in many elections over each of many sessions, one after the other: each comes when the former knows who leads. */
    private void follow(String prefix, int size, int sessions) {
        for (int session = 0; session < sessions; session++) {
            Elections mine = Elections.connect(setup.dataSource(), setup.config());
            List<Leader> all = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                all.add(mine.run(prefix + i, ADDRESS, leadership -> {
                    lastBegun = System.nanoTime();
                    begun.incrementAndGet();
                    leadership.awaitLoss();
                }));
            }
            for (Leader each : all) {
                while (each.current().isEmpty()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
        report.say(Event.Kind.FOLLOWING, prefix);
    }

    /** Gives up one of many elections. */
    private void resignIn(String election) {
        present(crowd.get(election)).resign();
        report.say(Event.Kind.DONE, election);
    }

    /** Watches many elections, and tells of every leader. */
    private void observe(String prefix, int size) {
        Elections session = Elections.connect(setup.dataSource(), setup.config());
        elections = session;
        for (int i = 0; i < size; i++) {
            String election = prefix + i;
            session.observe(election).onChange(state -> state.leader().ifPresent(leader -> {
                long micros = ChronoUnit.MICROS.between(leader.electedAt(), Instant.now());
                report.say(Event.Kind.SEEN, new Observing.Seen(election, leader.address(), micros).text());
            }));
        }
    }

    /** Stands with a session of its own, as the shortest program would, until it leads. */
    private void alone() {
        report.say(Event.Kind.RUN, "default");
        Leader candidacy = Leader.run(setup.dataSource(), ADDRESS, leadership -> {});
        while (candidacy.state() != ProcessState.LEADING) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        report.say(Event.Kind.LED, "default");
        candidacy.close();
        report.say(Event.Kind.DONE, "default");
    }

    private void countThreads() {
        List<Thread> all = List.copyOf(Thread.getAllStackTraces().keySet());
        long ours = all.stream()
                .filter(thread -> thread.getName().startsWith("pgleader-"))
                .count();
        report.say(Event.Kind.THREADS, all.size() + " " + ours);
    }

    private static <T> T present(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("not standing yet");
        }
        return thing;
    }
}
