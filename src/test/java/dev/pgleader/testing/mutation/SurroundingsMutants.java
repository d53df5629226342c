package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in what a session does about where it finds itself: settings, warnings, tables, poolers. */
final class SurroundingsMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";
    private static final String NO_RIGHT = "JdbcSessionTest#roleThatMayOnlyWatch_hasNoRightToStand";

    private SurroundingsMutants() {}

    static List<Mutant> all(int serverVersion) {
        List<Mutant> all = new ArrayList<>();
        all.addAll(surroundings().all());
        all.addAll(wire().all());
        all.addAll(warnings().all());
        all.addAll(soundness().all());
        all.addAll(rights().all());
        all.addAll(watching().all());
        all.addAll(rightsOfTheSession().all());
        all.addAll(rowOnly().all());
        all.addAll(perTransaction().all());
        if (serverVersion >= FenceMutants.WITH_TRANSACTION_TIMEOUT) {
            all.addAll(boundOfTheSession().all());
        }
        return all;
    }

    private static MutantList setup() {
        return new MutantList(FOLDER + "SetupSql.java", TESTS);
    }

    private static MutantList boundOfTheSession() {
        return setup().in(
                        "PIN",
                        "role's own bound on transactions",
                        ">= 170000",
                        ">= 990000",
                        "JdbcSessionSurroundingsTest"
                                + "#roleWithABoundOnTransactions_isFreedOfIt_whereTheServerKnowsSuchABound");
    }

    private static MutantList soundness() {
        String unlogged = "JdbcOpeningTest#unloggedTable_isRefused_sinceACrashWouldEmptyIt";
        String noPrimaryKey = "JdbcOpeningTest#tableWithoutItsPrimaryKey_isRefused_sinceAnElectionCouldHaveTwoRows";
        String noFenceKey = "JdbcOpeningTest#tableWithoutItsFenceKey_isRefused_sinceTheFenceWouldKeepNobodyOut";
        return setup().in("FLAWS", "table that a crash empties", " or home.relpersistence <> 'p'", "", unlogged)
                .in("FLAWS", "two rows of one name", "('election', 'name'), ", "", noPrimaryKey)
                .in("FLAWS", "fence without its key goes unnoticed", "('election', 'name, term'), ", "", noFenceKey)
                .in("FLAWS", "any index is a key", "i.indisunique and ", "", noFenceKey)
                .in("FLAWS", "key of some rows", "i.indpred is null and ", "", noFenceKey)
                .in(
                        "FLAWS",
                        "trigger that a replica does not fire",
                        "t.tgenabled = 'A'",
                        "t.tgenabled in ('A', 'O')",
                        "JdbcOpeningTest#triggerThatDoesNotFireAlways_isRefused_sinceOtherHandsCouldPassIt")
                .in(
                        "FLAWS",
                        "rows that may be hidden",
                        "row_security_active(home.oid)",
                        "false",
                        "JdbcOpeningTest#rowsThatRowSecurityMayHide_areRefused_sinceNobodyWouldSeemToLead");
    }

    private static MutantList rights() {
        String watches = "JdbcSessionTest#electionWithALeader_watched_isWhatItIsToThoseWhoStand";
        return setup().in(
                        "FACTS",
                        "an observer may stand",
                        "coalesce(bool_and(has_table_privilege(r.oid, right_to)), false)",
                        "coalesce(true or bool_and(has_table_privilege(r.oid, right_to)), false)",
                        NO_RIGHT)
                .in(
                        "FACTS",
                        "one right is enough to stand",
                        "bool_and(has_table_privilege(r.oid, right_to))",
                        "bool_or(has_table_privilege(r.oid, right_to))",
                        NO_RIGHT)
                .in(
                        "FACTS",
                        "rights to other tables of the same name",
                        "r.relname = need.relation and r.relnamespace = n.oid",
                        "r.relname = need.relation",
                        "JdbcSessionTest#tablesOfTheSameNameElsewhere_takeNoRightAway")
                .in("FACTS", "an observer has to write", "(r.oid, 'select')", "(r.oid, 'update')", watches);
    }

    private static MutantList watching() {
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .anywhere(
                        "watching reads what those need who stand",
                        "look(schema, here, NO_SUCCESSION)",
                        "look(schema, here, SUCCESSION.formatted(schema))",
                        "JdbcSessionTest#whoIsToBeNext_isNotShownToThoseWhoWatch")
                .anywhere(
                        "watching reads what those need who stand, row-only",
                        "this.watch = look(schema, here, NO_SUCCESSION)",
                        "this.watch = this.look",
                        "RowOnlySessionTest#roleThatMayOnlyWatch_isRefusedEverythingElse",
                        "RowOnlySessionTest#electionWithALeader_watched_isWhatItIsToThoseWhoStand")
                .anywhere(
                        "those who watch are told of a successor",
                        "\"null as successor,",
                        "\"e.successor,",
                        "JdbcSessionTest#whoIsToBeNext_isNotShownToThoseWhoWatch");
    }

    private static MutantList rightsOfTheSession() {
        return new MutantList(FOLDER + "JdbcSession.java", TESTS)
                .anywhere(
                        "session of an observer may stand",
                        "if (!facts.mayStand()) {\n            throw",
                        "if (wire == null) {\n            throw",
                        NO_RIGHT)
                .anywhere(
                        "observer rehearses what it may not do",
                        "if (!facts.mayStand()) {\n                watch",
                        "if (wire == null) {\n                watch",
                        NO_RIGHT);
    }

    private static MutantList rowOnly() {
        String lockless = "RowOnlySessionTest#session_hasNoLock";
        return new MutantList(FOLDER + "SessionSql.java", TESTS)
                .in(
                        "ENTER",
                        "server of a pooler",
                        "case when mine.real then here.started_at end",
                        "here.started_at",
                        lockless)
                .in(
                        "ENTER",
                        "lock of a pooler",
                        "clock_timestamp() + mine.lease, false",
                        "clock_timestamp() + mine.lease, true",
                        lockless);
    }

    private static MutantList perTransaction() {
        String defaults = "RowOnlySessionTest#roleDefaultsThatHurt_areOverriddenInEveryTransaction";
        MutantList list = new MutantList(FOLDER + "OwnSettings.java", TESTS)
                .anywhere("role's own isolation, row-only", " isolation level read committed", "", defaults)
                .anywhere("role's own read-only, row-only", "read committed read write", "read committed", defaults);
        for (String setting : List.of(
                "synchronous_commit",
                "search_path",
                "statement_timeout",
                "lock_timeout",
                "idle_in_transaction_session_timeout")) {
            list.anywhere(
                    "role's own " + setting + ", row-only",
                    "set local " + setting + " ",
                    "set local pgleader.unused ",
                    defaults);
        }
        return list;
    }

    private static MutantList warnings() {
        return new MutantList(FOLDER + "Warnings.java", TESTS)
                .anywhere(
                        "commit that was warned about counts",
                        "state != null && state.startsWith(\"01\")",
                        "false",
                        "SynchronousCommitTest#waitForTheStandbyCancelled_commitDoesNotCount");
    }

    private static MutantList wire() {
        return new MutantList(FOLDER + "Wire.java", TESTS)
                .anywhere(
                        "commit of a transaction that was warned about counts",
                        "execute(\"commit\", warnings);",
                        "execute(\"commit\", Warnings.IGNORED);",
                        "SynchronousCommitTest#waitForTheStandbyCancelled_withoutASession_commitDoesNotCountEither")
                .anywhere(
                        "transaction left open by a busy table",
                        "            try {\n                execute(\"rollback\", Warnings.IGNORED);",
                        "            try {\n                execute(\"select\", Warnings.IGNORED);",
                        "RowOnlySessionTest#tableLocked_theNextStatement_worksAgain")
                .anywhere(
                        "transaction left open by a renewal that was refused",
                        """
                        execute("rollback", Warnings.IGNORED);
                                        }
                                        return otherwise""",
                        """
                        execute("select", Warnings.IGNORED);
                                        }
                                        return otherwise""",
                        "RowOnlySessionTest#renewalThatIsRefusedAsAWhole_leavesTheNextStatementAlone");
    }

    private static MutantList surroundings() {
        String defaults = "JdbcSessionSurroundingsTest#roleDefaultsThatHurt_areOverridden";
        MutantList list = setup();
        for (String setting : List.of(
                "'standard_conforming_strings', 'on'",
                "'default_transaction_isolation', 'read committed'",
                "'default_transaction_read_only', 'off'",
                "'default_transaction_deferrable', 'off'",
                "'synchronous_commit', 'on'",
                "'search_path', 'pg_catalog'",
                "'statement_timeout', ?",
                "'lock_timeout', ?")) {
            String name = setting.substring(0, setting.indexOf(','));
            String value = setting.substring(setting.indexOf(',') + 2);
            list.in("PIN", "role's own " + name, setting, "'pgleader.unused', " + value, defaults);
        }
        return list.in(
                "PIN",
                "role that hears no warnings",
                "'client_min_messages', 'warning'",
                "'pgleader.unused', 'warning'",
                "SynchronousCommitTest#waitCancelled_whereTheRoleHearsNoWarnings_commitDoesNotCountEither");
    }
}
