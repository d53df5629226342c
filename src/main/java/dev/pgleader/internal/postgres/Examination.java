package dev.pgleader.internal.postgres;

import dev.pgleader.Diagnosis;
import dev.pgleader.Diagnosis.Finding;
import dev.pgleader.Diagnosis.Level;
import dev.pgleader.Diagnosis.Mode;
import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the surroundings as a session would, but says everything that it finds, over connections of its own that are
 * closed at the end. Confined to one thread.
 */
final class Examination {

    private final ElectionConfig config;
    private final SchemaName schema;
    private final List<Finding> findings = new ArrayList<>();

    private Examination(ElectionConfig config, SchemaName schema) {
        this.config = config;
        this.schema = schema;
    }

    /** Opens the connections that are examined, and used for it. */
    static Diagnosis of(SessionProbe.Opening opening, ElectionConfig config, SchemaName schema) {
        Examination examination = new Examination(config, schema);
        try {
            return new Diagnosis(examination.examine(opening), examination.findings);
        } catch (SessionException refused) {
            Problem problem = refused.problem();
            examination.found(Level.TROUBLE, problem.message() + "; " + problem.remedy());
            return new Diagnosis(Mode.REFUSED, examination.findings);
        }
    }

    private Mode examine(SessionProbe.Opening opening) throws SessionException {
        Wire wire = opening.open();
        try {
            boolean pooled = SessionProbe.isPooled(wire);
            Optional<OwnSettings> settings = SessionProbe.settle(wire, config, opening);
            describeWay(wire, pooled, settings.isPresent());
            settings.ifPresent(this::describe);
            Facts facts = Facts.find(wire, schema);
            found(
                    Level.GOOD,
                    "the schema " + schema.quoted()
                            + " is there, with permanent tables, their unique keys and triggers");
            describe(facts, wire);
            return settings.isPresent() ? Mode.SESSIONS : Mode.ROW_ONLY;
        } finally {
            wire.close();
        }
    }

    private void describeWay(Wire wire, boolean pooled, boolean own) {
        if (!pooled) {
            found(Level.GOOD, "the connection leads straight to a server process of its own");
        } else if (own) {
            found(
                    Level.NOTE,
                    "a pooler stands in between that lends out server processes for whole sessions: locks and"
                            + " notifications hold; two of its server connections are kept for good");
        } else {
            found(
                    Level.NOTE,
                    "a pooler stands in between that lends out server processes for single transactions: elections are"
                            + " held by the row alone, and changes found by looking every " + config.retryInterval()
                            + "; connect past the pooler to have locks and notifications");
        }
        if (wire.isFromPool()) {
            found(
                    Level.NOTE,
                    "the data source is a pool (" + wire.givenBy()
                            + "): two of its connections are kept for good, and it"
                            + " must not end, reset or lend out what it has lent; use a PGSimpleDataSource for pgleader");
        }
    }

    private void describe(OwnSettings settings) {
        if (settings.refused().isEmpty()) {
            found(Level.GOOD, "the server ends the session of a leader that falls silent, when its lease is over");
        } else {
            found(
                    Level.NOTE,
                    "the server refuses " + String.join(", ", settings.refused())
                            + ": the lock of a leader that vanishes may be kept for longer, until a candidate of the same"
                            + " role ends that session");
        }
    }

    private void describe(Facts facts, Wire wire) throws SessionException {
        describe(facts);
        String standbys = standbys(wire);
        if (standbys.isEmpty()) {
            found(
                    Level.NOTE,
                    "no standby is synchronous: one that is promoted may have forgotten the last terms and heartbeats, and"
                            + " an old primary that lives on may keep its old leader; set synchronous_standby_names");
        } else {
            found(Level.GOOD, "standbys are synchronous: " + standbys);
        }
    }

    private void describe(Facts facts) {
        if (facts.here().tellsSystem() && facts.here().tellsTimeline()) {
            found(Level.GOOD, "the server is a primary: " + facts.server());
            return;
        }
        String unknown = facts.here().tellsSystem()
                ? "the timeline"
                : facts.here().tellsTimeline() ? "the system identifier" : "the system identifier and the timeline";
        found(
                Level.NOTE,
                "the server is a primary, and does not tell this role " + unknown
                        + ": a failover is known by the start of the"
                        + " server alone, and one that loses the last commits may repeat their terms");
    }

    private static String standbys(Wire wire) throws SessionException {
        try {
            return wire.query(
                    "select current_setting('synchronous_standby_names')", statement -> {}, Examination::text);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a setting waited for a lock"), impossible);
        }
    }

    private static String text(ResultSet rows) throws SQLException {
        rows.next();
        return rows.getString(1);
    }

    private void found(Level level, String text) {
        findings.add(new Finding(level, text));
    }
}
