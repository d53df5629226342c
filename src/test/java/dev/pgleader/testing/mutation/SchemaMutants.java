package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in what the migration makes beside the fence: notes of disturbance, history, requests, rights. */
final class SchemaMutants {

    private static final String SCHEMA = "src/main/resources/db/migration/pgleader/V1__elections.pgsql";
    private static final String TESTS = "dev.pgleader";

    private SchemaMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(notes().all());
        all.addAll(triggersOfNotes().all());
        all.addAll(endings().all());
        all.addAll(history().all());
        all.addAll(requests().all());
        all.addAll(rights().all());
        all.addAll(server().all());
        return all;
    }

    private static MutantList notes() {
        String marked = "DisturbedTest#markedChange_thatTakesARunningSessionsElection_isNoted";
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "mark that excuses every change",
                        "                if new.session_id is null then\n                    return null;",
                        "                if true then\n                    return null;",
                        marked)
                .anywhere(
                        "vacating that is noted",
                        "                if new.session_id is null then\n                    return null;",
                        "                if false then\n                    return null;",
                        "DisturbedTest#leadershipFromBeginToEnd_isNotNoted")
                .anywhere(
                        "taking that is noted",
                        "if new.term > old.term\n",
                        "if false\n",
                        "DisturbedTest#electionTaken_whenItsHoldersSessionIsOver_isNotNoted")
                .anywhere(
                        "taking that need not raise the term",
                        "if new.term > old.term\n",
                        "if true\n",
                        "DisturbedTest#markedChange_underWhichNoTermWasTaken_isNoted")
                .anywhere(
                        "taking from a session that runs",
                        "where s.id = old.session_id and s.expires_at > clock_timestamp())\n                then",
                        "where false)\n                then",
                        marked,
                        "DisturbedTest#electionTaken_whileItsHoldersSessionRuns_isNoted")
                .anywhere(
                        "hand that needs no mark",
                        "if tg_op = 'UPDATE' and new.xact = pg_current_xact_id() then",
                        "if tg_op = 'UPDATE' then",
                        "DisturbedTest#heldElection_changedByHand_isNoted_evenByAReplica")
                .anywhere(
                        "note for every change",
                        "and (d.election is null or d.election = note_disturbance.election))",
                        "and false)",
                        "DisturbedTest#sameElection_changedTwiceInATransaction_isNotedOnce")
                .anywhere(
                        "note for every change beyond the hundredth",
                        "and (d.election is null or d.election = note_disturbance.election))",
                        "and d.election = note_disturbance.election)",
                        "DisturbedTest#moreThanAHundredElections_inATransaction_areNotedAsAny")
                .anywhere(
                        "note for one election of many",
                        "and (d.election is null or d.election = note_disturbance.election))",
                        ")",
                        "DisturbedTest#electionsOfTwoSessions_areNotedByTheirNames")
                .anywhere(
                        "as many notes as rows",
                        "case when noted < most then note_disturbance.election end",
                        "note_disturbance.election",
                        "DisturbedTest#moreThanAHundredElections_inATransaction_areNotedAsAny")
                .anywhere(
                        "notes that name nothing",
                        "case when noted < most then note_disturbance.election end",
                        "null",
                        "DisturbedTest#electionsOfTwoSessions_areNotedByTheirNames")
                .anywhere(
                        "notes that stay for ever",
                        "where o.at < long_ago\n",
                        "where false\n",
                        "DisturbedTest#notesOlderThanAnHour_goWithTheNextOne_andYoungerOnesStay")
                .anywhere(
                        "notes that are gone before they are read",
                        "where o.at < long_ago\n",
                        "where true\n",
                        "DisturbedTest#notesOlderThanAnHour_goWithTheNextOne_andYoungerOnesStay")
                .anywhere(
                        "pruning that waits",
                        "for update skip locked));",
                        "for update));",
                        "DisturbedTest#oldNoteThatIsLocked_keepsNothingWaiting")
                .anywhere(
                        "note of an editor with every right",
                        "create function %1$I.note_change() returns trigger\n"
                                + "            language plpgsql security definer",
                        "create function %1$I.note_change() returns trigger\n            language plpgsql",
                        "DisturbedTest#roleWithoutARightToTheNotes_leavesThemAllTheSame")
                .anywhere(
                        "request of any term",
                        "where e.name = new.election and e.term = new.term;",
                        "where e.name = new.election;",
                        "DisturbedTest#requestToALeaderThatIsNone_isNotNoted")
                .anywhere(
                        "request of a vacant election for everyone",
                        "if asked is not null then",
                        "if true then",
                        "DisturbedTest#requestOfAVacantElection_isNotNoted");
    }

    private static final String COMPARED =
            """
                                 and (old.name, old.term, old.session_id, old.candidate)
                                         is distinct from (new.name, new.term, new.session_id, new.candidate))
            """;

    private static final String UNTOUCHED = "is not distinct from (new.name, new.term, new.session_id, new.candidate)";

    private static MutantList triggersOfNotes() {
        MutantList list = new MutantList(SCHEMA, TESTS);
        String edited = "DisturbedTest#heldElection_changedByHand_isNoted_evenByAReplica";
        String truncated = "DisturbedTest#electionsTruncated_isNotedForEverySession_evenByAReplica";
        String lost = "DisturbedTest#notesTruncated_isNotedForEverySession";
        String asked = "DisturbedTest#requestToResign_isNotedForTheLeadersSession_evenByAReplica";
        passedBy(list, "election", "note_change", edited);
        passedBy(list, "election", "note_removal", edited);
        passedBy(list, "election", "note_truncation", truncated);
        passedBy(list, "disturbed", "note_loss", lost);
        passedBy(list, "resignation", "note_request", asked);
        passedBy(list, "election", "remember_change", "TermHistoryTest#changedByHand_isRemoved_evenByAReplica");
        passedBy(list, "election", "remember_removal", "TermHistoryTest#changedByHand_isRemoved_evenByAReplica");
        for (String column : List.of("name", "term", "session_id", "candidate")) {
            list.anywhere(
                    "note that does not mind the " + column,
                    COMPARED,
                    COMPARED.replace("new." + column, "old." + column),
                    "DisturbedTest#markedChange_underWhichNoTermWasTaken_isNoted");
            list.anywhere(
                    "note for nobody of a change of the " + column,
                    UNTOUCHED,
                    UNTOUCHED.replace("new." + column, "old." + column),
                    edited);
        }
        return list.anywhere(
                        "note of whatever was changed",
                        COMPARED,
                        "                     and true)\n",
                        "DisturbedTest#changeThatTakesNothingFromTheHolder_andLeavesATrace_isNotNoted")
                .anywhere(
                        "change by other hands that leaves no trace",
                        "when (new.xact is distinct from pg_current_xact_id()\n                  or ",
                        "when (",
                        "DisturbedTest#changeThatTakesNothingFromTheHolder_isNotedForNobodysSession")
                .anywhere(
                        "holder disturbed by what takes nothing from it",
                        "then -1\n",
                        "then old.session_id\n",
                        "DisturbedTest#changeThatTakesNothingFromTheHolder_isNotedForNobodysSession")
                .anywhere(
                        "change of a vacant row for everyone",
                        "else coalesce(old.session_id, -1)",
                        "else old.session_id",
                        "DisturbedTest#vacantElection_changedByHand_isNotedForNobodysSession");
    }

    private static void passedBy(MutantList list, String table, String trigger, String test) {
        list.anywhere(
                "replica that passes " + trigger + " by",
                "alter table %1$I." + table + " enable always trigger " + trigger + ";",
                "",
                test);
    }

    private static MutantList endings() {
        String expired = "TermHistoryTest#takenAfterTheLease_isExpired_sinceTheEndOfTheSession";
        String byHand = "TermHistoryTest#changedByHand_isRemoved_evenByAReplica";
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "end that nobody remembers",
                        "where h.election = old.name and h.term = old.term and h.ended_at is null",
                        "where false",
                        "TermHistoryTest#vacated_endsAsTheLeaderSays")
                .anywhere(
                        "hand that says how a term ended",
                        "when not by_library then 'removed'",
                        "when false then 'removed'",
                        byHand)
                .anywhere(
                        "leader that cannot say how its term ended",
                        "coalesce(new.ending, 'removed')",
                        "'removed'",
                        "TermHistoryTest#vacated_endsAsTheLeaderSays")
                .anywhere(
                        "expired taken for deposed",
                        "when coalesce(lapsed_at <= moment, true) then 'expired'",
                        "when lapsed_at is null then 'expired'",
                        expired)
                .anywhere(
                        "end of a session whose row is gone",
                        "coalesce(lapsed_at <= moment, true)",
                        "lapsed_at <= moment",
                        "TermHistoryTest#takenAfterItsSessionsRowIsGone_isExpired")
                .anywhere(
                        "end when the next one came",
                        "greatest(h.elected_at, least(lapsed_at, moment))",
                        "moment",
                        expired)
                .anywhere(
                        "end after the next one began",
                        "                moment := new.elected_at;\n",
                        "                null;\n",
                        "TermHistoryTest#takenWhileTheLeaseRan_isDeposed_atThatMoment")
                .anywhere(
                        "session lost taken for deposed",
                        "when new.candidate = old.candidate and new.session_id <> old.session_id",
                        "when false",
                        "TermHistoryTest#takenAgainByItsOwnCandidate_onAnotherSession_hadLostItsSession")
                .anywhere(
                        "term settled while its work may be running",
                        "settled = by_library and (taken or new.released = new.term)",
                        "settled = by_library",
                        "internal.postgres.JdbcSessionTest#electionDeletedByHand_afterItWasDetached_mustStandStill")
                .anywhere(
                        "term settled by hand",
                        "settled = by_library and (taken or new.released = new.term)",
                        "settled = taken or new.released = new.term",
                        byHand)
                .anywhere(
                        "term that was outwaited never settled",
                        "settled = by_library and (taken or new.released = new.term)",
                        "settled = by_library and not taken and new.released = new.term",
                        "internal.postgres.JdbcSessionTest#electionDeletedByHand_afterOneWasOutwaited_andTheNextGivenUp_isFreeAtOnce")
                .anywhere(
                        "term that was let go and outwaited never settled",
                        "if old.session_id is null and old.released < old.term then",
                        "if false then",
                        "internal.postgres.JdbcSessionTest#electionDeletedByHand_afterADetachedTermWasOutwaited_andTheNextGivenUp_isFreeAtOnce")
                .anywhere(
                        "term that other hands removed settled by the next one",
                        "and h.term = old.term and h.ending <> 'removed'",
                        "and h.term = old.term",
                        "internal.postgres.JdbcSessionTest#electionDeletedByHand_afterATermWasRemovedByHand_andTheNextGivenUp_mustStandStill")
                .anywhere(
                        "election renamed without a trace",
                        "if tg_op = 'DELETE' or new.name <> old.name then",
                        "if tg_op = 'DELETE' then",
                        byHand)
                .anywhere(
                        "truncated terms that stay open",
                        "                 where h.election = new.name and h.ended_at is null;",
                        "                 where false;",
                        "TermHistoryTest#truncatedByHand_isRemoved_whenItIsTakenNext")
                .anywhere(
                        "open terms of other elections",
                        "                 where h.election = new.name and h.ended_at is null;",
                        "                 where h.ended_at is null;",
                        "TermHistoryTest#truncatedByHand_isRemoved_whenItIsTakenNext");
    }

    private static MutantList history() {
        String bounded = "TermHistoryTest#history_keepsAsManyTermsAsTheElectionAsksFor";
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "history of any length",
                        "                                  offset new.terms_kept\n",
                        "                                  offset 1000000\n",
                        bounded)
                .anywhere(
                        "history of other elections forgotten",
                        "                 where h.election = new.name\n                   and h.term <=",
                        "                 where h.election <> ''\n                   and h.term <=",
                        bounded)
                .anywhere(
                        "term that hands have written",
                        "taken := by_library and new.session_id",
                        "taken := new.session_id",
                        "TermHistoryTest#termWrittenByHand_isNotRemembered")
                .anywhere(
                        "term that is issued twice",
                        "                        new.elected_at);\n\n                delete",
                        "                        new.elected_at) on conflict do nothing;\n\n                delete",
                        "TermHistoryTest#termIssuedTwice_isRefused")
                .anywhere(
                        "recovery that nobody remembers",
                        "set recovered_at = clock_timestamp()",
                        "set recovered_at = null",
                        "TermHistoryTest#termTaken_standsInTheHistory_withItsLease")
                .anywhere(
                        "requests that outlive their term",
                        "r.election = new.name and r.term < new.term",
                        "false",
                        "TermHistoryTest#requestsToFormerLeaders_goWithTheirTerms")
                .anywhere(
                        "requests that outlive their election",
                        "where r.election = old.name;",
                        "where false;",
                        "TermHistoryTest#requestsToFormerLeaders_goWithTheirTerms")
                .anywhere(
                        "leader whose session is over",
                        "  join session as s on s.id = e.session_id\n where s.expires_at > clock_timestamp();",
                        "  join session as s on s.id = e.session_id;",
                        "TermHistoryTest#viewOfLeaders_showsOnlyThoseWhoseSessionRuns",
                        "RightsTest#operator_whereNobodyLeads_orTheSuccessorDoes_asksNobody");
    }

    private static MutantList requests() {
        return new MutantList(SCHEMA, TESTS)
                .anywhere(
                        "request that nobody is told of",
                        "            if found then\n                perform pg_notify",
                        "            if false then\n                perform pg_notify",
                        "SchemaContentTest#request_isAnnouncedOnTheSchemasChannel")
                .anywhere(
                        "request on a channel without leading zeros",
                        "lpad(to_hex(%1$I.lock_space()), 8, '0')",
                        "ltrim(to_hex(%1$I.lock_space()), '67')",
                        "SchemaContentTest#request_isAnnouncedOnTheSchemasChannel")
                .anywhere(
                        "request to the successor itself",
                        "not in (l.candidate::text, l.address)",
                        "not in (l.candidate::text)",
                        "RightsTest#operator_whereNobodyLeads_orTheSuccessorDoes_asksNobody");
    }

    private static MutantList rights() {
        String viewer = "RightsTest#viewer_readsTheViewsAndNothingElse";
        String nobody = "SchemaContentTest#functionsThatAct_areForNobodyUntilGranted";
        MutantList list = new MutantList(SCHEMA, TESTS);
        for (String function : List.of(
                "    hold(text, bigint, boolean), ",
                "bound(interval), ",
                "fence_again(text, bigint),\n",
                "    fence(text, bigint, interval), ",
                " fence_shared(text, bigint, interval),",
                " fence(text),",
                " fence_shared(text),\n",
                "    once(text, bigint, text), ",
                "    note_disturbance(integer, text), ")) {
            list.anywhere(function.strip() + " for all", function, "", nobody);
        }
        return list.anywhere(
                        "leaderships that viewers move",
                        "    remember_term(), request_resignation(text, text)\n",
                        "    remember_term()\n",
                        viewer)
                .anywhere(
                        "history that strangers write",
                        "    remember_term(), request_resignation(text, text)\n",
                        "    request_resignation(text, text)\n",
                        "RightsTest#functionsOfTheSchemasOwnTriggers_areForNobodyElsesTriggers")
                .anywhere(
                        "guard for all",
                        " guard(), respect_fences(),\n",
                        " respect_fences(),\n",
                        "RightsTest#ownerOfATable_putsTheGuardOnIt")
                .anywhere(
                        "version that nobody may ask for",
                        "grant execute on function schema_version(), lock_space() to public;",
                        "",
                        "SchemaContentTest#hardenedDefaultPrivileges_changeNothing");
    }

    private static MutantList server() {
        String refused = "SchemaContentTest#serverThatRefusesToTell_isMigratedAllTheSame";
        return new MutantList(SCHEMA, TESTS)
                .anywhere("server without a front", "greatest(line, 1)", "line", refused)
                .anywhere(
                        "server that has just come",
                        "greatest(line, 1), '-infinity')",
                        "greatest(line, 1), clock_timestamp())",
                        "SchemaContentTest#migration_writesItsServerDown_asOld")
                .anywhere(
                        "locks that a new schema does not know",
                        "md5(convert_to('pgleader:' || home, 'UTF8'))",
                        "md5(convert_to('pgleader:' || home || 'election'::regclass::oid, 'UTF8'))",
                        "SchemaContentTest#lockSpace_isThatOfTheSchemasName_howeverOftenItIsCreated");
    }
}
