package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.postgres.Answers.Moment;
import dev.pgleader.internal.postgres.Answers.Sight;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Looked;
import dev.pgleader.internal.runtime.SessionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads elections. Loop thread only.
 *
 * <p>Many processes may follow many elections, most of which change once in a month. So rows that are led are kept: the next
 * look asks which have changed since, and how the few sessions are that hold them. What is kept is never older than
 * {@value #KEPT_SECONDS} seconds, which bounds what no trace tells of, such as who else stands.
 */
final class JdbcLooks {

    private static final int KEPT_SECONDS = 30;
    private static final long KEPT_NANOS = Duration.ofSeconds(KEPT_SECONDS).toNanos();

    private final Wire wire;
    private final LookSql sql;
    private final Answers answers;
    private final LongSupplier nanoTime;

    private final KeptRows kept = new KeptRows();

    /** From when on changes are missing in what is kept, and the server that said it; null while nothing is. */
    private @Nullable Sight last;

    JdbcLooks(Wire wire, LookSql sql, Answers answers, LongSupplier nanoTime) {
        this.wire = wire;
        this.sql = sql;
        this.answers = answers;
        this.nanoTime = nanoTime;
    }

    /** For those who only watch, and who need no right to read what is noted of changes. */
    Looked watch(Collection<String> names) throws SessionException, BusyException {
        Map<String, Row> found = new HashMap<>();
        return looked(found, read(sql.watch, names, found));
    }

    /** For those who stand. */
    Looked look(Collection<String> names) throws SessionException, BusyException {
        Sight before = last;
        if (before == null || kept.isEmpty()) {
            return lookAtAll(names);
        }
        Moment moment = refresh(before);
        Map<String, Row> found = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            kept.led(name, moment.at()).ifPresentOrElse(row -> found.put(name, row), () -> unknown.add(name));
        }
        if (!unknown.isEmpty()
                && !readAndKeep(unknown, found)
                        .sight()
                        .server()
                        .equals(moment.sight().server())) {
            return lookAtAll(names);
        }
        return looked(found, moment);
    }

    /** Has the next look read these whole, since they were seen in another way. */
    void forget(Collection<String> names) {
        kept.forget(names);
    }

    private Looked lookAtAll(Collection<String> names) throws SessionException, BusyException {
        kept.clear();
        last = null;
        Map<String, Row> found = new HashMap<>();
        return looked(found, readAndKeep(names, found));
    }

    private Moment readAndKeep(Collection<String> names, Map<String, Row> found)
            throws SessionException, BusyException {
        long now = nanoTime.getAsLong();
        Map<String, Row> read = new HashMap<>();
        Moment moment = read(sql.look, names, read);
        found.putAll(read);
        kept.forget(names);
        // What is kept already may lack what has changed since the former look.
        last = Objects.requireNonNullElse(last, moment.sight());
        read.forEach((name, row) -> {
            if (row.ownHand()) {
                kept.put(name, row, moment.at(), now);
            }
        });
        return moment;
    }

    private Moment read(String statement, Collection<String> names, Map<String, Row> found)
            throws SessionException, BusyException {
        return wire.query(statement, binding -> binding.setArray(1, wire.texts(names.stream())), rows -> {
            Optional<Moment> moment = Optional.empty();
            while (rows.next()) {
                moment = Optional.of(answers.moment(rows));
                String name = rows.getString("name");
                if (name != null) {
                    found.put(name, answers.election(name, rows));
                }
            }
            return moment.orElseThrow();
        });
    }

    /** Brings up to date what is kept, and drops what has to be read whole again. */
    private Moment refresh(Sight before) throws SessionException, BusyException {
        kept.forgetReadBefore(nanoTime.getAsLong() - KEPT_NANOS);
        Set<Integer> holders = kept.holders();
        Map<Integer, Row.HolderSession> sessions = new HashMap<>();
        List<@Nullable String> changed = new ArrayList<>();
        Moment moment = wire.query(
                sql.since,
                statement -> {
                    statement.setString(1, before.snapshot());
                    statement.setArray(2, wire.array("int4", holders.stream()));
                },
                rows -> {
                    Optional<Moment> told = Optional.empty();
                    while (rows.next()) {
                        if (told.isEmpty()) {
                            told = Optional.of(answers.moment(rows));
                            Collections.addAll(changed, (@Nullable String[])
                                    rows.getArray("changed").getArray());
                        }
                        int id = rows.getInt("id");
                        Rows.session(rows).ifPresent(session -> sessions.put(id, session));
                    }
                    return told.orElseThrow();
                });
        if (changed.contains(null)
                || changed.size() > LookSql.MOST_CHANGES
                || !moment.sight().server().equals(before.server())) {
            kept.clear();
        }
        kept.forget(changed);
        kept.heldBy(sessions);
        last = moment.sight();
        return moment;
    }

    private static Looked looked(Map<String, Row> rows, Moment moment) {
        Map<String, Found> found = new HashMap<>();
        rows.forEach((name, row) -> found.put(name, Rows.found(row, moment.at(), Optional.empty())));
        return moment.looked(found);
    }
}
