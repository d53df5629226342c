package dev.pgleader.faults;

import dev.pgleader.testing.EmbeddedServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The table in which the database itself writes down what was committed, and in which order. One thread only.
 *
 * <p>The number of an entry is counted in one row, which stays locked until the commit: numbers are in the order of commits
 * whatever the server's clock does. A trigger enters every taking of a term, which the library knows nothing of.
 */
final class Book {

    /** Enters one write: kind, term, candidate. */
    static final String ENTER = "select faults.enter(?, ?, ?)";

    private static final String SETUP =
            """
            create schema faults;
            create table faults.counter (number bigint not null) with (fillfactor = 10);
            insert into faults.counter values (0);
            create table faults.entry (number bigint not null, kind text not null, term bigint not null, who text not null);
            create index on faults.entry (number);
            create function faults.enter(kind text, term bigint, who text) returns void
                language sql security definer
            as $$
                with next as (update faults.counter set number = number + 1 returning number)
                insert into faults.entry select next.number, kind, term, who from next
            $$;
            create function faults.taken() returns trigger
                language plpgsql security definer
            as $$
            begin
                perform faults.enter('TAKEN', new.term, new.address);
                return null;
            end
            $$;
            create trigger taken after update on pgleader.election
                for each row when (new.term is distinct from old.term) execute function faults.taken();
            grant usage on schema faults to public;
            """;

    private static final String READ =
            "select number, kind, term, who from faults.entry where number > ? order by number";

    private final EmbeddedServer server;
    private final String database;
    private final History history = new History();

    Book(EmbeddedServer server, String database) {
        this.server = server;
        this.database = database;
    }

    /** Makes the table in a database that has the library's. */
    static void create(Connection admin) throws SQLException {
        try (var statement = admin.createStatement()) {
            statement.execute(SETUP);
        }
    }

    /** Reads on from where it stopped last time. */
    History read() throws SQLException {
        try (Connection admin = server.connectAsAdmin(database);
                PreparedStatement statement = admin.prepareStatement(READ)) {
            statement.setLong(1, history.lastNumber());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    history.add(new History.Entry(
                            rows.getLong(1),
                            History.Kind.valueOf(rows.getString(2)),
                            rows.getLong(3),
                            rows.getString(4)));
                }
            }
        }
        return history;
    }
}
