package dev.pgleader.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What this JVM has left on the machine: processes, namespaces, interfaces, mounts. */
final class Remains {

    private Remains() {}

    /** Returns a sentence for each thing that is left. */
    static List<String> find() throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        ProcessHandle.current().descendants().forEach(process -> {
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
