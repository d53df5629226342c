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

    private static MutantList sql() {
        return new MutantList(FOLDER + "Sql.java", TESTS);
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
        return setup().in("FACTS", "table that a crash empties", "c.relpersistence = 'p'", "true", unlogged)
                .in("FACTS", "two rows of one name", "'{name}' = any(k.keys)", "true", noPrimaryKey)
                .in("FACTS", "fence without its key goes unnoticed", "'{name,term}' = any(k.keys)", "true", noFenceKey)
                .in("FACTS", "any index is a key", "i.indisunique and ", "", noFenceKey)
                .in("FACTS", "key of some rows", "i.indpred is null and ", "", noFenceKey);
    }

    private static MutantList rights() {
        String watches = "JdbcSessionTest#electionWithALeader_watched_isWhatItIsToThoseWhoStand";
        return setup().in(
                        "FACTS",
                        "whoever may watch may stand",
                        "select bool_and(has_table_privilege(o.oid, right_to))",
                        "select true or bool_and(has_table_privilege(o.oid, right_to))",
                        NO_RIGHT)
                .in("FACTS", "one right is enough to stand", "bool_and(has_table", "bool_or(has_table", NO_RIGHT)
                .in(
                        "FACTS",
                        "rights to other tables of the same name",
                        " and o.relnamespace = c.relnamespace",
                        "",
                        "JdbcSessionTest#tablesOfTheSameNameElsewhere_takeNoRightAway")
                .in("FACTS", "whoever watches has to write", "(t.oid, 'select')", "(t.oid, 'update')", watches);
    }

    private static MutantList watching() {
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .anywhere(
                        "watching reads what those need who stand",
                        "COLUMNS.formatted(NO_SUCCESSION), election",
                        "columns, election",
                        "JdbcSessionTest#whoIsToBeNext_isNotShownToThoseWhoWatch")
                .anywhere(
                        "watching reads what those need who stand, row-only",
                        "this.watch = LOOK.formatted(COLUMNS.formatted(NO_SUCCESSION), election, HERE)",
                        "this.watch = this.look",
                        "RowOnlySessionTest#roleThatMayOnlyWatch_isRefusedEverythingElse",
                        "RowOnlySessionTest#electionWithALeader_watched_isWhatItIsToThoseWhoStand")
                .anywhere(
                        "those who watch are told of an heir",
                        "\"null as heir,",
                        "\"e.heir,",
                        "JdbcSessionTest#whoIsToBeNext_isNotShownToThoseWhoWatch");
    }

    private static MutantList rightsOfTheSession() {
        return new MutantList(FOLDER + "JdbcSession.java", TESTS)
                .anywhere(
                        "session of an onlooker may stand",
                        "if (!facts.mayStand()) {\n            throw",
                        "if (sql == null) {\n            throw",
                        NO_RIGHT)
                .anywhere(
                        "onlooker rehearses what it may not do",
                        "if (!facts.mayStand()) {\n                watch",
                        "if (sql == null) {\n                watch",
                        NO_RIGHT);
    }

    private static MutantList rowOnly() {
        String lifeless = "RowOnlySessionTest#server_isOneWithoutALife_andSoIsWhatRowsSayOfIt";
        return sql().in("TAKE", "process of a pooler", "case when s.real then a.pid end", "a.pid", lifeless)
                .in(
                        "TAKE",
                        "session of a pooler",
                        "case when s.real then a.backend_start end",
                        "a.backend_start",
                        lifeless)
                .in(
                        "TAKE",
                        "locks of a server behind a pooler",
                        "case when s.real then pg_postmaster_start_time() else 'epoch' end",
                        "pg_postmaster_start_time()",
                        lifeless)
                .in(
                        "RELEASE",
                        "other things announced without a session",
                        "pg_notify(?, name)",
                        "pg_notify(?, name || '_')",
                        "RowOnlySessionTest#change_released_isAnnounced");
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

    private static MutantList wire() {
        return new MutantList(FOLDER + "Wire.java", TESTS)
                .anywhere(
                        "commit that was warned about counts",
                        "state != null && state.startsWith(WARNING_CLASS)",
                        "false",
                        "SynchronousCommitTest#waitForTheStandbyCancelled_commitDoesNotCount")
                .anywhere(
                        "commit of a transaction that was warned about counts",
                        "execute(\"commit\", warnings);",
                        "execute(\"commit\", warning -> {});",
                        "SynchronousCommitTest#waitForTheStandbyCancelled_withoutASession_commitDoesNotCountEither")
                .anywhere(
                        "transaction left open by a busy table",
                        "execute(\"rollback\", warning -> {});",
                        "execute(\"select\", warning -> {});",
                        "RowOnlySessionTest#tableLocked_theNextStatement_worksAgain");
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
