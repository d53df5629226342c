package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong settings are refused when they are made, with the values in the message. */
class ElectionConfigTest {

    private static final Duration NANO = Duration.ofNanos(1);

    @Test
    void nothingSet_build_givesTheDefaults() {
        ElectionConfig config = ElectionConfig.builder().build();

        assertAll(
                () -> assertEquals(Duration.ofSeconds(5), config.leaseDuration()),
                () -> assertEquals(Duration.ofSeconds(1), config.heartbeatInterval()),
                () -> assertEquals(Duration.ofMillis(1500), config.refractoryPeriod()),
                () -> assertEquals(Duration.ofSeconds(2), config.retryInterval()),
                () -> assertEquals(Duration.ofSeconds(1), config.statementTimeout()),
                () -> assertEquals(Duration.ofSeconds(10), config.connectTimeout()),
                () -> assertEquals(Duration.ofSeconds(30), config.drainTimeout()),
                () -> assertEquals(Takeover.AFTER_LEASE, config.takeover()),
                () -> assertEquals("pgleader", config.schema()),
                () -> assertEquals(ElectionConfig.defaults().toString(), config.toString()));
    }

    @Test
    void everythingSet_build_givesWhatWasSet() {
        ThreadFactory threads = Thread::new;

        ElectionConfig config = ElectionConfig.builder()
                .leaseDuration(Duration.ofMillis(20_001))
                .heartbeatInterval(Duration.ofMillis(2_002))
                .refractoryPeriod(Duration.ofMillis(3_003))
                .retryInterval(Duration.ofMillis(4_004))
                .statementTimeout(Duration.ofMillis(1_005))
                .connectTimeout(Duration.ofMillis(5_007))
                .drainTimeout(Duration.ofMillis(6_006))
                .takeover(Takeover.ON_SESSION_END)
                .schema("Other")
                .callbackThreads(threads)
                .build();

        assertAll(
                () -> assertEquals(Duration.ofMillis(20_001), config.leaseDuration()),
                () -> assertEquals(Duration.ofMillis(2_002), config.heartbeatInterval()),
                () -> assertEquals(Duration.ofMillis(3_003), config.refractoryPeriod()),
                () -> assertEquals(Duration.ofMillis(4_004), config.retryInterval()),
                () -> assertEquals(Duration.ofMillis(1_005), config.statementTimeout()),
                () -> assertEquals(Duration.ofMillis(5_007), config.connectTimeout()),
                () -> assertEquals(Duration.ofMillis(6_006), config.drainTimeout()),
                () -> assertEquals(Takeover.ON_SESSION_END, config.takeover()),
                () -> assertEquals("Other", config.schema()),
                () -> assertEquals(threads, config.callbackThreads()));
    }

    @Test
    void trust_is_leaseWithoutRefractoryPeriodLessOnePercent() {
        assertEquals(Duration.ofMillis(3465), ElectionConfig.defaults().trust());
    }

    @Test
    void builderChangedAfterwards_builtSettings_stayAsTheyWere() {
        ElectionConfig.Builder builder = ElectionConfig.builder();
        ElectionConfig config = builder.build();

        builder.leaseDuration(Duration.ofHours(1));

        assertEquals(Duration.ofSeconds(5), config.leaseDuration());
    }

    @Test
    void heartbeatAndTwoStatements_justFitIntoTrust_areAccepted() {
        ElectionConfig config = ElectionConfig.builder()
                .heartbeatInterval(Duration.ofMillis(1465))
                .build();

        assertEquals(config.trust(), Duration.ofMillis(1465).plusSeconds(2));
    }

    @Test
    void heartbeatAndTwoStatements_longerThanTrust_areRefusedWithAllValues() {
        ElectionConfig.Builder builder = ElectionConfig.builder()
                .heartbeatInterval(Duration.ofMillis(1465).plus(NANO))
                .statementTimeout(Duration.ofSeconds(1));

        String message = refusal(builder::build);

        assertNames(message, "heartbeatInterval", "PT1.465000001S", "statementTimeout", "PT1S", "PT3.465S");
    }

    @Test
    void statementTimeout_countsTwice_againstTrust() {
        ElectionConfig.Builder builder = ElectionConfig.builder()
                .heartbeatInterval(Duration.ofMillis(465))
                .statementTimeout(Duration.ofMillis(1500).plus(NANO));

        String message = refusal(builder::build);

        assertNames(message, "heartbeatInterval", "PT0.465S", "statementTimeout", "PT1.500000001S", "PT3.465S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5S", "PT5.000000001S", "PT24H"})
    void refractoryPeriod_notShorterThanLease_isRefusedWithBothValues(Duration refractory) {
        ElectionConfig.Builder builder = ElectionConfig.builder().refractoryPeriod(refractory);

        String message = refusal(builder::build);

        assertNames(message, "refractoryPeriod", refractory.toString(), "leaseDuration", "PT5S");
    }

    @Test
    void refractoryPeriodOfZero_is_accepted() {
        ElectionConfig config =
                ElectionConfig.builder().refractoryPeriod(Duration.ZERO).build();

        assertEquals(Duration.ofMillis(4950), config.trust());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.01S", "PT1M"})
    void retryInterval_atItsBounds_isAccepted(Duration interval) {
        assertEquals(
                interval,
                ElectionConfig.builder().retryInterval(interval).build().retryInterval());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1M0.000000001S", "PT24H"})
    void retryInterval_beyondItsBounds_isRefusedWithThem(Duration interval) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        String message = refusal(() -> builder.retryInterval(interval).build());

        assertNames(message, "retryInterval", interval.toString(), "PT0.01S", "PT1M");
    }

    static Stream<Arguments> lengths() {
        return Stream.of(
                Arguments.of("leaseDuration", length(ElectionConfig.Builder::leaseDuration)),
                Arguments.of("heartbeatInterval", length(ElectionConfig.Builder::heartbeatInterval)),
                Arguments.of("refractoryPeriod", length(ElectionConfig.Builder::refractoryPeriod)),
                Arguments.of("retryInterval", length(ElectionConfig.Builder::retryInterval)),
                Arguments.of("statementTimeout", length(ElectionConfig.Builder::statementTimeout)),
                Arguments.of("connectTimeout", length(ElectionConfig.Builder::connectTimeout)),
                Arguments.of("drainTimeout", length(ElectionConfig.Builder::drainTimeout)),
                Arguments.of("fenceTimeout", length(ElectionConfig.Builder::fenceTimeout)));
    }

    private static BiConsumer<ElectionConfig.Builder, Duration> length(
            BiConsumer<ElectionConfig.Builder, Duration> setting) {
        return setting;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void length_negative_isRefusedWithItsName(String name, BiConsumer<ElectionConfig.Builder, Duration> setting) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        String message = refusal(() -> {
            setting.accept(builder, NANO.negated());
            builder.build();
        });

        assertNames(message, name, "PT-0.000000001S");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void length_beyondAllMeasure_isRefusedWithItsName(
            String name, BiConsumer<ElectionConfig.Builder, Duration> setting) {
        ElectionConfig.Builder builder = ElectionConfig.builder();
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);

        String message = refusal(() -> {
            setting.accept(builder, forever);
            builder.build();
        });

        assertNames(message, name, forever.toString());
    }

    /** Less than a millisecond would be no time-out at all to the driver, which takes zero for "for ever". */
    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void length_belowTheShortest_isRefusedWithItsNameAndTheBound(
            String name, BiConsumer<ElectionConfig.Builder, Duration> setting) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        for (String length : List.of("PT0.000000001S", "PT0.001S", "PT0.009999999S")) {
            String message = refusal(() -> setting.accept(builder, Duration.parse(length)));

            assertNames(message, name, length, "at least PT0.01S");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lengths")
    void length_ofTheShortest_isAccepted(String name, BiConsumer<ElectionConfig.Builder, Duration> setting) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        assertDoesNotThrow(() -> setting.accept(builder, Duration.ofMillis(10)), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaseDuration", "heartbeatInterval", "retryInterval", "statementTimeout", "drainTimeout"})
    void length_ofZero_isRefusedWithItsName(String name) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        String message = refusal(() -> {
            switch (name) {
                case "leaseDuration" -> builder.leaseDuration(Duration.ZERO);
                case "heartbeatInterval" -> builder.heartbeatInterval(Duration.ZERO);
                case "retryInterval" -> builder.retryInterval(Duration.ZERO);
                case "statementTimeout" -> builder.statementTimeout(Duration.ZERO);
                default -> builder.drainTimeout(Duration.ZERO);
            }
            builder.build();
        });

        assertNames(message, name, "PT0S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "a name that is longer than the sixty-three bytes PostgreSQL has room for"})
    void schema_thatPostgresCannotHave_isRefused(String schema) {
        ElectionConfig.Builder builder = ElectionConfig.builder();

        refusal(() -> builder.schema(schema));
    }

    private static String refusal(Runnable action) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    private static void assertNames(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "\"" + message + "\" does not say " + part);
        }
    }
}
