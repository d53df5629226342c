package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in who goes first: successors, requests, the list of candidates. */
final class SuccessionMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private SuccessionMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(successorsThatLead().all());
        all.addAll(successorsThatAreNamed().all());
        all.addAll(looks().all());
        all.addAll(list().all());
        return all;
    }

    private static MutantList successorsThatLead() {
        return new MutantList(FOLDER + "BidSql.java", TESTS)
                .in(
                        "TAKEN",
                        "successor forgotten in office",
                        "then e.successor\n",
                        "then null\n",
                        "JdbcSessionTest#successor_handedOverToByName_staysNamedWhileItLeads")
                .in(
                        "TAKEN",
                        "successor of a preemption stays named",
                        "e.ending = 'handed over'\n",
                        "e.ending is not null\n",
                        "JdbcSessionTest#successor_forWhomTheLeaderWasPreempted_isForgottenOnceItLeads")
                .in(
                        "TAKEN",
                        "successor stays named while another leads",
                        "and e.successor in (free.bidder::text, free.bidder_address)",
                        "and true",
                        "JdbcSessionTest#successor_passedOverByAnother_isForgotten")
                .in(
                        "TAKEN",
                        "candidate that comes for a preempting one can be preempted again",
                        "then free.bidder::text\n",
                        "then null\n",
                        "JdbcSessionTest#candidateThatTakesWhatAnotherHadALeaderPreemptedFor_isNamed")
                .in(
                        "TAKEN",
                        "candidate that comes for a successor is named",
                        "when e.ending = 'preempted'\n",
                        "when e.ending is not null\n",
                        "JdbcSessionTest#successor_passedOverByAnother_isForgotten")
                .in(
                        "TAKEN",
                        "preempting candidate is named",
                        "and e.successor not in (free.bidder::text, free.bidder_address)",
                        "and true",
                        "JdbcSessionTest#successor_forWhomTheLeaderWasPreempted_isForgottenOnceItLeads")
                .in(
                        "TAKEN",
                        "resignation remembered for ever",
                        "resigned_by = case when e.session_id is null then e.resigned_by end",
                        "resigned_by = e.resigned_by",
                        "JdbcSessionTest#leaderThatResigned_isRemembered_untilTheNextIsOvertaken");
    }

    private static MutantList successorsThatAreNamed() {
        return new MutantList(FOLDER + "ElectionSql.java", TESTS)
                .in(
                        "VACATE",
                        "successor that is absent",
                        "(select s.expires_at > clock_timestamp()\n",
                        "(select true\n",
                        "JdbcSessionTest#successorThatIsNotPresent_isNotNamed")
                .in(
                        "VACATE",
                        "successor that never leads",
                        "and not c.never_leads",
                        "",
                        "JdbcSessionTest#successorThatNeverLeads_isNotNamed")
                .in(
                        "VACATE",
                        "successor of another election",
                        "c.election = e.name",
                        "true",
                        "JdbcSessionTest#successorThatStandsInAnotherElection_isNotNamed")
                .in(
                        "VACATE",
                        "successor of itself",
                        "and c.candidate <> e.candidate",
                        "",
                        "JdbcSessionTest#successorThatIsTheFormerLeaderItself_isNotNamed")
                .in(
                        "VACATE",
                        "resignation not remembered",
                        "then e.candidate\n",
                        "then null::uuid\n",
                        "JdbcSessionTest#leaderThatGoesOfItsOwnWill_isSaidToHaveResigned");
    }

    private static MutantList looks() {
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .in(
                        "SUCCESSION",
                        "look sees what another election was asked for",
                        "r.election = e.name and ",
                        "",
                        "JdbcSessionTest#request_ofOneElection_isNotAnothers_evenInTheSameTerm")
                .in(
                        "SUCCESSION",
                        "look sees what another term was asked for",
                        " and r.term = e.term",
                        "",
                        "JdbcSessionTest#request_ofALaterTerm_isNotTheOneOfARowThatWasPutBack")
                .in(
                        "SUCCESSION",
                        "look sees the first request",
                        "order by r.id desc",
                        "order by r.id",
                        "JdbcSessionTest#severalRequests_lastOneCounts")
                .in(
                        "SUCCESSION",
                        "worst rival counts",
                        "order by c.priority desc",
                        "order by c.priority",
                        "JdbcSessionTest#severalPresent_bestCounts_howeverBadItIs")
                .in(
                        "SUCCESSION",
                        "rival of another election",
                        "where c.election = e.name and not c.never_leads",
                        "where not c.never_leads",
                        "JdbcSessionTest#candidateOfAnotherElection_isNoRival")
                .in(
                        "SUCCESSION",
                        "rival that never leads",
                        " and not c.never_leads",
                        "",
                        "JdbcSessionTest#candidateThatNeverLeads_isNoRival")
                .in(
                        "SUCCESSION",
                        "rival that is absent",
                        "(select present.expires_at > now()\n",
                        "(select true\n",
                        "JdbcSessionTest#candidate_isPresent_asLongAsTheSessionOfItsProcessRuns")
                .in(
                        "SUCCESSION",
                        "rival that holds the row",
                        "and c.candidate is distinct from e.candidate",
                        "",
                        "JdbcSessionTest#holder_isNoRival")
                .in(
                        "SUCCESSION",
                        "rival that has resigned",
                        "and c.candidate is distinct from e.resigned_by",
                        "",
                        "JdbcSessionTest#leaderThatResigned_isNoRival_andOneThatWasLostIs");
    }

    private static MutantList list() {
        String comesBack = "JdbcSessionTest#candidateEnrolledByAFormerSession_isPresentByTheNewOne";
        String absent = "JdbcSessionTest#candidateThatAsks_andIsNotPresent_isNotHeard";
        return new MutantList(FOLDER + "CandidateSql.java", TESTS)
                .in(
                        "ENROLL",
                        "candidate that stays with its former session",
                        "set session_id = excluded.session_id",
                        "set session_id = c.session_id",
                        comesBack)
                .in(
                        "WITHDRAW",
                        "candidate that withdraws from everything",
                        "where c.election = w.election and c.candidate",
                        "where c.candidate",
                        "JdbcSessionTest#candidateWithdrawn_standsInItsOtherElections")
                .in(
                        "ASK_TO_RESIGN",
                        "asked for twice",
                        "where not exists (select from %1$s.resignation as r where r.election = a.name and r.term ="
                                + " a.term)",
                        "where true",
                        "JdbcSessionTest#candidateThatAsks_afterAnother_isNotHeard")
                .in(
                        "ASK_TO_RESIGN",
                        "asked of any term",
                        " and e.term = a.term",
                        "",
                        "JdbcSessionTest#candidateThatAsks_forAnotherTermThanTheRows_isNotHeard")
                .in(
                        "ASK_TO_RESIGN",
                        "asked by a candidate that is absent",
                        "(select s.expires_at > clock_timestamp()\n",
                        "(select true\n",
                        absent);
    }
}
