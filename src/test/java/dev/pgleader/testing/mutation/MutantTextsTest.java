package dev.pgleader.testing.mutation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the lists of mutants look for stands in its file, once: told at once, and not after minutes on a server. */
class MutantTextsTest {

    private static final int NEWEST = 18;

    static Stream<Mutant> mutants() {
        return Stream.of(
                        SessionMutants.all(),
                        SurroundingsMutants.all(NEWEST),
                        TakingMutants.all(),
                        FenceMutants.all(NEWEST),
                        SuccessionMutants.all(),
                        SchemaMutants.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void text_standsOnceInItsFile_andSoDoTheTests(Mutant mutant) throws Exception {
        for (Mutation mutation : mutant.mutations()) {
            String text = Files.readString(mutation.path());
            assertDoesNotThrow(() -> mutation.appliedTo(text));
        }
        for (String test : mutant.tests()) {
            assertEquals(List.of(), missing(test));
        }
    }

    /** Returns the test if there is none of that name. */
    private static List<String> missing(String selected) throws ClassNotFoundException {
        String test = selected.replaceAll("\\[\\d+]$", "");
        int hash = test.indexOf('#');
        Class<?> type = Class.forName(hash < 0 ? test : test.substring(0, hash));
        boolean isThere = hash < 0
                || Stream.concat(Stream.of(type.getMethods()), Stream.of(type.getDeclaredMethods()))
                        .anyMatch(method -> method.getName().equals(test.substring(hash + 1)));
        return isThere ? List.of() : List.of(test);
    }
}
