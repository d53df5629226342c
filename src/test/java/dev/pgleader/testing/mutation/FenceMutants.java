package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in the fence and in fenced work: the SQL functions, the keys and locks that they rest on, and the calls. */
final class FenceMutants {

    private static final String SCHEMA = "src/main/resources/db/migration/pgleader/V1__elections.pgsql";
    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    /** The invocation of the fence's tests that has to do with its shared form. */
    private static final String SHARED = "[4]";

    /** From this version on a whole transaction can be bounded. */
    static final int WITH_TRANSACTION_TIMEOUT = 17;

    private FenceMutants() {}

    static List<Mutant> all(int serverVersion) {
        List<Mutant> all = new ArrayList<>();
        all.addAll(key().all());
        all.addAll(function().all());
        all.addAll(sharedForm().all());
        all.addAll(guard().all());
        all.addAll(once().all());
        all.addAll(call().all());
        all.addAll(transaction().all());
        if (serverVersion >= WITH_TRANSACTION_TIMEOUT) {
            all.addAll(boundOnTransactions().all());
        }
        return all;
    }

    private static MutantList key() {
        String key = "    unique (name, term),\n";
        String otherKey = "    unique (name, fence_key),\n";
        MutantList list = new MutantList(SCHEMA, TESTS);
        String noKey = "fence without the unique key";
        list.add(
                noKey,
                List.of(new Mutation(noKey, SCHEMA, key, otherKey), unnoticed(noKey)),
                "FenceTest#termChangedByAnyStatement_underTheFence_waits");
        String nothing = "fence that rests on nothing";
        Mutation take = new MutantList(FOLDER + "BidSql.java", TESTS)
                .within("TAKEN", nothing, "for update of e skip locked", "for no key update of e skip locked");
        return list.add(
                nothing,
                List.of(new Mutation(nothing, SCHEMA, key, otherKey), take, unnoticed(nothing)),
                "JdbcSessionTest#rowsLockedOrFenced_arePassedOver_andTheOthersAreNot");
    }

    /** Without the key no session opens, before any test could see what else becomes of it. */
    private static Mutation unnoticed(String name) {
        return new MutantList(FOLDER + "SetupSql.java", TESTS)
                .within("FLAWS", name, "('election', 'name, term'), ", "");
    }

    private static final String ROW_LOCK =
            """
                             where e.name = hold.election and e.term = hold.term
                               and exists (select from %1$I.session as s
                                            where s.id = e.session_id and s.expires_at > transaction_timestamp())
                               for key share of e;
            """;

    private static final String SHARED_LOCK =
            """
                              where e.name = hold.election and e.term = hold.term and e.fence_key = held
                                and exists (select from %1$I.session as s
                                             where s.id = e.session_id and s.expires_at > transaction_timestamp());
            """;

    private static MutantList function() {
        String under = "FenceTest#takeoverUnderTheFence_waits_andTheFencedWriteCommitsFirst";
        String beats = "FenceTest#heartbeatsUnderTheFence_pass_andTheTransactionCommits";
        String bounds = "FenceTest#boundsOfTheFence_endWithTheTransaction_andStricterOnesStay";
        String idle = "set_config('idle_in_transaction_session_timeout', milliseconds, true)";
        MutantList list = new MutantList(SCHEMA, TESTS);
        inHold(list, "", ROW_LOCK);
        inHold(list, ", shared form", SHARED_LOCK);
        replaced(
                list,
                "fence that minds the age of its snapshot",
                ROW_LOCK,
                "transaction_timestamp()",
                "clock_timestamp()",
                "FenceTest#oldSnapshot_ofALeaseExtendedSince_isNotRefused");
        return list.anywhere("fence that only reads", "for key share of e;", ";", under)
                .anywhere("fence that keeps heartbeats out", "for key share of e;", "for share of e;", beats)
                .anywhere("fence that keeps all writes out", "for key share of e;", "for no key update of e;", beats)
                .anywhere(
                        "fence that waits for nobody",
                        "for key share of e;",
                        "for key share of e skip locked;",
                        "FenceTest#rowLockedMeanwhile_fenceWaits_andPasses")
                .anywhere("transaction that may stand still", "perform " + idle + ";", "null;", bounds)
                .anywhere("bound that outlives its transaction", idle, idle.replace("true", "false"), bounds)
                .anywhere(
                        "bound that loosens a stricter one",
                        "if current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and"
                                + " longest",
                        "if true",
                        bounds)
                .anywhere(
                        "bound only where there was none",
                        "current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and"
                                + " longest",
                        "current_setting('idle_in_transaction_session_timeout')::interval = '0'",
                        bounds)
                .anywhere(
                        "fence of a term that was put back",
                        "or exists (select from %1$I.term_history as h where h.election = hold.election"
                                + " and h.term > hold.term)",
                        "",
                        "FenceTest#rowPutBackToAnOldTerm_fenceRefuses")
                .anywhere(
                        "bound as long as the caller likes",
                        "least(coalesce(at_most, '30 seconds'), '10 minutes')",
                        "coalesce(at_most, '30 seconds')",
                        "FenceTest#boundThatTheCallerAsksFor_isCapped")
                .anywhere(
                        "bound that may be missing",
                        "coalesce(at_most, '30 seconds')",
                        "at_most",
                        "FenceTest#boundThatTheCallerAsksFor_isCapped")
                .anywhere(
                        "fence without a bound",
                        "perform %1$I.bound(fence.at_most);",
                        "",
                        "FenceTest#configuredTimeout_isTheBound")
                .anywhere(
                        "fence for owners only",
                        "            language plpgsql security definer set search_path = pg_catalog, pg_temp\n"
                                + "            as %2$L;\n        create function %1$I.fence_shared",
                        "            language plpgsql set search_path = pg_catalog, pg_temp\n"
                                + "            as %2$L;\n        create function %1$I.fence_shared",
                        "FenceTest#writer_withoutRightsOnTheTable_mayUseTheFence");
    }

    /** What either form must ask of the row. */
    private static void inHold(MutantList list, String form, String condition) {
        String way = form.isEmpty() ? "[1]" : SHARED;
        String after = form.isEmpty() ? "[1]" : "[2]";
        replaced(
                list,
                "fence of any term" + form,
                condition,
                " and e.term = hold.term",
                "",
                "FenceTest#termOfTheFuture_fenceRefuses" + way);
        replaced(
                list,
                "fence of terms to come" + form,
                condition,
                "e.term = hold.term",
                "e.term <= hold.term",
                "FenceTest#termOfTheFuture_fenceRefuses" + way);
        replaced(
                list,
                "fence of any session" + form,
                condition,
                "s.id = e.session_id and ",
                "",
                "FenceTest#vacatedBeforeTheTransaction_fenceRefuses" + way,
                "FenceTest#vacatedAfterTheTransactionBegan_fenceRefuses" + after);
        replaced(
                list,
                "fence of a lease that is over" + form,
                condition,
                " and s.expires_at > transaction_timestamp()",
                "",
                "FenceTest#leaseOverBeforeTheTransaction_fenceRefuses_soThatNoSuccessorStarves" + way);
        replaced(
                list,
                "fence that asks for no session" + form,
                condition,
                "and exists (",
                "and true or exists (",
                "FenceTest#sessionWithoutARow_fenceRefuses" + way);
    }

    private static void replaced(
            MutantList list, String name, String part, String original, String replacement, String... tests) {
        list.anywhere(name, part, part.replace(original, replacement), tests);
    }

    private static MutantList sharedForm() {
        String under = "FenceTest#takeoverUnderTheFence_waits_andTheFencedWriteCommitsFirst" + SHARED;
        String wait = "FenceTest#takeoverUnderWay_sharedForm_waits_andIsRefused";
        String changes = "FenceTest#termChangedByAnyStatement_underTheSharedForm_isPassedOver";
        String read = "                select e.fence_key, e.tableoid into held, relation from %1$I.election as e"
                + " where e.name = hold.election;\n";
        String replica = "FenceTest#replicationRole_underTheSharedForm_isNoWayRoundIt";
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "shared form without a lock", "perform pg_advisory_xact_lock_shared(", "perform concat(", under)
                .anywhere(
                        "shared form that waits for nobody",
                        "perform pg_advisory_xact_lock_shared(",
                        "perform pg_try_advisory_xact_lock_shared(",
                        wait)
                .anywhere(
                        "shared form that reads before it locks",
                        SHARED_LOCK,
                        "                  where held is not null;\n",
                        "FenceTest#takeoverAfterTheSnapshot_fenceRefuses" + SHARED,
                        wait)
                .anywhere(
                        "shared form at every level",
                        "if current_setting('transaction_isolation') not in",
                        "if current_setting('transaction_isolation') in ('none') and"
                                + " current_setting('transaction_isolation') not in",
                        "FenceTest#stricterIsolation_sharedForm_isRefused_sinceItWouldNotHold")
                .anywhere(
                        "shared form that is the other form",
                        "perform %1$I.hold(fence_shared.election, fence_shared.term, true);",
                        "perform %1$I.hold(fence_shared.election, fence_shared.term, false);",
                        changes)
                .anywhere("shared form of another key", read, read + "                held := -held;\n", under)
                .anywhere(
                        "shared form without a bound",
                        "perform %1$I.bound(fence_shared.at_most);",
                        "",
                        "FenceTest#boundsOfTheSharedForm_areThoseOfTheOther")
                .anywhere(
                        "taker who asks for no fence",
                        "if pg_try_advisory_xact_lock(",
                        "if true or pg_try_advisory_xact_lock(",
                        under)
                .anywhere(
                        "taker who only shares",
                        "if pg_try_advisory_xact_lock(",
                        "if pg_try_advisory_xact_lock_shared(",
                        under)
                .anywhere(
                        "election that may be renamed",
                        "update of name, fence_key, term",
                        "update of fence_key, term",
                        changes)
                .anywhere(
                        "lock that may be exchanged",
                        "update of name, fence_key, term",
                        "update of name, term",
                        changes)
                .anywhere(
                        "election that may be deleted",
                        "trigger removal_respects_fences before delete on",
                        "trigger removal_respects_fences after delete on",
                        changes)
                .anywhere(
                        "taker in disguise who asks for no fence",
                        "alter table %1$I.election enable always trigger term_respects_fences;",
                        "",
                        replica)
                .anywhere(
                        "election that may be deleted in disguise",
                        "alter table %1$I.election enable always trigger removal_respects_fences;",
                        "",
                        replica);
    }

    private static MutantList guard() {
        String forged = "GuardTest#forgedNoteOfAnOldTerm_isRejected_atEveryIsolationLevel";
        String garbage = "GuardTest#noteThatIsNoTerm_isNoFence";
        String again = "current_setting('transaction_isolation') in ('read committed', 'read uncommitted'));";
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "fence that is not noted",
                        "perform set_config(noted, hold.term::text, true);",
                        "null;",
                        "GuardTest#write_underTheFence_passes")
                .anywhere(
                        "note that stays in the session",
                        "set_config(noted, hold.term::text, true)",
                        "set_config(noted, hold.term::text, false)",
                        "GuardTest#nextTransaction_isNotFencedByTheLast")
                .anywhere(
                        "one note for all elections",
                        "'pgleader.fenced_' || e.tableoid || '_' || e.fence_key",
                        "'pgleader.fenced_' || e.tableoid || '_' || 1",
                        "GuardTest#fenceOfAnotherElection_isNone",
                        "GuardTest#tableOfTwoElections_needsBothFences_inOneTransaction")
                .anywhere(
                        "guard that believes the note",
                        "perform %1$I.fence_again(tg_argv[0], noted::bigint);",
                        "",
                        forged)
                .anywhere(
                        "guard that lets everybody write",
                        "if noted is null or noted !~ '^[0-9]{1,18}$' then",
                        "if noted is null or noted !~ '^[0-9]{1,18}$' then return old;",
                        "GuardTest#write_withoutAFence_isRejected")
                .anywhere(
                        "guard that takes anything for a term",
                        "if noted is null or noted !~ '^[0-9]{1,18}$' then",
                        "if noted is null then",
                        garbage)
                .anywhere("guard that reads an old snapshot", again, "true);", forged)
                .anywhere(
                        "guard that tightens the bound",
                        "else interval '10 minutes' end);",
                        "else interval '30 seconds' end);",
                        "GuardTest#boundOfTheFence_isLeftAsItIs")
                .anywhere(
                        "forged note that may stand still",
                        "then interval '30 seconds' else",
                        "then interval '10 minutes' else",
                        "GuardTest#forgedNoteOfTheCurrentTerm_fences")
                .anywhere(
                        "writer whose own bound counts",
                        "else interval '10 minutes' end);",
                        "else interval '10 minutes' end)"
                                + " where current_setting('idle_in_transaction_session_timeout') = '0';",
                        "GuardTest#boundOfTheWritersOwn_isCapped")
                .anywhere(
                        "guard that undoes updates",
                        "if tg_level = 'ROW' and tg_op <> 'DELETE' then",
                        "if false then",
                        "GuardTest#guardOnEachRow_doesNotChangeWhatIsWritten")
                .anywhere(
                        "guard of nothing",
                        "if tg_nargs <> 1 then",
                        "if tg_nargs > 1 then",
                        "GuardTest#guardWithoutOneElection_letsNobodyWrite");
    }

    private static MutantList once() {
        return new MutantList(SCHEMA, "dev.pgleader")
                .anywhere(
                        "key that everybody was the first to use",
                        "return found;",
                        "return true;",
                        "OnceTest#secondCall_evenInALaterTerm_doesNothing")
                .anywhere(
                        "work once per term",
                        "primary key (election, key)",
                        "primary key (election, key, term)",
                        "OnceTest#secondCall_evenInALaterTerm_doesNothing")
                .anywhere(
                        "work once for all elections",
                        "primary key (election, key)",
                        "primary key (key)",
                        "OnceTest#otherKey_orOtherElection_isOtherWork")
                .anywhere(
                        "once without a fence",
                        "perform %1$I.fence_again(once.election, once.term);",
                        "",
                        "OnceTest#sqlFunction_isForRolesWithoutRightsOnTheTables")
                .anywhere(
                        "token whose election ends at an @",
                        "substr(token, strpos(token, '@') + 1)",
                        "split_part(token, '@', 3)",
                        "OnceTest#sqlFunction_isForRolesWithoutRightsOnTheTables")
                .anywhere(
                        "no token at all",
                        "if token is null or token",
                        "if token",
                        "OnceTest#textThatIsNoToken_isRefused_ratherThanTakenForAFence");
    }

    private static MutantList boundOnTransactions() {
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "transaction that may take for ever",
                        "perform set_config('transaction_timeout', milliseconds, true);",
                        "null;",
                        "FenceTest#wholeTransaction_isBounded_whereTheServerCan");
    }

    private static MutantList transaction() {
        return new MutantList(FOLDER + "FencedTransaction.java", "dev.pgleader")
                .anywhere(
                        "work without a fence",
                        "        fencing.raise(connection, fence);\n",
                        "",
                        "FencedWorkTest#succeeded_theWorkIsNotEvenBegun",
                        "FencedWorkTest#whileTheWorkRuns_theTermCannotBeTaken")
                .anywhere(
                        "failed transaction that counts as committed",
                        "        requireSound(connection);\n",
                        "",
                        "FencedWorkTest#errorThatTheWorkSwallows_isThrownAtTheEnd")
                .anywhere(
                        "view that outlives its transaction",
                        "            lent.end();\n",
                        "",
                        "FencedWorkTest#afterTheWork_nothingThatItHadDoesAnything")
                .anywhere(
                        "transaction that the work may end",
                        "        lent.requireTransaction();\n",
                        "",
                        "FencedWorkTest#transactionEndedBySql_isNoticed_andNothingMoreIsDone")
                .anywhere(
                        "transaction that was open before",
                        "            requireNoTransaction(connection, autoCommit);\n",
                        "",
                        "FencedWorkTest#transactionAlreadyOpen_isRefused_sinceTheFenceWouldComeTooLate")
                .anywhere(
                        "failed work that is committed",
                        "            connection.rollback();\n",
                        "            connection.commit();\n",
                        "FencedWorkTest#workThrows_isRolledBack_andTheConnectionGoesBackAsItCame")
                .anywhere(
                        "connection in another mode than before",
                        "connection.setAutoCommit(true);",
                        "connection.clearWarnings();",
                        "FencedWorkTest#connectionThatCannotBeRestored_isAborted_butTheWorkIsDone");
    }

    private static MutantList call() {
        return new MutantList(FOLDER + "JdbcFencing.java", TESTS)
                .anywhere(
                        "fence that ends at once",
                        "if (connection.getAutoCommit())",
                        "if (false)",
                        "FenceTest#autocommit_isRefused_sinceItWouldFenceNothing")
                .anywhere(
                        "refusal at stricter levels is trouble of the database",
                        " || SERIALIZATION_FAILURE.equals(state)",
                        "",
                        "FenceTest#takeoverAfterTheSnapshot_fenceRefuses")
                .anywhere(
                        "refusal is trouble of the database",
                        "TERM_IS_OVER.equals(state) || ",
                        "",
                        "FenceTest#takeoverAfterTheSnapshot_fenceRefuses");
    }
}
