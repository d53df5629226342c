package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in who goes first: heirs, requests, the list of candidates. */
final class SuccessionMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private SuccessionMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(heirs().all());
        all.addAll(requests().all());
        all.addAll(looks().all());
        all.addAll(roll().all());
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
                        "JdbcSessionTest#severalRequests_lastOneCounts");
    }

    private static MutantList looks() {
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .in(
                        "SUCCESSION",
                        "look sees what another election was asked for",
                        "r.election = e.name and ",
                        "",
                        "JdbcSessionTest#request_ofOneElection_isNotAnothers")
                .in(
                        "SUCCESSION",
                        "look sees the first request",
                        "order by r.id desc",
                        "order by r.id",
                        "JdbcSessionTest#severalRequests_lastOneCounts")
                .in(
                        "SUCCESSION",
                        "worst rival counts",
                        "max(s.priority)",
                        "min(s.priority)",
                        "JdbcSessionTest#severalPresent_bestCounts_howeverBadItIs")
                .in(
                        "SUCCESSION",
                        "rival of another election",
                        "where s.election = e.name and not s.never_leads",
                        "where not s.never_leads",
                        "JdbcSessionTest#candidateOfAnotherElection_isNoRival")
                .in(
                        "SUCCESSION",
                        "rival that never leads",
                        " and not s.never_leads",
                        "",
                        "JdbcSessionTest#candidateThatNeverLeads_isNoRival")
                .in(
                        "SUCCESSION",
                        "rival that is absent",
                        " and m.expected_by > clock_timestamp()",
                        "",
                        "JdbcSessionTest#processThatHasEnrolled_isPresentAsLongAsItSaid")
                .in(
                        "SUCCESSION",
                        "rival that holds the row",
                        "and s.candidate is distinct from e.candidate",
                        "",
                        "JdbcSessionTest#holder_isNoRival")
                .in(
                        "SUCCESSION",
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
}
