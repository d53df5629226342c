package dev.pgleader.testing;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.support.PublisherVerificationRules;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/**
 * The rules of Reactive Streams for a publisher, as its compatibility kit (TCK) checks them. The kit is made of TestNG
 * tests; this runs them and says what came of each. Immutable.
 */
public final class PublisherRules {

    /** How many rules the kit has. */
    private static final int ALL = PublisherVerificationRules.class.getMethods().length;

    private final List<ITestResult> kept;
    private final List<ITestResult> broken;
    private final List<ITestResult> unverified;

    private PublisherRules(TestListenerAdapter heard) {
        this.kept = heard.getPassedTests();
        this.broken = new ArrayList<>(heard.getConfigurationFailures());
        broken.addAll(heard.getFailedTests());
        this.unverified = heard.getSkippedTests();
    }

    /**
     * Checks all rules.
     *
     * @param verification makes the publisher; has a public constructor without parameters, through which TestNG makes it
     * @return what came of it
     */
    public static PublisherRules check(Class<? extends FlowPublisherVerification<?>> verification) {
        TestListenerAdapter heard = new TestListenerAdapter();
        TestNG kit = new TestNG(false);
        kit.setVerbose(0);
        kit.setTestClasses(new Class<?>[] {verification});
        kit.addListener(heard);
        kit.run();
        return new PublisherRules(heard);
    }

    /**
     * One test for each rule that could be checked, and one that lists those that could not in its name. That one fails if
     * a required rule is among them, but for those about publishers that fail.
     *
     * @return the tests
     */
    public Stream<DynamicTest> tests() {
        return Stream.concat(
                Stream.concat(kept.stream(), broken.stream())
                        .map(result -> dynamicTest(result.getName(), () -> expectKept(result))),
                Stream.of(dynamicTest("not verified: " + String.join(", ", unverified()), this::expectNothingMissing)));
    }

    /** Not every report shows the names of dynamic tests, so the failure says it as well. */
    private static void expectKept(ITestResult result) {
        if (result.getThrowable() != null) {
            throw new AssertionError(
                    result.getName() + ": " + result.getThrowable().getMessage(), result.getThrowable());
        }
    }

    private void expectNothingMissing() {
        String missing = unverified.stream()
                .filter(PublisherRules::isRequired)
                .map(result -> result.getName() + ": " + result.getThrowable())
                .collect(Collectors.joining("\n"));
        int known = kept.size() + broken.size() + unverified.size();
        if (!missing.isEmpty() || known != ALL) {
            throw new AssertionError(
                    "heard of " + known + " rules of " + ALL + "; required but not checked: " + missing);
        }
    }

    private static boolean isRequired(ITestResult result) {
        Throwable why = result.getThrowable();
        return result.getName().startsWith("required_")
                && (why == null
                        || !PublisherVerification.SKIPPING_NO_ERROR_PUBLISHER_AVAILABLE.equals(why.getMessage()));
    }

    /**
     * The rules that were broken.
     *
     * @return their names in the kit
     */
    public List<String> broken() {
        return names(broken);
    }

    /**
     * The rules that the kit could not check: it cannot, or they are optional and this publisher does not have them.
     *
     * @return their names in the kit
     */
    public List<String> unverified() {
        return names(unverified);
    }

    private static List<String> names(List<ITestResult> results) {
        return results.stream().map(ITestResult::getName).sorted().toList();
    }
}
