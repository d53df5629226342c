package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in the fence: its SQL function, the key that it rests on, and the call. */
final class FenceMutants {

    private static final String SCHEMA = "src/main/resources/db/migration/pgleader/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    /** From this version on a whole transaction can be bounded. */
    static final int WITH_TRANSACTION_TIMEOUT = 17;

    private FenceMutants() {}

    static List<Mutant> all(int serverVersion) {
        List<Mutant> all = new ArrayList<>();
        all.addAll(key().all());
        all.addAll(function().all());
        all.addAll(call().all());
        if (serverVersion >= WITH_TRANSACTION_TIMEOUT) {
            all.addAll(boundOnTransactions().all());
        }
        return all;
    }

    private static MutantList key() {
        String key = "    unique (name, term),\n";
        String otherKey = "    unique (name, lock_id),\n";
        String noKeyName = "fence without the unique key";
        MutantList list = new MutantList(SCHEMA + "V1__election.pgsql", TESTS);
        list.add(
                noKeyName,
                List.of(new Mutation(noKeyName, SCHEMA + "V1__election.pgsql", key, otherKey), unnoticed(noKeyName)),
                "FenceTest#termChangedByAnyStatement_underTheFence_waits");
        String name = "fence that rests on nothing";
        Mutation take = new MutantList("src/main/java/dev/pgleader/internal/postgres/Sql.java", TESTS)
                .within("TAKE", name, "for update of e skip locked", "for no key update of e skip locked");
        Mutation noKey = new Mutation(name, SCHEMA + "V1__election.pgsql", key, otherKey);
        return list.add(
                name,
                List.of(noKey, take, unnoticed(name)),
                "FenceTest#takeoverUnderTheFence_waits_andTheFencedWriteCommitsFirst");
    }

    /** Without the key no session opens, before any test could see what else becomes of it. */
    private static Mutation unnoticed(String name) {
        return new Mutation(
                name,
                "src/main/java/dev/pgleader/internal/postgres/Facts.java",
                "if (!rows.getBoolean(\"fence_key\"))",
                "if (false)");
    }

    private static MutantList function() {
        String under = "FenceTest#takeoverUnderTheFence_waits_andTheFencedWriteCommitsFirst";
        String beats = "FenceTest#heartbeatsUnderTheFence_pass_andTheTransactionCommits";
        String bounds = "FenceTest#boundsOfTheFence_endWithTheTransaction_andStricterOnesStay";
        String idle = "set_config('idle_in_transaction_session_timeout', bound, true)";
        return new MutantList(SCHEMA + "V2__fence.pgsql", TESTS)
                .anywhere("fence that only reads", "                for key share;", "                ;", under)
                .anywhere("fence that keeps heartbeats out", "for key share;", "for share;", beats)
                .anywhere("fence that keeps all writes out", "for key share;", "for no key update;", beats)
                .anywhere(
                        "fence that waits for nobody",
                        "for key share;",
                        "for key share skip locked;",
                        "FenceTest#rowLockedMeanwhile_fenceWaits_andPasses")
                .anywhere(
                        "fence of any term",
                        " and e.term = fence.term",
                        "",
                        "FenceTest#takeoverAfterTheSnapshot_fenceRefuses")
                .anywhere(
                        "fence of terms to come",
                        "e.term = fence.term",
                        "e.term <= fence.term",
                        "FenceTest#termOfTheFuture_fenceRefuses")
                .anywhere(
                        "fence of any election",
                        "e.name = fence.election and ",
                        "",
                        "FenceTest#electionThatNobodyKnows_fenceRefuses")
                .anywhere(
                        "fence of a vacant election",
                        "e.candidate is not null and ",
                        "",
                        "FenceTest#vacatedAfterTheTransactionBegan_fenceRefuses")
                .anywhere(
                        "fence of a lease that is over",
                        " and e.expires_at > transaction_timestamp()",
                        "",
                        "FenceTest#leaseOverBeforeTheTransaction_fenceRefuses_soThatNoSuccessorStarves")
                .anywhere(
                        "fence that minds the age of its snapshot",
                        "e.expires_at > transaction_timestamp()",
                        "e.expires_at > clock_timestamp()",
                        "FenceTest#oldSnapshot_ofALeaseExtendedSince_isNotRefused")
                .anywhere("transaction that may stand still", "perform " + idle + ";", "null;", bounds)
                .anywhere("bound that outlives its transaction", idle, idle.replace("true", "false"), bounds)
                .anywhere(
                        "bound that loosens a stricter one",
                        "if current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and at_most",
                        "if true",
                        bounds)
                .anywhere(
                        "bound only where there was none",
                        "current_setting('idle_in_transaction_session_timeout')::interval not between '1 ms' and at_most",
                        "current_setting('idle_in_transaction_session_timeout')::interval = '0'",
                        bounds)
                .anywhere(
                        "fence for owners only",
                        "language plpgsql security definer",
                        "language plpgsql",
                        "FenceTest#writer_withoutRightsOnTheTable_mayUseTheFence");
    }

    private static MutantList boundOnTransactions() {
        return new MutantList(SCHEMA + "V2__fence.pgsql", TESTS)
                .anywhere(
                        "transaction that may take for ever",
                        "perform set_config('transaction_timeout', bound, true);",
                        "null;",
                        "FenceTest#wholeTransaction_isBounded_whereTheServerCan");
    }

    private static MutantList call() {
        return new MutantList("src/main/java/dev/pgleader/internal/postgres/JdbcFencing.java", TESTS)
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
