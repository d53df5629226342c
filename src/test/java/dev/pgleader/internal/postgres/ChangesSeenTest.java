package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.election.Succession;
import dev.pgleader.internal.runtime.Grounds;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.Session.Found;
import dev.pgleader.internal.runtime.Session.Held;
import dev.pgleader.internal.runtime.SessionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever looks again reads only what has changed, and yet sees what whoever looks for the first time sees. */
class ChangesSeenTest extends PostgresFixture {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
    private static final int STEPS = 60;

    /** What the library's own statement does, which the holder is not told of. */
    private static final String LEADING =
            "update pgleader.election set phase = 'leading', xact = pg_current_xact_id() where name = '%s'";

    private boolean rowOnly;

    @Override
    Session openedFrom(DataSource dataSource) throws SessionException {
        Session session = rowOnly
                ? rowOnly(Connector.to(dataSource, CONFIG), CONFIG)
                : new PostgresDatabase(dataSource, CONFIG).openSession(Guard.NONE);
        opened.add(session);
        return session;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverAnybodyDoes_isSeen(long seed) throws Exception {
        Walk walk = new Walk(new Random(seed));
        for (int step = 0; step < STEPS; step++) {
            walk.requireTruth("before step " + step);
            walk.step();
        }
        walk.requireTruth("at the end");
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void whateverAnybodyDoes_isSeenWithoutASession(long seed) throws Exception {
        rowOnly = true;
        whateverAnybodyDoes_isSeen(seed);
    }

    @Test
    void changeThatCommitsLate_isSeen() throws Exception {
        Entered me = entered();
        Session looking = session();
        elected(me, "orders", ME);
        looking.look(List.of("orders"));
        Foreign leading = held(LEADING.formatted("orders"));
        // A later transaction that is visible earlier.
        elected(me, "billing", ME);
        looking.look(List.of("orders"));

        leading.commit();

        assertEquals(truth("orders"), seenBy(looking, "orders"));
    }

    @Test
    void manyChangesAtOnce_areSeen() throws Exception {
        Entered me = entered();
        Session looking = session();
        database.execute("insert into pgleader.election (name, released, xact)"
                + " select 'many ' || i, 0, pg_current_xact_id() from generate_series(1, 2500) as i");
        elected(me, "orders", ME);
        looking.look(List.of("orders"));

        database.execute("update pgleader.election set xact = pg_current_xact_id() where name like 'many %'");
        database.execute(LEADING.formatted("orders"));

        assertEquals(truth("orders"), seenBy(looking, "orders"));
    }

    @Test
    void handThatCommitsLate_isSeen() throws Exception {
        Entered me = entered();
        Session looking = session();
        elected(me, "orders", ME);
        elected(me, "billing", ME);
        looking.look(List.of("orders", "billing"));
        Foreign deleting = deleting("orders");
        byHand().rewrite("billing");
        looking.look(List.of("orders", "billing"));

        deleting.commit();

        assertEquals(truth("orders", "billing"), seenBy(looking, "orders", "billing"));
    }

    @Test
    void whatIsKept_isNotReadAgain() throws Exception {
        Entered me = entered();
        Session looking = session();
        elected(me, "orders", ME);
        seenBy(looking, "orders");
        elected(me, "billing", ME);
        seenBy(looking, "orders", "billing");
        Map<String, Row> before = seenBy(looking, "orders", "billing");

        leaveNoTrace("orders");
        leaveNoTrace("billing");

        assertEquals(before, seenBy(looking, "orders", "billing"));
    }

    @Test
    void whatLeavesNoTrace_isSeenAfterAWhile() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Entered me = entered();
        elected(me, "orders", ME);
        Wire wire = Wire.open(
                Connector.to(database.dataSource(), CONFIG), CONFIG.statementTimeout(), Guard.NONE, CONFIG.schema());
        SchemaName schema = new SchemaName(CONFIG.schema());
        String mark = OwnSettings.apply(wire, CONFIG).mark();
        Facts facts = Facts.find(wire, schema);
        Sql sql = Sql.of(schema, facts.here());
        JdbcLease lease = new JdbcLease(wire, facts, sql.sessions(), Optional.of(mark), Optional.empty());
        JdbcLooks looks = new JdbcLooks(wire, sql.look(), new Answers(lease, new SpentTerms(), true), nanos::get);
        looks.look(List.of("orders"));

        leaveNoTrace("orders");
        nanos.addAndGet(Duration.ofSeconds(30).toNanos() + 1);

        assertEquals(
                truth("orders").get("orders"),
                of("orders", looks.look(List.of("orders")).rows()).row());
        wire.close();
    }

    /** Changes a row as no trigger and no index tells of. */
    private void leaveNoTrace(String election) {
        database.execute("alter table pgleader.election disable trigger note_change;"
                + " update pgleader.election set address = 'elsewhere' where name = '" + election + "';"
                + " alter table pgleader.election enable always trigger note_change");
    }

    private Map<String, Row> truth(String... names) throws Exception {
        Map<String, Row> rows = new HashMap<>();
        Session fresh = session();
        seenBy(fresh, names).forEach(rows::put);
        return rows;
    }

    private static Map<String, Row> seenBy(Session session, String... names) throws Exception {
        Map<String, Row> rows = new HashMap<>();
        session.look(List.of(names)).rows().forEach((name, found) -> rows.put(name, found.row()));
        return rows;
    }

    /** Three processes and an administrator, who do what comes to their minds, and one who looks. */
    private final class Walk {

        private final Random random;
        private final List<Entered> processes = new ArrayList<>();
        private final Session looking = session();
        private final Session watching = session();
        private final Map<String, Foreign> open = new HashMap<>();

        Walk(Random random) throws Exception {
            this.random = random;
            for (int i = 0; i < 3; i++) {
                processes.add(entered());
            }
        }

        void requireTruth(String when) throws Exception {
            Map<String, Found> seen = looking.look(NAMES).rows();
            Map<String, Row> expected = new HashMap<>();
            Map<String, Succession> successions = successions();
            watching.watch(NAMES)
                    .rows()
                    .forEach((name, found) -> expected.put(name, with(found.row(), of(name, successions))));
            Map<String, Row> found = new HashMap<>();
            seen.forEach((name, each) -> found.put(name, withoutRival(each.row())));
            assertEquals(expected, found, when);
            seen.values()
                    .forEach(each -> assertEquals(
                            each.row().session().isPresent(), !each.remaining().isZero()));
        }

        /** Who else stands may be told late. */
        private Row withoutRival(Row row) {
            Succession all = row.succession();
            return with(row, new Succession(all.successor(), all.resignedBy(), all.request(), OptionalInt.empty()));
        }

        /** Those who watch are not told who is to be next. */
        private Map<String, Succession> successions() {
            Map<String, Succession> all = new HashMap<>();
            database.queryAll(
                            String.class,
                            """
                            select concat_ws('|', e.name, coalesce(e.successor, ''), coalesce(e.resigned_by::text, ''),
                                   exists (select from pgleader.resignation as r where (r.election, r.term) = (e.name, e.term)))
                              from pgleader.election as e
                            """)
                    .forEach(line -> {
                        String[] words = line.split("\\|", 4);
                        all.put(
                                words[0],
                                new Succession(
                                        Optional.of(words[1]).filter(word -> !word.isEmpty()),
                                        Optional.of(words[2])
                                                .filter(word -> !word.isEmpty())
                                                .map(UUID::fromString),
                                        words[3].equals("t")
                                                ? Optional.of(new Succession.Request(Optional.empty(), false))
                                                : Optional.empty(),
                                        OptionalInt.empty()));
                    });
            return all;
        }

        private Row with(Row row, Succession succession) {
            return new Row(
                    row.term(),
                    row.released(),
                    row.ownHand(),
                    row.writing(),
                    row.writtenOn(),
                    row.lease(),
                    row.holder(),
                    succession);
        }

        void step() throws Exception {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            Foreign locked = open.remove(name);
            if (locked != null) {
                locked.commit();
                return;
            }
            Entered one = processes.get(random.nextInt(processes.size()));
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4 -> take(one, name);
                case 5 -> vacate(one, name);
                case 6 -> lead(one, name);
                case 7 -> one.session().renew(one.id(), LEASE, true);
                case 8 -> request(name, Optional.empty());
                case 9 -> byHand().deleteElection(name);
                case 10 -> byHand().rewrite(name);
                case 11 -> byHand().empty(name);
                case 12 -> give(name, one);
                case 13 -> byHand().setTerm(name, 1 + random.nextInt(9));
                case 14 -> byHand().setHistory(name, 7, 7);
                case 15 -> byHand().setRemaining(one.id(), random.nextBoolean() ? LEASE : Duration.ofMillis(-1));
                case 16 -> byHand().raiseBeat(one.id());
                case 17 -> byHand().rewriteSession(one.id());
                case 18 -> edit(name);
                default -> open.put(name, raising(name));
            }
        }

        private void take(Entered one, String name) throws Exception {
            one.session().register(List.of(name), LEASE);
            bid(one, name, ME, Grounds.NONE);
        }

        private List<Held> holders(String name) throws Exception {
            Found found = watching.watch(List.of(name)).rows().get(name);
            if (found == null) {
                return List.of();
            }
            return found.row().holder().stream()
                    .map(held -> new Held(name, held.candidate(), found.row().term(), held.sessionId()))
                    .toList();
        }

        private void vacate(Entered one, String name) throws Exception {
            one.session()
                    .vacate(holders(name).stream()
                            .map(ChangesSeenTest.this::resigned)
                            .toList());
        }

        private void lead(Entered one, String name) throws Exception {
            one.session().lead(holders(name));
        }

        private void give(String name, Entered one) throws Exception {
            if (!holders(name).isEmpty()) {
                byHand().give(name, one.id());
            }
        }

        private void edit(String name) {
            database.execute("update pgleader.election set lease = lease + interval '1 s' where name = ?", name);
        }

        /** Something that others do not see yet, while they see what began later. */
        private Foreign raising(String name) {
            return held("update pgleader.election set xact = pg_current_xact_id(), term = term + 1 where name = '"
                    + name + "'");
        }
    }
}
