package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in who goes first: heirs, requests, the list of candidates; and in what is remembered. */
final class SuccessionMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String SCHEMA = "src/main/resources/db/migration/pgleader/V4__succession.pgsql";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private SuccessionMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(heirs().all());
        all.addAll(requests().all());
        all.addAll(rivals().all());
        all.addAll(roll().all());
        all.addAll(history().all());
        all.addAll(function().all());
        all.addAll(requestsToLeaders().all());
        return all;
    }

    private static MutantList heirs() {
        String stays = "JdbcSessionTest#heir_handedOverToByName_staysNamedWhileItLeads";
        return new MutantList(FOLDER + "Sql.java", TESTS)
                .in("TAKE", "heir forgotten in office", "then e.heir\n", "then null\n", stays)
                .in(
                        "TAKE",
                        "heir of a preemption stays named",
                        "e.ending = 'handed over' and",
                        "e.ending is not null and",
                        "JdbcSessionTest#heir_forWhomSomebodyWasPreempted_isForgottenOnceItLeads")
                .in(
                        "TAKE",
                        "heir stays named while another leads",
                        "e.heir in (ready.candidate::text, ready.address)",
                        "true",
                        "JdbcSessionTest#heir_passedOverByAnother_isForgotten")
                .in(
                        "TAKE",
                        "whoever comes for a preempting candidate can be preempted again",
                        "then ready.candidate::text\n",
                        "then null\n",
                        "JdbcSessionTest#whoeverTakesWhatAnotherHadALeaderPreemptedFor_isAppointed")
                .in(
                        "TAKE",
                        "whoever comes for an heir is appointed",
                        "when e.ending = 'preempted' and",
                        "when",
                        "JdbcSessionTest#heir_passedOverByAnother_isForgotten")
                .in(
                        "TAKE",
                        "preempting candidate is appointed",
                        " and e.heir not in (ready.candidate::text, ready.address)",
                        "",
                        "JdbcSessionTest#heir_forWhomSomebodyWasPreempted_isForgottenOnceItLeads")
                .in(
                        "TAKE",
                        "who made way is remembered for ever",
                        "yielded_by = case when e.candidate is null then e.yielded_by end",
                        "yielded_by = e.yielded_by",
                        "JdbcSessionTest#whoeverHasMadeWay_isRemembered_untilTheNextLeaderIsLostOrMakesWayItself")
                .in(
                        "TAKE",
                        "priority of nobody",
                        "priority = ready.priority",
                        "priority = 0",
                        "JdbcSessionTest#holder_hasThePriorityAndTheVersionOfItsBid")
                .in(
                        "VACATE",
                        "heir that is absent",
                        "and m.expected_by > clock_timestamp())),",
                        ")),",
                        "JdbcSessionTest#heirThatIsNotPresent_isNotNamed",
                        "JdbcSessionTest#heirThatHasLeft_isNotNamed")
                .in(
                        "VACATE",
                        "heir that never leads",
                        "and not s.never_leads",
                        "",
                        "JdbcSessionTest#heirThatNeverLeads_isNotNamed")
                .in(
                        "VACATE",
                        "heir of another election",
                        "s.election = e.name",
                        "true",
                        "JdbcSessionTest#heirThatStandsInAnotherElection_isNotNamed")
                .in(
                        "VACATE",
                        "heir of itself",
                        "and s.candidate <> e.candidate",
                        "",
                        "JdbcSessionTest#heirThatIsTheFormerLeaderItself_isNotNamed")
                .in(
                        "VACATE",
                        "nobody makes way",
                        "then e.candidate\n",
                        "then null::uuid\n",
                        "JdbcSessionTest#whoeverLeavesOfItsOwnAccord_isSaidToHaveMadeWay");
    }

    private static MutantList requests() {
        return new MutantList(FOLDER + "Sql.java", TESTS)
                .in(
                        "HEARTBEAT",
                        "heartbeat hears the first request",
                        "order by q.id desc",
                        "order by q.id",
                        "JdbcSessionTest#severalRequests_lastOneCounts")
                .in(
                        "COLUMNS",
                        "look sees what another election was asked for",
                        "r.election = e.name and ",
                        "",
                        "JdbcSessionTest#request_ofOneElection_isNotAnothers")
                .in(
                        "COLUMNS",
                        "look sees the first request",
                        "order by r.id desc",
                        "order by r.id",
                        "JdbcSessionTest#severalRequests_lastOneCounts");
    }

    private static MutantList rivals() {
        return new MutantList(FOLDER + "Sql.java", TESTS)
                .in(
                        "COLUMNS",
                        "worst rival counts",
                        "max(s.priority)",
                        "min(s.priority)",
                        "JdbcSessionTest#severalPresent_bestCounts_howeverBadItIs")
                .in(
                        "COLUMNS",
                        "rival of another election",
                        "where s.election = e.name and not s.never_leads",
                        "where not s.never_leads",
                        "JdbcSessionTest#candidateOfAnotherElection_isNoRival")
                .in(
                        "COLUMNS",
                        "rival that never leads",
                        " and not s.never_leads",
                        "",
                        "JdbcSessionTest#candidateThatNeverLeads_isNoRival")
                .in(
                        "COLUMNS",
                        "rival that is absent",
                        " and m.expected_by > clock_timestamp()",
                        "",
                        "JdbcSessionTest#processThatHasEnrolled_isPresentAsLongAsItSaid")
                .in(
                        "COLUMNS",
                        "rival that holds the row",
                        "and s.candidate is distinct from e.candidate",
                        "",
                        "JdbcSessionTest#holder_isNoRival")
                .in(
                        "COLUMNS",
                        "rival that has made way",
                        "and s.candidate is distinct from e.yielded_by",
                        "",
                        "JdbcSessionTest#whoeverHasMadeWay_isNoRival_whoeverHasEndedIs");
    }

    private static MutantList roll() {
        return new MutantList(FOLDER + "RollSql.java", TESTS)
                .in(
                        "ATTEND",
                        "presence that is not extended",
                        ", expected_by = clock_timestamp() + make_interval(secs => ?)",
                        ", joined_at = joined_at + 0 * make_interval(secs => ?)",
                        "JdbcSessionTest#processThatAttends_isPresentForLonger_andThenForShorter")
                .in(
                        "ENROLL",
                        "candidacy that is over stays on the list",
                        "s.candidate not in (select candidate from wanted)",
                        "false",
                        "JdbcSessionTest#processThatEnrollsAgain_standsForWhatItSaysNow")
                .in(
                        "ENROLL",
                        "candidacies of others are struck off",
                        "s.member = me.id and ",
                        "",
                        "JdbcSessionTest#processThatEnrolls_leavesTheOthersOnTheList")
                .in(
                        "LEAVE",
                        "everybody leaves",
                        " where id = ?",
                        " where id = ? or true",
                        "JdbcSessionTest#processThatLeaves_isForgotten_andTheOthersAreNot")
                .in(
                        "ASK_TO_RESIGN",
                        "asked for twice",
                        "where not exists (select from %1$s.resignation as r where r.election = a.name and r.term = a.term)",
                        "where true",
                        "JdbcSessionTest#candidateThatAsks_afterAnybodyElse_isNotHeard")
                .in(
                        "ASK_TO_RESIGN",
                        "asked of any term",
                        " and e.term = a.term",
                        "",
                        "JdbcSessionTest#candidateThatAsks_forAnotherTermThanTheRows_isNotHeard")
                .in(
                        "ASK_TO_RESIGN",
                        "asked by somebody who is absent",
                        "and m.expected_by > clock_timestamp())",
                        ")",
                        "JdbcSessionTest#candidateThatAsks_andIsNotPresent_isNotHeard");
    }

    private static MutantList requestsToLeaders() {
        return new MutantList(FOLDER + "Sql.java", "dev.pgleader")
                .in(
                        "HEARTBEAT",
                        "heartbeat obeys what another term was asked for",
                        "and q.term = a.term",
                        "",
                        "RequestedResignationTest#askedOfAnEarlierTerm_presentLeaderStays");
    }

    private static MutantList history() {
        String bounded = "HistoryTest#history_isBounded";
        return new MutantList(SCHEMA, "dev.pgleader")
                .anywhere(
                        "history of any length",
                        "                  offset new.terms_kept\n",
                        "                  offset 1000000\n",
                        bounded)
                .anywhere(
                        "history of other elections forgotten",
                        "                 where h.election = new.name\n                   and h.term <=",
                        "                 where h.election <> ''\n                   and h.term <=",
                        bounded)
                .anywhere(
                        "end that nobody remembers",
                        "where h.election = old.name and h.term = old.term and h.ended_at is null",
                        "where false",
                        "HistoryTest#resigned_isRemembered")
                .anywhere(
                        "expired taken for deposed",
                        "when old.expires_at <= clock_timestamp() then 'expired'",
                        "when false then 'expired'",
                        "HistoryTest#leaseThatRanOut_isExpired_sinceItsEnd")
                .anywhere(
                        "recovery that nobody remembers",
                        "set recovered_at = clock_timestamp()",
                        "set recovered_at = null",
                        "HistoryTest#leader_standsInTheHistory_fromItsElectionOn")
                .anywhere(
                        "requests that outlive their term",
                        "r.election = new.name and r.term < new.term",
                        "false",
                        "RequestedResignationTest#requests_areForgotten_whenTheNextTermBegins");
    }

    private static MutantList function() {
        return new MutantList(SCHEMA, "dev.pgleader")
                .anywhere(
                        "request that nobody is told of",
                        "if found then\n",
                        "if false then\n",
                        "RequestedResignationTest#asked_leaderResigns_andAnotherLeads")
                .anywhere(
                        "request to a leader whose lease is over",
                        "               and e.candidate is not null and e.expires_at > clock_timestamp()\n               and (succ",
                        "               and e.candidate is not null\n               and (succ",
                        "RequestedResignationTest#askedWhereNobodyLeads_saysSo")
                .anywhere(
                        "anybody may move leaderships",
                        "revoke all on function %1$I.request_resignation(text, text) from public;",
                        "",
                        "RightsTest#viewer_readsTheViewsAndNothingElse");
    }
}
