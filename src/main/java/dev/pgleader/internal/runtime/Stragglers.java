package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancelled work that takes its time: reported once when it is still running after the refractory period, because from
 * then on somebody else may lead, and again when it has returned after all. Loop thread only.
 */
final class Stragglers {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Election");
    private static final Duration CHECK_AGAIN = Duration.ofSeconds(1);

    private final Duration patience;
    private final List<Straggler> waiting = new ArrayList<>();
    private final List<Straggler> reported = new ArrayList<>();

    private record Straggler(Tenancy tenancy, Reading since) {}

    Stragglers(Duration patience) {
        this.patience = patience;
    }

    void add(Tenancy cancelled, Reading now) {
        if (!cancelled.work().hasStopped()) {
            waiting.add(new Straggler(cancelled, now));
        }
    }

    /** Reports what there is to report; returns when to call again. */
    Optional<Reading> report(Reading now) {
        waiting.removeIf(straggler -> straggler.tenancy().work().hasStopped());
        for (Straggler straggler : List.copyOf(waiting)) {
            if (now.hasReached(straggler.since().plus(patience))) {
                waiting.remove(straggler);
                reported.add(straggler);
                LOG.warn(
                        "election '{}': the work of term {} is still running {} after it was cancelled, so that two may"
                                + " be at work; this process does not stand again before it returns; it is {}",
                        straggler.tenancy().election(),
                        straggler.tenancy().term(),
                        now.since(straggler.since()),
                        straggler.tenancy().work().whereabouts());
            }
        }
        reported.removeIf(straggler -> {
            boolean stopped = straggler.tenancy().work().hasStopped();
            if (stopped) {
                LOG.warn(
                        "election '{}': the work of term {} has returned {} after it was cancelled",
                        straggler.tenancy().election(),
                        straggler.tenancy().term(),
                        now.since(straggler.since()));
            }
            return stopped;
        });
        if (!waiting.isEmpty()) {
            return Optional.of(waiting.get(0).since().plus(patience));
        }
        return reported.isEmpty() ? Optional.empty() : Optional.of(now.plus(CHECK_AGAIN));
    }
}
