package dev.pgleader.testing.mutation;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests of ours, run with mutated classes until the first one fails. For one thread. */
final class Trial implements TestExecutionListener {

    private static final String ERROR_IN_SQL = "42";
    private static final String NO_RIGHTS = "42501";

    private final CancellationToken end = CancellationToken.create();
    private final List<String> passed = new ArrayList<>();
    private @Nullable String failedTest;
    private @Nullable Throwable failure;

    private Trial() {}

    /**
     * Runs tests.
     *
     * @param mutated the classes to take them from
     * @param tests each the full name of a class, or that and a method's, {@code dev.pgleader.SomeTest#method}, or one
     *     invocation of it as JUnit numbers them: {@code dev.pgleader.SomeTest#method[4]}
     * @throws IllegalArgumentException if there is no such test
     */
    static Trial of(MutatedClasses mutated, List<String> tests) throws Exception {
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (String test : tests) {
            selectors.addAll(selectors(mutated.loader(), test));
        }
        Trial trial = new Trial();
        mutated.inside(() -> {
            LauncherFactory.create()
                    .execute(LauncherExecutionRequestBuilder.request(LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectors)
                                    .build())
                            .cancellationToken(trial.end)
                            .listeners(trial)
                            .build());
            return true;
        });
        return trial;
    }

    private static List<? extends DiscoverySelector> selectors(ClassLoader loader, String test) throws Exception {
        int hash = test.indexOf('#');
        if (hash < 0) {
            return List.of(DiscoverySelectors.selectClass(loader.loadClass(test)));
        }
        Class<?> type = loader.loadClass(test.substring(0, hash));
        int bracket = test.indexOf('[');
        String name = test.substring(hash + 1, bracket < 0 ? test.length() : bracket);
        var methods = ReflectionSupport.findMethods(
                type, method -> method.getName().equals(name), HierarchyTraversalMode.TOP_DOWN);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("there is no test " + test);
        }
        return methods.stream()
                .map(method -> DiscoverySelectors.selectMethod(type, method))
                .map(method -> bracket < 0 ? method : DiscoverySelectors.selectIteration(method, invocation(test)))
                .toList();
    }

    /** Counted from zero. */
    private static int invocation(String test) {
        return Integer.parseInt(test.substring(test.indexOf('[') + 1, test.indexOf(']'))) - 1;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED && failure == null) {
            failedTest = test.getDisplayName();
            failure = result.getThrowable().orElseGet(() -> new AssertionError("failed without a reason"));
            end.cancel();
        } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed.add(test.getDisplayName());
        }
    }

    /** Returns the tests that passed before one failed. */
    List<String> passed() {
        return passed;
    }

    /** Returns which test failed, and with what. */
    Optional<String> failure() {
        return failure == null ? Optional.empty() : Optional.of(failedTest + ": " + failure);
    }

    /** Returns what shows that a mutant's classes do not fit together, so that no test was needed to notice it. */
    Optional<IncompatibleClassChangeError> misfit() {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IncompatibleClassChangeError misfit) {
                return Optional.of(misfit);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns what shows that a mutant's SQL cannot be run at all, so that no test was needed to notice it. What has caused an
     * error does not show it: where a transaction was left open, the next statement names what it was left open by.
     */
    Optional<SQLException> errorInSql() {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof SQLException)) {
            cause = cause.getCause();
        }
        return cause instanceof SQLException sql
                        && String.valueOf(sql.getSQLState()).startsWith(ERROR_IN_SQL)
                        && !NO_RIGHTS.equals(sql.getSQLState())
                ? Optional.of(sql)
                : Optional.empty();
    }
}
