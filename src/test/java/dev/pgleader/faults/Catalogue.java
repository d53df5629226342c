package dev.pgleader.faults;

import java.util.List;
import java.util.stream.Stream;

/** Every fault there is. */
final class Catalogue {

    private Catalogue() {}

    static List<Fault> all() {
        return Stream.<Fault[]>of(
                        ProcessFault.values(),
                        SessionFault.values(),
                        ServerFault.values(),
                        NetworkFault.values(),
                        ProxyFault.values(),
                        PoolerFault.values(),
                        ClockFault.values(),
                        ShortageFault.values(),
                        PromotionFault.values(),
                        CrowdFault.values())
                .flatMap(Stream::of)
                .toList();
    }

    /** Returns those whose title contains one of some words separated by commas; all if there are none. */
    static List<Fault> chosen(String only) {
        List<String> words = Stream.of(only.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        List<Fault> chosen = all().stream()
                .filter(fault -> words.isEmpty()
                        || words.stream().anyMatch(word -> fault.title().contains(word)))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no fault is called '" + only + "'; there are "
                    + all().stream().map(Fault::title).toList());
        }
        return chosen;
    }
}
