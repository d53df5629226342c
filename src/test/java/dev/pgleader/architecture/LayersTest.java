package dev.pgleader.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dependencies point one way: postgres, then runtime, then election; the root package may use them all. */
class LayersTest {
    private static final String ROOT = "dev.pgleader";
    private static final String ELECTION = ROOT + ".internal.election";
    private static final String RUNTIME = ROOT + ".internal.runtime";
    private static final String POSTGRES = ROOT + ".internal.postgres";

    /** Each package with those of ours that it may use. A package that is not listed is a fault. */
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            ELECTION, Set.of(),
            RUNTIME, Set.of(ELECTION, ROOT),
            POSTGRES, Set.of(RUNTIME, ELECTION, ROOT),
            ROOT, Set.of(POSTGRES, RUNTIME, ELECTION));

    @Test
    void packages_useOnlyThoseBelow() {
        List<ClassFiles.Dependency> dependencies = new ClassFiles(ClassFiles.MAIN).dependencies();

        assertFalse(dependencies.isEmpty(), "no class files were read");
        assertEquals(List.of(), faults(dependencies));
    }

    @ParameterizedTest
    @CsvSource({
        "dev.pgleader.internal.election, dev.pgleader",
        "dev.pgleader.internal.election, dev.pgleader.internal.runtime",
        "dev.pgleader.internal.election, dev.pgleader.internal.postgres",
        "dev.pgleader.internal.runtime, dev.pgleader.internal.postgres",
        "dev.pgleader.elsewhere, dev.pgleader.internal.election",
        "dev.pgleader.internal.runtime, dev.pgleader.elsewhere",
    })
    void useOfAPackageAbove_isFound(String from, String to, @TempDir Path folder) throws IOException {
        assertEquals(
                List.of(from + ".User -> " + to + ".Used"),
                faults(using(from, to, folder)).stream()
                        .map(ClassFiles.Dependency::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "dev.pgleader.internal.postgres, dev.pgleader.internal.runtime",
        "dev.pgleader.internal.runtime, dev.pgleader.internal.election",
        "dev.pgleader, dev.pgleader.internal.postgres",
    })
    void useOfAPackageBelow_passes(String from, String to, @TempDir Path folder) throws IOException {
        assertEquals(List.of(), faults(using(from, to, folder)));
    }

    private static List<ClassFiles.Dependency> using(String from, String to, Path folder) throws IOException {
        return ClassFiles.compiled(
                        folder,
                        Map.of(
                                from + ".User",
                                "class User { " + to + ".Used it; }",
                                to + ".Used",
                                "public class Used {}"))
                .dependencies();
    }

    private static List<ClassFiles.Dependency> faults(List<ClassFiles.Dependency> dependencies) {
        return dependencies.stream()
                .filter(each -> ours(each.toPackage()) && !each.fromPackage().equals(each.toPackage()))
                .filter(each ->
                        !MAY_USE.getOrDefault(each.fromPackage(), Set.of()).contains(each.toPackage()))
                .toList();
    }

    private static boolean ours(String packageName) {
        return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
    }
}
