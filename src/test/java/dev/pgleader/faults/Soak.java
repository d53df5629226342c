package dev.pgleader.faults;

import dev.pgleader.Takeover;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Random faults for as long as one likes. Ends with 1 if anything was violated. */
public final class Soak {

    private static final int ROUNDS = 5;

    private Soak() {}

    /**
     * Plays faults at random, some rounds of one at a time.
     *
     * @param arguments for how long, such as {@code PT30M}; then, if wanted, the seed of an earlier run
     * @throws Exception if a fault cannot be made
     */
    public static void main(String[] arguments) throws Exception {
        Preflight.require();
        Duration length = Duration.parse(arguments.length > 0 ? arguments[0] : "PT10M");
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("soaking for " + length + " with seed " + seed);
        Random random = new Random(seed);
        List<Fault> faults = Catalogue.chosen(System.getProperty("faults.only", ""));
        Scoreboard scoreboard = new Scoreboard();
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            Takeover takeover = random.nextBoolean() ? Takeover.AFTER_LEASE : Takeover.ON_SESSION_END;
            scoreboard.add(Drill.play(fault, takeover, random.nextLong(), ROUNDS, Plant.NONE));
        }
        scoreboard.publish();
        scoreboard.violations().forEach(System.out::println);
        if (!scoreboard.violations().isEmpty()) {
            System.exit(1);
        }
    }
}
