package dev.pgleader.architecture;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A folder of class files, read with the JDK's own tools: what they depend on, and what they call. */
final class ClassFiles {
    static final Path MAIN = Path.of("target", "classes", "dev");

    private static final Pattern DEPENDENCY = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)");
    private static final Pattern CALL =
            Pattern.compile("= (?:Interface)?Methodref\\s.*//\\s+([\\w/$]+)\\.\"?([\\w<>$]+)\"?:");

    private final Path folder;

    ClassFiles(Path folder) {
        this.folder = folder;
    }

    /** One class of ours that needs another class. */
    record Dependency(String from, String to) {
        String fromPackage() {
            return packageOf(from);
        }

        String toPackage() {
            return packageOf(to);
        }

        private static String packageOf(String name) {
            return name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }

        @Override
        public String toString() {
            return from + " -> " + to;
        }
    }

    List<Dependency> dependencies() {
        return run("jdeps", List.of("-v", folder.toString()))
                .lines()
                .map(DEPENDENCY::matcher)
                .filter(Matcher::find)
                .map(found -> new Dependency(found.group(1), found.group(2)))
                .toList();
    }

    /** Every method that is called or referred to, as {@code java.time.Instant.now}. */
    SortedSet<String> calls() throws IOException {
        List<String> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.map(Path::toString)
                    .filter(name -> name.endsWith(".class"))
                    .toList();
        }
        SortedSet<String> calls = new TreeSet<>();
        for (String file : files) {
            run("javap", List.of("-v", "-p", file))
                    .lines()
                    .map(CALL::matcher)
                    .filter(Matcher::find)
                    .forEach(found -> calls.add(found.group(1).replace('/', '.') + "." + found.group(2)));
        }
        return calls;
    }

    /** Compiles sources, given by class name, so that a rule can be shown a fault. */
    static ClassFiles compiled(Path folder, Map<String, String> sources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        TreeSet<String> arguments = new TreeSet<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.resolveSibling("."));
            String packageName = source.getKey().substring(0, source.getKey().lastIndexOf('.'));
            Files.writeString(file, "package " + packageName + ";\n" + source.getValue());
            arguments.add(file.toString());
        }
        run(
                "javac",
                Stream.concat(Stream.of("-d", classes.toString()), arguments.stream())
                        .toList());
        return new ClassFiles(classes);
    }

    private static String run(String tool, List<String> arguments) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int status = ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalStateException(tool + " " + arguments + " failed:\n" + output);
        }
        return output.toString();
    }
}
