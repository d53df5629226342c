package dev.pgleader.testing.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.pgleader.testing.PostgresServer;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault in the SQL that we could think of is noticed by the tests of the SQL. No tool plants these: to it a statement
 * is a string. A fault that no test notices needs a test, or a reason to be left out.
 */
class SqlMutantsTest {

    /** Which mutants to try: a part of their names or of the file they are in; by default all. */
    private static final String WANTED = System.getProperty("mutants", "");

    /** The server that all tests use is not started once more. */
    private static final Set<String> SHARED = Set.of("dev.pgleader.testing");

    static Stream<Mutant> mutants() {
        int version = PostgresServer.shared().majorVersion();
        return Stream.of(
                        SessionMutants.all(),
                        SurroundingsMutants.all(version),
                        TakingMutants.all(),
                        FenceMutants.all(version),
                        SuccessionMutants.all(),
                        SchemaMutants.all())
                .flatMap(List::stream)
                .filter(mutant -> mutant.concerns(WANTED));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void mutant_isNoticed(Mutant mutant) throws Exception {
        Trial trial = run(mutant.mutations(), mutant.tests(), mutant.isInTheSchema());

        Optional<String> failure = trial.failure();
        assertTrue(failure.isPresent(), () -> "'" + mutant + "' lives on; these saw nothing: " + trial.passed());
        trial.errorInSql().ifPresent(error -> fail("'" + mutant + "' is no SQL", error));
        trial.misfit().ifPresent(error -> fail("'" + mutant + "' changes what others call", error));
    }

    @Test
    void withoutAnyFault_allOfTheseTestsPass() throws Exception {
        for (boolean inTheSchema : List.of(false, true)) {
            Set<String> tests = new TreeSet<>();
            mutants()
                    .filter(mutant -> mutant.isInTheSchema() == inTheSchema)
                    .forEach(mutant -> tests.addAll(mutant.tests()));

            Trial trial = run(List.of(), List.copyOf(tests), inTheSchema);

            assertEquals(Optional.empty(), trial.failure());
            assertTrue(trial.passed().size() >= tests.size(), () -> "only these were run: " + trial.passed());
        }
    }

    @Test
    void mutants_haveNamesOfTheirOwn() {
        List<String> names = mutants().map(Mutant::name).toList();

        assertEquals(names.size(), Set.copyOf(names).size(), names::toString);
    }

    private static Trial run(List<Mutation> mutations, List<String> tests, boolean throughTheSchema) throws Exception {
        try (MutatedClasses mutated = MutatedClasses.sharing(SHARED, mutations)) {
            if (!throughTheSchema) {
                return Trial.of(mutated, tests);
            }
            Method migrate = mutated.loader().loadClass("dev.pgleader.Schema").getMethod("migrate", DataSource.class);
            return PostgresServer.migratedBy(database -> migrate(migrate, database), () -> Trial.of(mutated, tests));
        }
    }

    private static void migrate(Method migrate, DataSource database) {
        try {
            migrate.invoke(null, database);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a mutant's schema cannot be made", e);
        }
    }
}
