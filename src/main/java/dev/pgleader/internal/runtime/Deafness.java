package dev.pgleader.internal.runtime;

import dev.pgleader.Diagnosis;
import dev.pgleader.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process hears no announcements although it takes part in elections: warned of once, and noted in a diagnosis. It is
 * no problem, since changes are found by looking. Listening thread only, except {@link #noted}.
 */
final class Deafness {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Session");

    /** The session, which fails for the same reasons, may need a moment longer to tell, and may be back a moment sooner. */
    private static final int FAILURES_IN_A_ROW = 3;

    private final Duration retryInterval;
    private int failures;
    private volatile @Nullable String note;

    Deafness(Duration retryInterval) {
        this.retryInterval = retryInterval;
    }

    /**
     * Listening has failed.
     *
     * @param takesPart whether there is no problem with the session
     */
    void failed(Problem why, boolean takesPart) {
        failures = takesPart ? failures + 1 : 0;
        if (failures >= FAILURES_IN_A_ROW && note == null) {
            note = "changes are found by looking every " + retryInterval
                    + ", since this process cannot listen for them: " + why;
            LOG.warn("{}", note);
        }
    }

    /** Announcements are heard. */
    void over() {
        failures = 0;
        if (note != null) {
            note = null;
            LOG.info("listening for changes again");
        }
    }

    /** Returns a diagnosis, with the note as its first finding where there is one. */
    Diagnosis noted(Diagnosis found) {
        String present = note;
        if (present == null) {
            return found;
        }
        List<Diagnosis.Finding> findings = new ArrayList<>();
        findings.add(new Diagnosis.Finding(Diagnosis.Level.NOTE, present));
        findings.addAll(found.findings());
        return new Diagnosis(found.mode(), findings);
    }
}
