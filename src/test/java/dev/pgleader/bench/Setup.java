package dev.pgleader.bench;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Takeover;
import java.time.Duration;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a candidate process connects to and with which settings, in a form that fits on its command line. Immutable.
 *
 * @param port of the server, or of a proxy in front of it, on this machine
 * @param role who connects
 * @param style which settings
 */
record Setup(int port, String role, Style style) {

    private static final Duration SHORT = Duration.ofMillis(50);

    /** Sets of settings. */
    enum Style {
        DEFAULT(ElectionConfig.defaults()),
        /** A leader is replaced as soon as its session has ended, rather than after its lease. */
        FAST_TAKEOVER(ElectionConfig.builder()
                .takeover(Takeover.ON_SESSION_END)
                .refractoryPeriod(Duration.ZERO)
                .retryInterval(SHORT)
                .build()),
        /** Twenty heartbeats a second: an hour's worth of them in three minutes. */
        FAST_HEARTBEAT(ElectionConfig.builder().heartbeatInterval(SHORT).build());

        @SuppressWarnings("ImmutableEnumChecker") // It is immutable, and does not say so.
        private final ElectionConfig config;

        Style(ElectionConfig config) {
            this.config = config;
        }
    }

    /** Returns default settings for an ordinary role. */
    static Setup defaults(int port) {
        return new Setup(port, Server.ROLE, Style.DEFAULT);
    }

    /** Returns this for other settings. */
    Setup with(Style other) {
        return new Setup(port, role, other);
    }

    /** Returns this for another role. */
    Setup as(String other) {
        return new Setup(port, other, style);
    }

    static Setup parse(String... arguments) {
        return new Setup(Integer.parseInt(arguments[0]), arguments[1], Style.valueOf(arguments[2]));
    }

    List<String> arguments() {
        return List.of(String.valueOf(port), role, style.name());
    }

    PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"localhost"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser(role);
        return dataSource;
    }

    ElectionConfig config() {
        return style.config;
    }
}
