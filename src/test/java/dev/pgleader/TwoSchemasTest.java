package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.SqlSession;
import dev.pgleader.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** Two schemas in one database are two worlds, even where names and lock ids are the same. */
@PostgresTest
class TwoSchemasTest {

    @Test
    void sameElectionInTwoSchemas_bothAreLed_andHandedOverApart(TestDatabase database) throws Exception {
        Schema.migrate(database.dataSource(), "Other \"World\"");
        SqlSession.number(database, "pgleader", 7);
        SqlSession.number(database, "\"Other \"\"World\"\"\"", 7);
        RecordedWork here = RecordedWork.staying();
        RecordedWork there = RecordedWork.staying();
        ElectionConfig other = Settings.calm().schema("Other \"World\"").build();
        try (Elections first =
                        Elections.connect(database.dataSource(), Settings.calm().build());
                Elections second = Elections.connect(database.dataSource(), other)) {
            Leader a = first.run("orders", "a:1", here);
            Leadership inFirst = here.next();
            Leader b = second.run("orders", "b:2", there);
            Leadership inSecond = there.next();
            assertEquals(
                    database.queryOne(Integer.class, "select session_id from pgleader.election"),
                    database.queryOne(Integer.class, "select session_id from \"Other \"\"World\"\"\".election"));
            assertEquals("a:1", a.address());
            assertEquals("b:2", b.address());

            assertTrue(a.resign());

            assertFalse(inFirst.isHeld());
            assertTrue(inSecond.isHeld());
            assertTrue(here.next().isHeld());
            b.close();
            assertEquals("a:1", a.address());
            assertEquals(1, there.calls());
        }
    }
}
