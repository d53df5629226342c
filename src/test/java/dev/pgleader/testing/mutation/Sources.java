package dev.pgleader.testing.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java sources of the project, some of them with faults in them. For one thread at a time. */
final class Sources {

    /** A constant that others may have copied, or an interface, whose constants look like any variable. */
    private static final Pattern COPIED = Pattern.compile("(?m)^(?!.*\\bprivate\\b).*\\bstatic final"
            + " (String|boolean|byte|short|char|int|long|float|double)\\b|\\binterface\\b");

    private final Map<Path, String> texts = new HashMap<>();
    private final Set<Path> patched = new HashSet<>();

    private Sources() {}

    static Sources read() throws IOException {
        Sources sources = new Sources();
        for (Mutation.Root root : List.of(Mutation.Root.MAIN_SOURCES, Mutation.Root.TEST_SOURCES)) {
            try (Stream<Path> files = Files.walk(root.folder())) {
                for (Path file : (Iterable<Path>) files.filter(Sources::isClass)::iterator) {
                    sources.texts.put(file, Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static boolean isClass(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.endsWith("-info.java");
    }

    void plant(Mutation mutation) {
        String text = texts.get(mutation.path());
        if (text == null) {
            throw new IllegalStateException("the list of mutations is stale: there is no " + mutation.file());
        }
        texts.put(mutation.path(), mutation.appliedTo(text));
        patched.add(mutation.path());
    }

    /**
     * Returns the sources that have to be compiled anew, with their texts: those with faults in them and, since a
     * compiler copies constants that are not private, those that name a type in a file with such constants or one that
     * inherits from it.
     */
    Map<Path, String> affected() {
        Map<Path, String> affected = new HashMap<>();
        patched.forEach(file -> affected.put(file, textOf(file)));
        Deque<String> names = new ArrayDeque<>();
        patched.stream().filter(file -> COPIED.matcher(textOf(file)).find()).forEach(file -> names.add(typeIn(file)));
        Set<String> known = new HashSet<>(names);
        while (!names.isEmpty()) {
            String name = names.remove();
            for (Path heir : addThoseThatName(name, affected)) {
                if (known.add(typeIn(heir))) {
                    names.add(typeIn(heir));
                }
            }
        }
        return affected;
    }

    /** Adds them and returns the ones among them whose types inherit from the named one. */
    private List<Path> addThoseThatName(String name, Map<Path, String> affected) {
        Pattern word = Pattern.compile("\\b" + name + "\\b");
        Pattern inheritance = Pattern.compile("\\b(extends|implements)\\b[^{;]*\\b" + name + "\\b");
        List<Path> heirs = new ArrayList<>();
        texts.forEach((file, text) -> {
            if (word.matcher(text).find()) {
                affected.put(file, text);
                if (inheritance.matcher(text).find()) {
                    heirs.add(file);
                }
            }
        });
        return heirs;
    }

    private String textOf(Path file) {
        return texts.getOrDefault(file, "");
    }

    private static String typeIn(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }
}
