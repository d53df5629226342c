package dev.pgleader.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and methods are short, names say something, and nothing in the project points at one machine. */
class TidyTest {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");

    /** Folders that are not part of the project. */
    private static final Set<String> NOT_OURS = Set.of(".git", "target", ".idea", ".vscode", ".settings");

    private static final Pattern MACHINE = Pattern.compile("repo1?[.]maven|central[.]sonatype|oss[.]sonatype"
            + "|(registry|index)[-\\w]*[.]docker|docker[.]io/|ghcr[.]io|quay[.]io|gcr[.]io"
            + "|(?<![\\w.$}/-])/(home|root|Users|work|usr/lib/jvm)/[.\\w]"
            + "|\\b[A-Z]:\\\\\\w");

    @Test
    void mainSources_areShortAndTidy() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path path : javaFiles(MAIN)) {
            SourceFile file = new SourceFile(path.toString(), Files.readString(path));
            faults.addAll(file.faults());
            faults.addAll(file.lengthFaults());
        }

        assertEquals(List.of(), faults);
    }

    @Test
    void testSources_areTidy() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path path : javaFiles(TEST)) {
            faults.addAll(new SourceFile(path.toString(), Files.readString(path)).faults());
        }

        assertEquals(List.of(), faults);
    }

    @Test
    void everyMainPackage_saysWhatItIsFor() throws IOException {
        assertEquals(Set.of(), withoutPackageInfo(javaFiles(MAIN)));
    }

    @Test
    void projectFiles_nameNoMachineAndNoRegistry() throws IOException {
        List<String> faults = new ArrayList<>();
        int read = 0;
        for (Path path : projectFiles(Path.of(""))) {
            // Any byte is a character here, so a binary file does not end the search.
            faults.addAll(machineFaults(path.toString(), Files.readString(path, StandardCharsets.ISO_8859_1)));
            read++;
        }

        assertTrue(read > 10, "only " + read + " files were read");
        assertEquals(List.of(), faults);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class LockManager {}",
                "class SqlHelper {}",
                "final class Util {}",
                "interface TimeUtils {}",
                "record LeaderImpl() {}",
                "class AbstractSession {}",
                "interface ISession {}",
                "class A { void a() { Thread.sl" + "eep(1); } }",
                "class A { @Dis" + "abled void a() {} }",
                "class A { EmbeddedPostgres a; }",
                "class A {} // TO" + "DO",
                "/** FIX" + "ME */ class A {}",
            })
    void untidySource_isFound(String source) {
        assertEquals(1, new SourceFile("A.java", source).faults().size(), source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class Leader {}",
                "interface Implementation {}",
                "interface Id {}",
                "class A { // class LockManager {}\n}",
                "class A { String a = \"class LockManager {}\"; }",
            })
    void tidySource_passes(String source) {
        assertEquals(List.of(), new SourceFile("A.java", source).faults());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "class A { void a() { %s } }",
                "class A { public <T> T a(int b, List<T> c) throws E { %s } }",
                "class A { @Test(a = 1) void a() { if (b) { %s } } }",
                "class A { public A() { %s } }",
                "record A(int b) { A { %s } }",
                "class A { B b() { return new B() { void a() { %s } }; } }",
                "class A { void a() { char c = '{'; String s = \"{\"; String t = \"\"\"\n{\"\"\"; %s } }",
            })
    void methodThatFitsNoScreen_isFound(String source) {
        String fits = source.replace("%s", "a;\n".repeat(58));
        String tooLong = source.replace("%s", "a;\n".repeat(60));

        assertEquals(List.of(), new SourceFile("A.java", fits).lengthFaults(), fits);
        assertFalse(new SourceFile("A.java", tooLong).lengthFaults().isEmpty(), tooLong);
    }

    @Test
    void fileOfThreeHundredLines_isFound() {
        assertEquals(List.of(), new SourceFile("A.java", "class A {}\n" + "\n".repeat(298)).lengthFaults());
        assertEquals(
                List.of("A.java: 300 lines"),
                new SourceFile("A.java", "class A {}\n" + "\n".repeat(299)).lengthFaults());
    }

    @Test
    void packageWithoutPackageInfo_isFound() {
        assertEquals(
                Set.of(Path.of("b", "c")),
                withoutPackageInfo(List.of(
                        Path.of("module-info.java"),
                        Path.of("b", "package-info.java"),
                        Path.of("b", "B.java"),
                        Path.of("b", "c", "C.java"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://repo1" + ".maven.org/maven2",
                "image: ghcr" + ".io/someone/something",
                "docker" + ".io/library/postgres",
                "file=/home" + "/me/notes",
                "cp /root" + "/.m2 .",
                "see (/work" + "/main)",
                "C:" + "\\Users\\me",
            })
    void machineOrRegistry_isFound(String line) {
        assertEquals(1, machineFaults("a.txt", line).size(), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://example.org/work/it", "src/root/it", "10.0.0.7:8080", "postgres:18", "${a}/home/it"})
    void otherAddress_passes(String line) {
        assertEquals(List.of(), machineFaults("a.txt", line));
    }

    private static List<String> machineFaults(String name, String text) {
        Matcher found = MACHINE.matcher(text);
        List<String> faults = new ArrayList<>();
        while (found.find()) {
            faults.add(name + ": " + found.group());
        }
        return faults;
    }

    private static Set<Path> withoutPackageInfo(List<Path> files) {
        Set<Path> without = new TreeSet<>();
        for (Path file : files) {
            Path folder = file.getParent();
            if (folder != null
                    && !file.endsWith("module-info.java")
                    && !files.contains(folder.resolve("package-info.java"))) {
                without.add(folder);
            }
        }
        return without;
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** What a checkout holds. Git is not asked, so that an unpacked source archive can be built too. */
    private static List<Path> projectFiles(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                if (NOT_OURS.contains(entry.getFileName().toString())) {
                    continue;
                }
                if (Files.isDirectory(entry)) {
                    files.addAll(projectFiles(entry));
                } else if (Files.isRegularFile(entry)) {
                    files.add(entry);
                }
            }
        }
        return files;
    }
}
