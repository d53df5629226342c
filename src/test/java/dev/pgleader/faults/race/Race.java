package dev.pgleader.faults.race;

import dev.pgleader.faults.race.Kind.Trouble;
import dev.pgleader.testing.mutation.MutatedClasses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Runs a race, for as long as one likes. The arguments are its length in seconds, its {@linkplain Kind kind} or {@code all} of
 * them, each for so long, the seed of its random choices, and the name of a {@linkplain Planted planted} fault or {@code none}. The
 * machine's threads take part in the choices, so that a seed does not replay a race; it gives another one.
 */
public final class Race {

    /** Enough for all elections to change hands all the time, and for each racer to be late now and then. */
    private static final int RACERS = 8;

    /** A busy machine takes its time to promote a standby. */
    private static final Duration TO_FINISH = Duration.ofSeconds(90);

    /** The server is started by classes that are the same for sound racers and others. */
    private static final Set<String> SHARED = Set.of("dev.pgleader.testing");

    private Race() {}

    /** Runs the program; ends with a status of 1 if something was found. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            throw new IllegalArgumentException(
                    "seconds, kind or 'all', seed, and the name of a planted fault or 'none'");
        }
        int seconds = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[2]);
        boolean found = false;
        for (Kind kind : kinds(arguments[1])) {
            List<String> findings = arguments[3].equals("none")
                    ? run(kind.name(), seconds, seed, false)
                    : runWith(Planted.named(arguments[3]), kind, seconds, seed);
            findings.forEach(System.out::println);
            found |= findings.size() > 1;
        }
        System.exit(found ? 1 : 0);
    }

    private static List<Kind> kinds(String name) {
        return name.equals("all") ? List.of(Kind.values()) : List.of(Kind.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    /** Runs a race with a planted fault until it is found; returns what {@link #run} does. */
    @SuppressWarnings("unchecked")
    static List<String> runWith(Planted planted, Kind kind, int seconds, long seed) throws Exception {
        try (MutatedClasses mutated = MutatedClasses.sharing(SHARED, planted.mutations())) {
            return mutated.call(Race.class.getName(), "run", List.class, kind.name(), seconds, seed, true);
        }
    }

    /** Runs one race; returns a line that says what happened in it, and then whatever was found. */
    static List<String> run(String kind, int seconds, long seed, boolean endsAtFirstFinding)
            throws IOException, InterruptedException {
        Duration length = Duration.ofSeconds(seconds);
        try (Track track = Track.lay(Kind.valueOf(kind), length, endsAtFirstFinding)) {
            if (track.kind.has(Trouble.ELECTION_EDITS) || track.kind.has(Trouble.SESSION_EDITS)) {
                track.database.execute(Edits.ATTIC);
            }
            List<Thread> threads = new ArrayList<>(Mischief.of(track, seed));
            for (int number = 0; number < RACERS; number++) {
                threads.add(new Racer(number, track, seed));
            }
            threads.forEach(Thread::start);
            long end = System.nanoTime() + length.plus(TO_FINISH).toNanos();
            for (Thread thread : threads) {
                thread.join(
                        Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis()));
                if (thread.isAlive()) {
                    track.judge.object(thread.getName() + " does not end: " + List.of(thread.getStackTrace()));
                }
            }
            List<String> report = new ArrayList<>();
            report.add(kind + ", seed " + seed + ", " + track.seconds() + " s, " + track.tally);
            report.addAll(track.judge.violations());
            return report;
        }
    }
}
