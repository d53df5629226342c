package dev.pgleader.deploy;

import dev.pgleader.CandidateConfig;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Elections;
import dev.pgleader.testing.Lifeline;
import java.io.IOException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** One process of the service, of some release. It closes gracefully when whoever started it lets it go. */
final class Instance {

    private Instance() {}

    /**
     * Stands until the lifeline ends.
     *
     * @param args JDBC URL, user, password, where it serves, and its release, by which it is preferred to older ones
     */
    public static void main(String[] args) throws IOException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(args[0]);
        dataSource.setUser(args[1]);
        dataSource.setPassword(args[2]);
        int release = Integer.parseInt(args[4]);
        CandidateConfig candidate = CandidateConfig.at(args[3])
                .withVersion("release " + release)
                .withPriority(release)
                .withPreemption();
        ElectionConfig config =
                ElectionConfig.builder().retryInterval(Duration.ofSeconds(1)).build();
        try (Elections elections = Elections.connect(dataSource, config)) {
            elections.run("orders", candidate, leadership -> leadership.awaitLoss());
            Lifeline.awaitEnd();
        }
    }
}
