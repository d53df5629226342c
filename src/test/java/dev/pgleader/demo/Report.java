package dev.pgleader.demo;

/** What a replica tells the demo: one line each on its standard output. */
sealed interface Report {

    /** {@return the report as a line that {@link #parse} reads} */
    String line();

    /** The replica is up. */
    record Serving(String address) implements Report {
        @Override
        public String line() {
            return "serving " + address;
        }
    }

    /** The leader's callback began. Stamps are of {@link System#nanoTime}, which all processes of a Linux machine share. */
    record Began(long term, long nanos) implements Report {
        @Override
        public String line() {
            return "began " + term + " " + nanos;
        }
    }

    /**
     * The leader's callback ended.
     *
     * @param term its term
     * @param heldNanos when {@code isHeld()} was last asked and said yes
     * @param nanos when the callback ended
     */
    record Ended(long term, long heldNanos, long nanos) implements Report {
        @Override
        public String line() {
            return "ended " + term + " " + heldNanos + " " + nanos;
        }
    }

    /** Reads what {@link #line} wrote. */
    static Report parse(String line) {
        String[] words = line.split(" ", -1);
        return switch (words[0]) {
            case "serving" -> new Serving(words[1]);
            case "began" -> new Began(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "ended" -> new Ended(Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
            default -> throw new IllegalArgumentException("not a report: " + line);
        };
    }
}
