package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.ElectionConfig;
import dev.pgleader.internal.runtime.Session;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** How a connection is closed: in words where all is well, without another word after any doubt. */
@PostgresTest
@Timeout(120)
class WireClosingTest {

    private static final byte[] TERMINATE = {'X', 0, 0, 0, 4};

    private final RecordingGuard guard = new RecordingGuard();

    @Test
    void soundConnection_saysGoodbye_underItsGuard(TestDatabase database) throws Exception {
        try (HalfOpenProxy proxy = HalfOpenProxy.to(port(database))) {
            Session session = open(database, proxy);
            session.look(List.of("orders"));
            int waits = guard.begun();

            session.close();

            assertArrayEquals(TERMINATE, proxy.lastSent());
            assertEquals(waits + 1, guard.begun());
            assertEquals(0, guard.waiting());
        }
    }

    @Test
    void doubtfulConnection_isClosedWithoutAWord(TestDatabase database) throws Exception {
        try (HalfOpenProxy proxy = HalfOpenProxy.to(port(database))) {
            Session session = open(database, proxy);
            database.execute("drop schema pgleader cascade");
            assertThrows(SessionException.class, () -> session.look(List.of("orders")));

            session.close();

            byte[] last = proxy.lastSent();
            assertFalse(Arrays.equals(TERMINATE, last), "something was sent after a doubt");
            assertEquals(0, guard.waiting());
        }
    }

    private Session open(TestDatabase database, HalfOpenProxy proxy) throws SessionException {
        PGSimpleDataSource dataSource = database.dataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {proxy.port()});
        return new PostgresDatabase(dataSource, ElectionConfig.defaults()).openSession(guard);
    }

    private static int port(TestDatabase database) {
        return URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort();
    }
}
