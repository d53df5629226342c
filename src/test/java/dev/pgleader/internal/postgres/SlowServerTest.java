package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionConfig;
import dev.pgleader.Problem;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that answers too late, but answers: the session goes on, so that the server is not made busier by a new one. */
@PostgresTest
@Timeout(60)
class SlowServerTest {

    private static final ElectionConfig CONFIG =
            ElectionConfig.builder().statementTimeout(Duration.ofMillis(250)).build();

    private static final String TOO_LONG = "do 'begin perform pg_sleep(30); end'";
    private static final String FIRST_TIME_TOO_LONG =
            "do $$ begin if nextval('public.tries') = 1 then perform pg_sleep(30); end if; end $$";

    private TestDatabase database;

    @BeforeEach
    void open(TestDatabase fresh) {
        database = fresh;
        database.execute("create sequence public.tries");
        database.execute("grant usage on sequence public.tries to " + database.username());
    }

    @Test
    void statementThatTookTooLong_hadNoEffect_andTheSessionGoesOn() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            int pid = mine.pid();

            BusyException slow = assertThrows(BusyException.class, () -> mine.run(TOO_LONG));

            assertTrue(slow.isSlow(), slow::getMessage);
            assertEquals(Map.of(), mine.session.look(List.of("orders")).rows());
            assertEquals(pid, mine.pid());
        }
    }

    @Test
    void statementThatWaitsForALock_isNotSlow() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG);
                TableHeld table = TableHeld.in(database)) {
            BusyException inTheWay =
                    assertThrows(BusyException.class, () -> mine.run("delete from pgleader.session where id = 0"));

            assertFalse(inTheWay.isSlow(), inTheWay::getMessage);
            table.release();
        }
    }

    @Test
    void sameStatementThreeTimesInARow_endsTheSession_andIsSaidAsWhatItIs() throws Exception {
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            assertThrows(BusyException.class, () -> mine.run(TOO_LONG));
            mine.run("do 'begin end'");
            assertThrows(BusyException.class, () -> mine.run(TOO_LONG));

            SessionException ended = assertThrows(SessionException.class, () -> mine.run(TOO_LONG));

            assertEquals(Problem.Kind.UNREACHABLE, ended.problem().kind());
            assertTrue(ended.problem().remedy().contains("too busy"), ended::getMessage);
        }
    }

    @Test
    void statementThatWasAnsweredMeanwhile_beginsAnew() throws Exception {
        String everyThirdTime =
                "do $$ begin if nextval('public.tries') % 3 <> 0 then perform pg_sleep(30); end if; end $$";
        try (SessionUnderTest mine = SessionUnderTest.open(database.dataSource(), CONFIG)) {
            for (int i = 0; i < 2; i++) {
                assertThrows(BusyException.class, () -> mine.run(everyThirdTime));
                assertThrows(BusyException.class, () -> mine.run(everyThirdTime));
                mine.run(everyThirdTime);
            }
        }
    }

    @Test
    void whileOpening_itIsAskedAgain_sinceWhatTheServerHasLoadedByThenIsNotLost() throws Exception {
        Wire wire = Wire.open(
                Connector.to(database.dataSource(), CONFIG), CONFIG.statementTimeout(), Guard.NONE, "pgleader");
        try {
            OwnSettings.apply(wire, CONFIG);

            wire.update(FIRST_TIME_TOO_LONG, statement -> {});
            assertEquals(2L, database.queryOne(Long.class, "select last_value from public.tries"));

            assertThrows(SessionException.class, () -> wire.update(TOO_LONG, statement -> {}));
        } finally {
            wire.close();
        }
    }

    @Test
    void rowOnly_itIsUndone_andTheConnectionGoesOn() throws Exception {
        Wire wire = Wire.open(
                Connector.to(database.dataSource(), CONFIG), CONFIG.statementTimeout(), Guard.NONE, "pgleader");
        wire.frameEach(OwnSettings.perTransaction(CONFIG));
        wire.opened();
        try {
            assertThrows(BusyException.class, () -> wire.update(FIRST_TIME_TOO_LONG, statement -> {}));

            wire.update(FIRST_TIME_TOO_LONG, statement -> {});
        } finally {
            wire.close();
        }
    }
}
