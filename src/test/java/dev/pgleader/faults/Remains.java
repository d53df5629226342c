package dev.pgleader.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this JVM leaves on the machine from some moment on: processes, namespaces, interfaces, mounts. Immutable. */
final class Remains {

    /** The processes that were there before, such as the server that other tests of this JVM share. */
    private final Set<ProcessHandle> before;

    private Remains(Set<ProcessHandle> before) {
        this.before = before;
    }

    /** Counts from this moment on. */
    static Remains fromNow() {
        return new Remains(ProcessHandle.current().children().collect(Collectors.toSet()));
    }

    /** Returns a sentence for each thing that is left. */
    List<String> find() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        Stream<ProcessHandle> since = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child))
                .flatMap(child -> Stream.concat(Stream.of(child), child.descendants()));
        since.forEach(process -> {
            Optional<String> command = process.info().commandLine();
            command.filter(line -> line.contains(Candidate.class.getName()) || line.contains("postgres"))
                    .ifPresent(line -> found.add("process " + process.pid() + ": " + line));
        });
        String mine = ProcessHandle.current().pid() + "n";
        addLines(found, "namespace", "pgleader-" + mine, Command.run("ip", "netns", "list"));
        addLines(found, "interface", "pgl" + mine, Command.run("ip", "-o", "link"));
        addLines(found, "mount", "pgleader-disk", Command.run("mount"));
        return found;
    }

    private static void addLines(List<String> found, String kind, String word, String text) {
        text.lines().filter(line -> line.contains(word)).forEach(line -> found.add(kind + ": " + line));
    }
}
