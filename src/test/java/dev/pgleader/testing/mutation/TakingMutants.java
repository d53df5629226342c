package dev.pgleader.testing.mutation;

import java.util.List;

/** Faults in the statement that takes elections. */
final class TakingMutants {

    private static final String FILE = "src/main/java/dev/pgleader/internal/postgres/Sql.java";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private TakingMutants() {}

    static List<Mutant> all() {
        MutantList list = new MutantList(FILE, TESTS);
        claims(list);
        terms(list);
        holder(list);
        return list.all();
    }

    private static void claims(MutantList list) {
        String changed = "JdbcSessionTest#changedRow_takenByItsOldVersion_isNotTaken";
        String mayTake = "where e.candidate is null or e.expires_at <= clock_timestamp() or b.before_expiry";
        list.in("TAKE", "row taken in whatever version", "and b.term = e.term and b.beat = e.beat", "", changed)
                .in(
                        "TAKE",
                        "row taken on another timeline than the one that was looked at",
                        " and here.timeline = b.timeline",
                        "",
                        "JdbcSessionTest#row_seenOnAnotherTimelineOrCluster_isNotTaken")
                .in("TAKE", "row taken with any beat", " and b.beat = e.beat", "", changed)
                .in(
                        "TAKE",
                        "row taken with any term",
                        " and b.term = e.term",
                        "",
                        "JdbcSessionTest#sameBeat_ofAnotherTerm_isNotTaken")
                .in(
                        "TAKE",
                        "running lease taken by any claim",
                        mayTake,
                        "where true",
                        "JdbcSessionTest#runningLease_takenAsIfItWereOver_isNotTaken")
                .in(
                        "TAKE",
                        "no claim may precede the end",
                        " or b.before_expiry",
                        "",
                        "JdbcSessionTest#runningLease_takenByAClaimThatMayPrecedeItsEnd_isTaken")
                .in(
                        "TAKE",
                        "lease that is over not taken",
                        " or e.expires_at <= clock_timestamp()",
                        "",
                        "JdbcSessionTest#leaseThatIsOver_taken_hasANewHolder")
                .in(
                        "TAKE",
                        "vacant election not taken",
                        "e.candidate is null or ",
                        "",
                        "JdbcSessionTest#vacantElection_takenAsVacant_isTaken")
                .in(
                        "TAKE",
                        "lease judged by when the take was sent",
                        "e.expires_at <= clock_timestamp()",
                        "e.expires_at <= now()",
                        "WaitingStatementsTest#leaseOverWhileATakeWaited_isTaken_andCountsFromThen")
                .in(
                        "TAKE",
                        "new lease counts from when it was asked for",
                        "expires_at = clock_timestamp() + mine.lease",
                        "expires_at = now() + mine.lease",
                        "WaitingStatementsTest#leaseOverWhileATakeWaited_isTaken_andCountsFromThen")
                .in(
                        "TAKE",
                        "elected when it was asked for",
                        "elected_at = clock_timestamp()",
                        "elected_at = now()",
                        "WaitingStatementsTest#leaseOverWhileATakeWaited_isTaken_andCountsFromThen")
                .in(
                        "TAKE",
                        "take that waits for one row",
                        "for update of e skip locked",
                        "for update of e",
                        "JdbcSessionTest#rowLockedOrFenced_taken_isPassedOverAndTheOthersAreNot")
                .in(
                        "TAKE",
                        "take that waits for one fence",
                        "for update of e skip locked",
                        "for no key update of e skip locked",
                        "JdbcSessionTest#rowLockedOrFenced_taken_isPassedOverAndTheOthersAreNot");
    }

    private static void terms(MutantList list) {
        String elsewhere = "JdbcSessionTest#termOfAnotherServer_orTimeline_isLeftBehindForEver";
        list.in(
                        "TAKE",
                        "term issued twice",
                        "else e.term + 1",
                        "else e.term",
                        "JdbcSessionTest#nextTerm_onTheSameServer_isOneMore")
                .in(
                        "TAKE",
                        "first term without timeline",
                        "then here.timeline * 1000000000000 + 1",
                        "then 1",
                        "JdbcSessionTest#firstTerm_has_theTimelineInFront")
                .in(
                        "TAKE",
                        "another timeline goes unnoticed",
                        "when e.timeline <> here.timeline",
                        "when false",
                        "JdbcSessionTest#termOfAnEarlierTimeline_isLeftBehindByAsManyAsLieBetween")
                .in(
                        "TAKE",
                        "terms go back with the timeline",
                        "greatest(here.timeline - e.timeline, 1)",
                        "here.timeline - e.timeline",
                        elsewhere)
                .in(
                        "TAKE",
                        "one timeline for several",
                        "greatest(here.timeline - e.timeline, 1)",
                        "1",
                        "JdbcSessionTest#termOfAnEarlierTimeline_isLeftBehindByAsManyAsLieBetween")
                .in(
                        "TAKE",
                        "another cluster goes unnoticed",
                        "when e.system_identifier <> here.system_identifier",
                        "when false",
                        elsewhere)
                .in(
                        "TAKE",
                        "another cluster counts as one timeline",
                        "(e.term / 1000000000000 + here.timeline)",
                        "(e.term / 1000000000000 + 1)",
                        "TermsAfterMoveTest#firstTakeAfterTheMove_lostInAFailover_isNotIssuedAgain");
    }

    private static void holder(MutantList list) {
        String named = "JdbcSessionTest#vacantElection_taken_namesItsHolder";
        String here = "JdbcSessionTest#electionLastTakenElsewhere_taken_isWrittenHere";
        list.in("TAKE", "take that leaves no trace", "beat = e.beat + 1", "beat = e.beat", named)
                .in("TAKE", "leading without recovery", "phase = 'recovering'", "phase = 'leading'", named)
                .in("TAKE", "lease of the former leader", "lease = mine.lease,", "lease = e.lease,", named)
                .in(
                        "TAKE",
                        "refractory period of the former leader",
                        "refractory = mine.refractory",
                        "refractory = e.refractory",
                        named)
                .in(
                        "TAKE",
                        "session of nobody",
                        "backend_pid = mine.backend_pid",
                        "backend_pid = 0",
                        "JdbcSessionTest#takenElection_namesTheServerProcess")
                .in(
                        "TAKE",
                        "session's start forgotten",
                        "backend_start = mine.backend_start",
                        "backend_start = e.backend_start",
                        "JdbcSessionTest#takenElection_namesTheServerProcess")
                .in(
                        "TAKE",
                        "former cluster stays written down",
                        "system_identifier = here.system_identifier,",
                        "system_identifier = e.system_identifier,",
                        here)
                .in(
                        "TAKE",
                        "former timeline stays written down",
                        "timeline = here.timeline,",
                        "timeline = e.timeline,",
                        here)
                .in(
                        "TAKE",
                        "former start of the server stays written down",
                        "postmaster_started_at = mine.server_started_at",
                        "postmaster_started_at = e.postmaster_started_at",
                        here);
    }
}
