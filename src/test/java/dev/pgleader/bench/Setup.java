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
 * @param fast whether a leader is replaced as soon as its session has ended, rather than after its lease
 */
record Setup(int port, String role, boolean fast) {

    private static final Duration FAST_RETRY = Duration.ofMillis(50);

    /** Returns default settings for an ordinary role. */
    static Setup defaults(int port) {
        return new Setup(port, Server.ROLE, false);
    }

    /** Returns these settings with takeover at the end of the session, no refractory period and a look every 50 ms. */
    Setup withFastTakeover() {
        return new Setup(port, role, true);
    }

    /** Returns these settings for another role. */
    Setup as(String other) {
        return new Setup(port, other, fast);
    }

    static Setup parse(String... arguments) {
        return new Setup(Integer.parseInt(arguments[0]), arguments[1], Boolean.parseBoolean(arguments[2]));
    }

    List<String> arguments() {
        return List.of(String.valueOf(port), role, String.valueOf(fast));
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
        return fast
                ? ElectionConfig.builder()
                        .takeover(Takeover.ON_SESSION_END)
                        .refractoryPeriod(Duration.ZERO)
                        .retryInterval(FAST_RETRY)
                        .build()
                : ElectionConfig.defaults();
    }
}
