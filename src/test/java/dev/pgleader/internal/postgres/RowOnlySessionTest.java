package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.internal.election.Row;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionBidContract;
import dev.pgleader.internal.runtime.SessionContract;
import dev.pgleader.internal.runtime.SessionDisturbanceContract;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.internal.runtime.SessionLeaseContract;
import dev.pgleader.internal.runtime.SessionListContract;
import dev.pgleader.internal.runtime.SessionRegisteringContract;
import dev.pgleader.internal.runtime.SessionSuccessionContract;
import dev.pgleader.internal.runtime.SessionTakingContract;
import dev.pgleader.internal.runtime.SessionVacateContract;
import dev.pgleader.internal.runtime.SessionWatchingContract;
import dev.pgleader.internal.runtime.SessionlessContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Without sessions all of the contract holds that does not speak of locks; and nothing is left in the session. */
class RowOnlySessionTest extends PostgresFixture
        implements SessionContract,
                SessionLeaseContract,
                SessionDisturbanceContract,
                SessionlessContract,
                SessionBidContract,
                SessionTakingContract,
                SessionRegisteringContract,
                SessionVacateContract,
                SessionSuccessionContract,
                SessionListContract,
                SessionWatchingContract {

    /** What the sessions use, for a look behind them. */
    private final List<Connection> connections = new ArrayList<>();

    @Override
    Session openedFrom(DataSource dataSource) throws SessionException {
        Session session = rowOnly(() -> connect(dataSource), CONFIG);
        opened.add(session);
        return session;
    }

    private Connection connect(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        connections.add(connection);
        return connection;
    }

    @Test
    void noLock_isTaken() throws Exception {
        elected(entered(), "orders", ME);

        assertEquals(
                0, database.queryOne(Integer.class, "select count(*)::int from pg_locks where locktype = 'advisory'"));
    }

    @Test
    void session_afterEveryStatement_isAsItWasBefore() throws Exception {
        Session session = session();
        String settings =
                """
                select coalesce(string_agg(name || '=' || setting, ' ' order by name), '')
                  from pg_settings where source = 'session'
                """;
        String before = ask(settings);

        Entered me = entered(session);
        Row row = elected(me, "orders", ME);
        me.session().renew(me.id(), LEASE, true);
        session.lead(List.of(held("orders", row)));
        vacated(me, held("orders", row));
        session.announce(List.of("orders"));
        session.leave(me.id());

        assertEquals(before, ask(settings));
        assertEquals("0", ask("select count(*)::text from pg_prepared_statements"));
    }

    @Test
    void roleDefaultsThatHurt_areOverriddenInEveryTransaction() throws Exception {
        Map<String, String> harmful = Map.of(
                "default_transaction_isolation", "serializable",
                "default_transaction_read_only", "on",
                "synchronous_commit", "off",
                "search_path", "nowhere",
                "statement_timeout", "59s",
                "lock_timeout", "58s",
                "idle_in_transaction_session_timeout", "57s");
        harmful.forEach((setting, value) -> database.execute("alter role " + database.username() + " in database "
                + database.name() + " set " + setting + " = '" + value + "'"));
        tellSettingsOfUpdates();

        elected(entered(), "orders", ME);

        assertEquals(
                List.of(
                        "idle_in_transaction_session_timeout=28215",
                        "lock_timeout=2000",
                        "search_path=pg_catalog",
                        "statement_timeout=3200",
                        "synchronous_commit=on",
                        "transaction_isolation=read committed"),
                database.queryAll(String.class, "select told from public.told order by told"));
    }

    /** Has each update of a row leave behind with which settings it was done. */
    private void tellSettingsOfUpdates() {
        database.execute(
                """
                create table public.told (told text);
                create function public.tell() returns trigger language plpgsql security definer as $$
                begin
                    insert into public.told select name || '=' || setting from pg_settings
                     where name in ('transaction_isolation', 'synchronous_commit', 'search_path', 'statement_timeout',
                                    'lock_timeout', 'idle_in_transaction_session_timeout');
                    return null;
                end $$;
                create trigger tell after update on pgleader.election for each statement execute function public.tell()
                """);
    }

    @Test
    void renewalThatIsRefusedAsAWhole_leavesTheNextStatementAlone() throws Exception {
        Entered me = entered();
        database.execute("alter table pgleader.disturbed rename to gone");

        assertEquals(new Session.Renewal.Refused(), me.session().renew(me.id(), LEASE, true));

        assertEquals(Map.of(), me.session().look(List.of("orders")).rows());
    }

    @Test
    void statementThatFails_leavesNoTransactionBehind_andEndsTheSession() throws Exception {
        Session session = session();
        database.execute("drop table pgleader.election cascade");

        assertThrows(SessionException.class, () -> session.look(List.of("orders")));
    }

    @Test
    void tableLocked_theNextStatement_worksAgain() throws Exception {
        Session session = session();
        registered(session, "orders");
        Foreign lock = lockTable();
        assertThrows(Exception.class, () -> session.look(List.of("orders")));

        lock.end();

        assertEquals(Set.of("orders"), session.look(List.of("orders")).rows().keySet());
        assertEquals(Map.of(), session.look(List.of("billing")).rows());
    }

    /** Asks on the very connection that the session uses, past the session. */
    private String ask(String sql) throws SQLException {
        try (Statement statement = connections.get(0).createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
