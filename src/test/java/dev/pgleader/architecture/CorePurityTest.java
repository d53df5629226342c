package dev.pgleader.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The core decides; it has no clock, thread, SQL or logger of its own. */
class CorePurityTest {
    private static final String CORE = "dev.pgleader.internal.election";

    private static final Set<String> PACKAGES = Set.of(
            CORE,
            "java.lang",
            "java.lang.annotation",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.time",
            "java.time.temporal",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "org.jspecify.annotations");

    /** Classes of those packages that hold a clock, a thread, chance or the outside world. */
    private static final Pattern CLASSES = Pattern.compile("java[.]lang[.](System|Thread\\w*|InheritableThreadLocal"
            + "|Runtime|Process\\w*|ClassLoader|ScopedValue)([$].*)?"
            + "|java[.]time[.](Clock|InstantSource)"
            + "|java[.]util[.](Timer\\w*|Random|SplittableRandom|Scanner|ServiceLoader)([$].*)?");

    private static final Pattern CALLS = Pattern.compile("java[.]time[.]\\w+[.]now"
            + "|java[.]util[.]UUID[.]randomUUID"
            + "|java[.]lang[.]Math[.]random"
            + "|java[.]util[.]Collections[.]shuffle"
            + "|.*[.](wait|notify|notifyAll|parallelStream|parallel|identityHashCode)");

    @Test
    void core_usesNothingOutsideItself() throws IOException {
        ClassFiles core = new ClassFiles(ClassFiles.MAIN.resolve("pgleader/internal/election"));

        assertFalse(core.dependencies().isEmpty(), "no classes of the core were read");
        assertEquals(List.of(), faults(core));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Object a = java.util.concurrent.TimeUnit.DAYS;",
                "java.util.logging.Logger a;",
                "java.sql.Connection a;",
                "java.io.File a;",
                "long a = System.nanoTime();",
                "Object a = Thread.currentThread();",
                "Thread.State a;",
                "ThreadLocal<String> a;",
                "Object a = Runtime.getRuntime();",
                "java.time.Clock a;",
                "Object a = java.time.Instant.now();",
                "java.util.function.Supplier<Object> a = java.time.LocalDate::now;",
                "Object a = java.util.UUID.randomUUID();",
                "double a = Math.random();",
                "java.util.Random a;",
                "Object a = java.util.List.of().parallelStream();",
                "void a() throws Exception { wait(); }",
                "dev.pgleader.internal.runtime.Shell a;",
            })
    void impureMember_isFound(String member, @TempDir Path folder) throws IOException {
        ClassFiles impure = ClassFiles.compiled(
                folder,
                Map.of(
                        CORE + ".Impure",
                        "class Impure { " + member + " }",
                        "dev.pgleader.internal.runtime.Shell",
                        "public class Shell {}"));

        assertFalse(faults(impure).isEmpty(), member);
    }

    @Test
    void recordsLambdasStringsAndTimesThatAreGiven_arePure(@TempDir Path folder) throws IOException {
        ClassFiles pure = ClassFiles.compiled(
                folder,
                Map.of(
                        CORE + ".Pure",
                        """
                        import java.time.*;
                        import java.util.*;

                        record Pure(Instant now, UUID candidate, Duration lease) {
                            enum Answer { YES, NO }

                            Instant end() { return now.plus(lease); }

                            String text(Answer answer) {
                                return switch (answer) { case YES -> "yes " + now; case NO -> "no " + lease; };
                            }

                            List<String> all() { return List.of(this).stream().map(Pure::toString).toList(); }
                        }
                        """));

        assertEquals(List.of(), faults(pure));
    }

    private static List<String> faults(ClassFiles files) throws IOException {
        Stream<String> classes = files.dependencies().stream()
                .filter(each -> each.fromPackage().equals(CORE))
                .filter(each -> !PACKAGES.contains(each.toPackage())
                        || CLASSES.matcher(each.to()).matches())
                .map(ClassFiles.Dependency::toString);
        Stream<String> calls =
                files.calls().stream().filter(call -> CALLS.matcher(call).matches());
        return Stream.concat(classes, calls).toList();
    }
}
