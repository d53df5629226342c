package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.testing.PostgresTest;
import dev.pgleader.testing.TestDatabase;
import dev.pgleader.testing.WithoutSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a name holds, it is data. */
@PostgresTest
class HostileNamesTest {

    private static final ElectionConfig CONFIG = Settings.calm().build();

    static Stream<String> texts() {
        return Stream.of(
                "'; drop table pgleader.election; --",
                "\"; drop schema pgleader cascade; \"",
                "$$ $body$ $definition$",
                "%s %1$I %L %n {} {0}",
                "back\\slash \\' E'\\x27'",
                "?, ?::text[] :name",
                "{\"a\", NULL, 'b'}",
                "null",
                "line\nbreak\ttab\u0007bell",
                "\uD83D\uDC7E\uD83D\uDC69\u200D\uD83D\uDCBB \u202Eright to left\u202C e\u0301",
                "at@sign @ 12@34",
                "e".repeat(255));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyText_isAnElectionAnAddressAVersionAKeyAndASuccessor(String hostile, TestDatabase database)
            throws Exception {
        RecordedWork first = RecordedWork.staying();
        RecordedWork second = RecordedWork.staying();
        String other = hostile.substring(0, Math.min(hostile.length(), 250)) + " 2";
        try (Elections one = Elections.connect(database.dataSource(), CONFIG);
                Elections two = Elections.connect(database.dataSource(), CONFIG)) {
            Leader leader = one.run(hostile, CandidateConfig.at(hostile).withVersion(hostile), first);
            Leadership held = first.next();
            two.run(hostile, CandidateConfig.at(other).withVersion(hostile), second);
            Candidates.arePresent(database, hostile, hostile, other);

            assertEquals(hostile, leader.address());
            assertTrue(held.once(hostile, connection -> {}));
            fenceByToken(database, held.fence());
            long asked = database.queryOne(Long.class, "select pgleader.request_resignation(?, ?)", hostile, other);

            assertEquals(held.term(), asked);
            assertEquals(
                    List.of(asked, second.next().term()),
                    database.queryAll(
                            Long.class, "select term from pgleader.history where election = ? order by term", hostile));
            assertEquals(
                    List.of(other),
                    database.queryAll(
                            String.class,
                            "select address from pgleader.leader where election = ? and version = ?",
                            hostile,
                            hostile));
            assertEquals(
                    List.of("handed over"),
                    database.queryAll(
                            String.class,
                            "select ending from pgleader.history where election = ? and ended_at is not null",
                            hostile));
        }
    }

    private static void fenceByToken(TestDatabase database, Fence fence) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                PreparedStatement statement = connection.prepareStatement("select pgleader.fence(?)")) {
            connection.setAutoCommit(false);
            statement.setString(1, fence.token());
            try (ResultSet rows = statement.executeQuery()) {
                assertTrue(rows.next());
            }
            connection.commit();
        }
        assertEquals(fence, Fence.parse(fence.token()));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void everyTextThatFits_isASchema(String hostile, @WithoutSchema TestDatabase database) throws Exception {
        String schema = hostile.substring(0, Math.min(20, hostile.length()));
        RecordedWork work = RecordedWork.staying();
        RecordedWork second = RecordedWork.staying();
        Schema.migrate(database.dataSource(), schema);
        ElectionConfig config = Settings.calm().schema(schema).build();

        try (Elections one = Elections.connect(database.dataSource(), config);
                Elections two = Elections.connect(database.dataSource(), config)) {
            Leader leader = one.run("orders", "a:1", work);
            assertTrue(work.next().once("key", connection -> {}));
            Leader heir = two.run("orders", "b:2", second);
            Candidates.arePresentIn(schema, database, "orders", "a:1", "b:2");
            leader.handOverTo(heir.candidate());

            assertTrue(second.next().isHeld());
        }
    }

    @Test
    void whatPostgresCannotStore_isRefusedAtOnce(TestDatabase database) {
        try (Elections elections = Elections.connect(database.dataSource(), CONFIG)) {
            RecordedWork work = RecordedWork.staying();
            for (String text : List.of("nul\0", "half \uD83D", "x".repeat(10_000))) {
                assertThrows(IllegalArgumentException.class, () -> elections.run(text, "a:1", work));
                assertThrows(IllegalArgumentException.class, () -> elections.run("orders", text, work));
                assertThrows(IllegalArgumentException.class, () -> CandidateConfig.at("a:1")
                        .withVersion(text));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Settings.calm().schema(text).build());
            }
            assertEquals(0, work.calls());
        }
    }
}
