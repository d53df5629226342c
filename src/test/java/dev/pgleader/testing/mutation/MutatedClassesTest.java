package dev.pgleader.testing.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.Schema;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults are planted where they should be, and all classes of ours run with them. */
class MutatedClassesTest {

    private static final String HERE = "src/test/java/dev/pgleader/testing/mutation/";
    private static final String READER = "dev.pgleader.testing.mutation.SpecimenReader";
    private static final String SCRIPT_FOLDER = "db/migration/pgleader";
    private static final String SCRIPT = SCRIPT_FOLDER + "/V1__elections.pgsql";

    private static final List<String> SOUND = List.of("copied by the compiler", "asked the class", "asked the part");

    private static final Mutation COPIED =
            new Mutation("constant", HERE + "Specimen.java", "\"copied by the compiler\"", "\"exchanged\"");

    @Test
    void noMutation_classesAreTheSoundOnesOnceMore() throws Exception {
        try (MutatedClasses same = MutatedClasses.with()) {
            assertNotSame(SpecimenReader.class, same.loader().loadClass(READER));
            assertSame(Test.class, same.loader().loadClass(Test.class.getName()));
            assertEquals(SOUND, same.call(READER, List.class));
        }
    }

    @Test
    void constant_exchanged_isSeenByTheClassesThatHadCopiedIt() throws Exception {
        try (MutatedClasses mutated = MutatedClasses.with(COPIED)) {
            assertEquals("exchanged", mutated.call(READER, List.class).get(0));
        }
        assertEquals(SOUND, new SpecimenReader().call());
    }

    @Test
    void constant_exchanged_isSeenByThoseWhoHaveItFromAnHeir() throws Exception {
        try (MutatedClasses mutated = MutatedClasses.with(COPIED)) {
            assertEquals(
                    "exchanged",
                    mutated.call("dev.pgleader.testing.mutation.SpecimenOnlooker", "copied", String.class));
        }
    }

    @Test
    void severalMutations_ofOneFile_areAllPlanted() throws Exception {
        Mutation method = new Mutation("method", HERE + "Specimen.java", "\"asked the class\"", "\"refused\"");
        Mutation nested = new Mutation("nested", HERE + "Specimen.java", "asked the part", "unheard");

        try (MutatedClasses mutated = MutatedClasses.with(COPIED, method, nested)) {
            assertEquals(List.of("exchanged", "refused", "unheard"), mutated.call(READER, List.class));
        }
    }

    @Test
    void mainClass_exchanged_isSeenByOthers() throws Exception {
        Mutation schemaName = new Mutation(
                "schema",
                "src/main/java/dev/pgleader/Schema.java",
                "DEFAULT_NAME = \"pgleader\"",
                "DEFAULT_NAME = \"x\"");

        try (MutatedClasses mutated = MutatedClasses.with(schemaName)) {
            String script = (String) mutated.loader()
                    .loadClass("dev.pgleader.Schema")
                    .getMethod("script")
                    .invoke(null);
            assertTrue(script.contains("create schema if not exists \"x\";"), script);
        }
    }

    @Test
    void resource_exchanged_isServedInsteadOfTheSoundOne() throws Exception {
        Mutation exchanged = new Mutation("version", "src/main/resources/" + SCRIPT, "as 'select 1'", "as 'select 49'");
        Path onDisk;

        try (MutatedClasses mutated = MutatedClasses.with(exchanged)) {
            ClassLoader loader = mutated.loader();
            assertTrue(text(loader.getResource(SCRIPT)).contains("select 49"));
            assertEquals(1, Collections.list(loader.getResources(SCRIPT)).size());
            onDisk = Path.of(loader.getResource(SCRIPT_FOLDER).toURI());
            assertEquals(List.of(onDisk.toUri().toURL()), Collections.list(loader.getResources(SCRIPT_FOLDER)));
            assertTrue(mutated.call("dev.pgleader.testing.mutation.MutatedClassesTest", "script", String.class)
                    .contains("select 49"));
            assertTrue(Collections.list(loader.getResources("db/migration/V1__app.sql"))
                            .size()
                    == 1);
        }
        assertFalse(Files.exists(onDisk), "left on disk: " + onDisk);
    }

    static String script() {
        return Schema.script();
    }

    private static String text(URL url) throws IOException {
        try (var content = url.openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not to be found there", "String"})
    void staleOriginal_isAFailure(String original) {
        Mutation stale = new Mutation("old", HERE + "Specimen.java", original, "other");

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> MutatedClasses.with(stale));

        assertTrue(failure.toString().contains("the list of mutations is stale: 'old'"), failure::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {HERE + "Gone.java", "src/main/resources/gone.pgsql"})
    void staleFile_isAFailure(String file) {
        Mutation stale = new Mutation("old", file, "original", "other");

        IllegalStateException failure = assertThrows(IllegalStateException.class, () -> MutatedClasses.with(stale));

        assertTrue(failure.toString().contains("the list of mutations is stale"), failure::toString);
    }

    @Test
    void mutantThatDoesNotCompile_isAFailure() {
        Mutation broken = new Mutation("broken", HERE + "Specimen.java", "static String asked", "static int asked");

        assertThrows(IllegalArgumentException.class, () -> MutatedClasses.with(broken));
    }

    @Test
    void mutationThatChangesNothing_orIsElsewhere_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Mutation("same", HERE + "Specimen.java", "a", "a"));
        assertThrows(IllegalArgumentException.class, () -> new Mutation("elsewhere", "pom.xml", "a", "b"));
    }

    @Test
    void sharedPackage_isTheSameForBothSides_andMayNotBeMutated() throws Exception {
        Set<String> here = Set.of("dev.pgleader.testing.mutation");

        try (MutatedClasses shared = MutatedClasses.sharing(here, List.of())) {
            assertSame(SpecimenReader.class, shared.loader().loadClass(READER));
        }
        assertThrows(IllegalArgumentException.class, () -> MutatedClasses.sharing(here, List.of(COPIED)));
    }

    @Test
    void call_passesArgumentsResultsAndFailures() throws Exception {
        try (MutatedClasses same = MutatedClasses.with()) {
            assertEquals("said so", same.call(READER, "own", String.class, " so"));
            assertThrows(IOException.class, () -> same.call(READER, "failing", String.class, false));
            assertThrows(AssertionError.class, () -> same.call(READER, "failing", String.class, true));
            assertThrows(IllegalArgumentException.class, () -> same.call(READER, "ours", Object.class));
            assertThrows(IllegalArgumentException.class, () -> same.call(READER, "absent", Object.class));
        }
    }

    @Test
    void call_hasTheMutatedClassesAsItsContext_andEndsWithTheFormer() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        try (MutatedClasses same = MutatedClasses.with()) {
            assertEquals("mutated", same.call(READER, "contextLoader", String.class));
        }

        assertSame(before, Thread.currentThread().getContextClassLoader());
    }
}
