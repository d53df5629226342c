package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in the statement that takes elections. */
final class TakingMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private TakingMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(locks().all());
        all.addAll(vacancy().all());
        all.addAll(versions().all());
        all.addAll(claims().all());
        all.addAll(sessions().all());
        all.addAll(order().all());
        all.addAll(terms().all());
        all.addAll(ownSession().all());
        all.addAll(comparison().all());
        all.addAll(row().all());
        return all;
    }

    private static MutantList sql() {
        return new MutantList(FOLDER + "BidSql.java", TESTS);
    }

    private static MutantList locks() {
        String elsewhere = "JdbcSessionTest#lockOfASessionOnAnotherServer_isNotAskedFor";
        String running = "JdbcSessionTest#lockOfARunningSession_isAskedForOnlyByThoseWhoWantIt";
        return sql().in(
                        "ASKED",
                        "own lock asked for, which is always granted",
                        "n.locked and n.session_id <> me.id",
                        "n.locked",
                        "JdbcSessionTest#biddersOwnLock_isNotAskedFor")
                .in(
                        "ASKED",
                        "lock asked for that is not there",
                        "n.locked and n.session_id <> me.id",
                        "n.session_id <> me.id",
                        "JdbcSessionTest#sessionThatNeverHadALock_provesNothingByAFreeOne")
                .in(
                        "ASKED",
                        "lock of another life of the server",
                        "n.session_start = here.started_at",
                        "true",
                        elsewhere)
                .in(
                        "ASKED",
                        "lock of another cluster",
                        "n.session_system is not distinct from here.system_identifier",
                        "true",
                        elsewhere)
                .in(
                        "ASKED",
                        "lock of another timeline",
                        "n.session_timeline is not distinct from here.timeline",
                        "true",
                        elsewhere)
                .in(
                        "ASKED",
                        "lock of every running session",
                        "(n.expires_at <= now() or me.on_session_end)",
                        "true",
                        running)
                .in(
                        "ASKED",
                        "lock of no running session",
                        "n.expires_at <= now() or me.on_session_end",
                        "n.expires_at <= now()",
                        running)
                .in(
                        "ASKED",
                        "lock taken for good",
                        "pg_try_advisory_xact_lock_shared(",
                        "pg_try_advisory_lock_shared(",
                        "JdbcSessionTest#candidatesThatAskForALock_keepNoneOfIt");
    }

    private static MutantList vacancy() {
        String edited = "JdbcSessionTest#vacantRow_editedByHand_mustStandStill";
        return sql().in(
                        "JUDGED",
                        "row emptied by hand taken at once",
                        "n.unbroken and n.released = n.term or n.stood_still",
                        "true",
                        "JdbcSessionTest#rowEmptiedByHand_mustStandStill",
                        "JdbcSessionTest#rowThatWasDetached_mustStandStill")
                .in(
                        "JUDGED",
                        "row that was released in another term",
                        " and n.released = n.term",
                        "",
                        "JdbcSessionTest#vacantRow_ofAnotherTermThanTheReleasedOne_mustStandStill")
                .in(
                        "JUDGED",
                        "vacant row never taken for having stood still",
                        "n.released = n.term or n.stood_still",
                        "n.released = n.term",
                        edited)
                .in("JUDGED", "edited row as good as the library's", "n.own_hand and (n.system", "(n.system", edited)
                .in(
                        "JUDGED",
                        "row of another history as good as here",
                        "n.own_hand and (n.system_identifier, n.timeline)\n"
                                + "                                          is not distinct from (here.system_identifier,"
                                + " here.timeline)",
                        "n.own_hand",
                        "JdbcSessionTest#vacantRow_ofAnotherHistory_mustStandStill");
    }

    /**
     * What a version consists of, left out here and there. Its term and its beat cannot be missed: they change by writing, and each
     * writing has a number of its own.
     */
    private static MutantList versions() {
        String elsewhere = "JdbcSessionTest#versionSeenOnAnotherServer_didNotStandStill";
        MutantList list = sql();
        left(
                list,
                "row's writing",
                "row.writing()",
                "\"\"",
                "row(e.term, e.xmin, s.beat",
                "row(e.term, null::xid, s.beat",
                "JdbcSessionTest#rowThatWasPutBack_didNotStandStill");
        left(
                list,
                "session's writing",
                "session.beat() + \",\" + session.writing()",
                "session.beat() + \",\"",
                "s.beat, s.xmin, here",
                "s.beat, null::xid, here",
                "JdbcSessionTest#versionThatHasChangedSince_didNotStandStill");
        left(
                list,
                "system",
                "known(server.systemIdentifier())",
                "\"\"",
                "s.xmin, here.system_identifier,",
                "s.xmin, null::bigint,",
                elsewhere);
        left(
                list,
                "timeline",
                "known(server.timeline())",
                "\"\"",
                "here.timeline, case when me.real",
                "null::bigint, case when me.real",
                elsewhere);
        return left(
                list,
                "life of the server",
                "known(server.startedAtMicros())",
                "\"\"",
                "case when me.real then here.start_micros end)",
                "null::bigint)",
                "JdbcSessionTest#versionSeenInAnotherLifeOfTheServer_didNotStandStill");
    }

    private static MutantList left(
            MutantList list, String what, String told, String untold, String read, String unread, String... tests) {
        String name = "version whatever its " + what;
        Mutation java = new Mutation(name, FOLDER + "Rows.java", told, untold);
        return list.add(name, List.of(java, list.within("ASKED", name, read, unread)), tests);
    }

    private static MutantList claims() {
        String history = "JdbcSessionTest#claim_inAnotherHistory_needsTheVeryLeadership_orToStandStill";
        return sql().in(
                        "JUDGED",
                        "claim that nobody made",
                        " and n.claims and",
                        " and",
                        "JdbcSessionTest#sessionThatWasNotClaimed_isNotTakenByItsCandidate")
                .in(
                        "JUDGED",
                        "claim to another's row",
                        "n.candidate = n.bidder and n.claims",
                        "n.claims",
                        "JdbcSessionTest#rowThatNamesAnother_isNotTakenByAClaim")
                .in(
                        "JUDGED",
                        "claim to a row that has changed",
                        "(n.unchanged or former.named)",
                        "true",
                        "JdbcSessionTest#claim_ofAVersionThatHasChanged_takesNothing")
                .in(
                        "JUDGED",
                        "claim in any history",
                        "then n.unbroken or n.stood_still or n.was_former and not me.on_session_end\n",
                        "then true\n",
                        history)
                .in(
                        "JUDGED",
                        "former leadership of another term or session",
                        "coalesce((n.former_term, n.former_session) = (n.term, n.session_id), false)",
                        "(n.former_term is not null)",
                        history)
                .in(
                        "JUDGED",
                        "former leadership claimed where another may have led since",
                        " and not me.on_session_end",
                        "",
                        history)
                .in(
                        "JUDGED",
                        "row of the own session taken from another candidate",
                        "when n.session_id = me.id",
                        "when false",
                        "JdbcSessionTest#rowHeldByTheBiddersOwnSession_isNotTaken_evenIfTheClockSteppedBack");
    }

    private static MutantList sessions() {
        String held = "JdbcSessionTest#sessionThatIsOver_whoseLockIsHeld_isNot";
        String freed = "JdbcSessionTest#runningSession_whoseLockWasAndIsFree_isOvertaken";
        return sql().in(
                        "JUDGED",
                        "missing session taken at once",
                        "when n.process is null\n                            then n.stood_still",
                        "when n.process is null\n                            then true",
                        "JdbcSessionTest#sessionThatIsMissing_mustStandStill")
                .in(
                        "JUDGED",
                        "clock that stepped back waited for",
                        "when n.expires_at > now() + greatest(n.session_lease, n.lease)",
                        "when false",
                        "JdbcSessionTest#moreTimeLeftThanTheLease_provesAStepOfTheClock_soThatTheRowMustStandStill")
                .in(
                        "JUDGED",
                        "step of the clock read from one lease alone",
                        "greatest(n.session_lease, n.lease)",
                        "least(n.session_lease, n.lease)",
                        "JdbcSessionTest#moreTimeLeftThanOneOfTheLeases_provesNothing")
                .in("JUDGED", "database's clock as the only witness", "then n.session_ended and", "then true and", held)
                .in(
                        "JUDGED",
                        "lock as a witness for an edited row",
                        "n.own_hand and n.session_own_hand",
                        "n.session_own_hand",
                        "JdbcSessionTest#freeLock_behindAnEditedRow_provesNothing")
                .in(
                        "JUDGED",
                        "lock as a witness for an edited session",
                        " and n.session_own_hand",
                        "",
                        "JdbcSessionTest#freeLock_ofASessionThatOtherHandsHaveSetBack_provesNothing")
                .in(
                        "JUDGED",
                        "clock that was outrun as a witness",
                        " and n.clock_trusted or",
                        " or",
                        "JdbcSessionTest#clockThatWasOutrun_provesNothing")
                .in(
                        "JUDGED",
                        "clock that gained less than the refractory period not trusted",
                        "micros.of_now - micros.of_refractory",
                        "micros.of_now",
                        "JdbcSessionTest#clockThatKeptStep_orOutranByLessThanTheRefractoryPeriod_isTrusted")
                .in(
                        "JUDGED",
                        "end of others judged after the snapshot",
                        "when n.expires_at <= now()",
                        "when n.expires_at <= clock_timestamp()",
                        "WaitingStatementsTest#leaseOfAnother_overOnlyWhileABidWaited_isNotTaken_andIsByTheNext")
                .in(
                        "JUDGED",
                        "running session taken though its lock is held",
                        "else n.session_ended and n",
                        "else n",
                        "JdbcSessionTest#runningSession_whoseLockIsHeld_isNotOvertaken")
                .in(
                        "JUDGED",
                        "running session taken without the refractory period",
                        "n.session_ended and n.was_freed",
                        "n.session_ended",
                        "JdbcSessionTest#lockOfARunningSession_isAskedForOnlyByThoseWhoWantIt")
                .in("JUDGED", "running session never taken", "n.session_ended and n.was_freed", "false", freed);
    }

    private static MutantList order() {
        String better = "JdbcSessionTest#betterRival_isLetGoFirst_unlessTheCandidateInsists";
        String successor = "JdbcSessionTest#successor_takesWhatWasHandedOver_andOthersLetItGoFirst";
        return sql().in("JUDGED", "no courtesy", "and (n.insists and n.unchanged or", "and (true or", better)
                .in("JUDGED", "courtesy without an end", "and (n.insists and n.unchanged or", "and (false or", better)
                .in(
                        "JUDGED",
                        "courtesy that ends with any version",
                        "and (n.insists and n.unchanged or",
                        "and (n.insists or",
                        "JdbcSessionTest#whoInsists_doesSoForTheVersionThatItSaw")
                .in(
                        "JUDGED",
                        "equals wait for each other",
                        "<= n.bidder_priority",
                        "< n.bidder_priority",
                        "JdbcSessionTest#equalRival_isNotLetGoFirst")
                .in(
                        "JUDGED",
                        "claim left to better rivals",
                        " or coalesce(n.candidate = n.bidder, false)\n",
                        "\n",
                        "JdbcSessionTest#ownRow_isClaimedAlsoByThoseWhoAreNotTheBest")
                .in("JUDGED", "successor not known", "then named.is_successor", "then true", successor)
                .in("JUDGED", "successor not let go before a later term", " or named.is_successor)", ")", successor)
                .in(
                        "JUDGED",
                        "row taken that was to be left to others",
                        "n.term > n.not_before",
                        "n.term >= n.not_before",
                        "JdbcSessionTest#candidateThatWaitsForALaterTerm_leavesTheRowUntilThen");
    }

    private static MutantList terms() {
        return sql().in(
                        "TAKEN",
                        "term below the row's",
                        "greatest(e.term, last.term, (select front.term from front)) + 1",
                        "greatest(last.term, (select front.term from front)) + 1",
                        "JdbcSessionTest#term_isAboveTheRows")
                .in(
                        "TAKEN",
                        "term below the history's",
                        "greatest(e.term, last.term, (select front.term from front)) + 1",
                        "greatest(e.term, (select front.term from front)) + 1",
                        "JdbcSessionTest#term_ofARowThatWasDeleted_isAboveItsHistory")
                .in(
                        "TAKEN",
                        "front of the present alone",
                        "(select max(v.front) from %1$s.server as v)",
                        "1",
                        "JdbcSessionTest#term_isAboveTheHighestFrontThatWasEverSeen")
                .in(
                        "TAKEN",
                        "term that JSON does not carry",
                        "where greatest(e.term, last.term, (select front.term from front)) < 9007199254740991",
                        "where e.term < 9223372036854775807",
                        "JdbcSessionTest#rowBeyondTheLargestTerm_isTakenByNobody_andTheOthersAre");
    }

    private static MutantList ownSession() {
        String over = "JdbcSessionTest#sessionThatIsOver_winsNothing_andSeesTheRows";
        String wins = "JdbcSessionTest#bidThatWins_extendsItsSession_forTheLengthOfTheBid";
        return sql().in("TAKEN", "session revived by a bid", "and s.expires_at > clock_timestamp()\n", "\n", over)
                .in(
                        "TAKEN",
                        "session of another process renewed",
                        " and s.process = (select me.process from me)",
                        "",
                        "JdbcSessionTest#sessionWithoutARow_orOfAnotherProcess_winsNothing")
                .in(
                        "TAKEN",
                        "session renewed that another has reset",
                        "me.mark is null or current_setting('pgleader.mark', true) = me.mark",
                        "true",
                        "JdbcSessionSurroundingsTest#sessionResetByAnother_winsNothing")
                .in(
                        "TAKEN",
                        "own session waited for",
                        "for no key update of s skip locked",
                        "for no key update of s",
                        "JdbcSessionTest#bidderWhoseSessionIsLocked_winsNothing_andDoesNotWait")
                .in(
                        "TAKEN",
                        "losers write as well",
                        "exists (select from free)",
                        "true",
                        "JdbcSessionTest#bidThatLoses_leavesItsSessionAlone")
                .in(
                        "TAKEN",
                        "session that does not bear the library's mark",
                        "clock_timestamp() + me.lease,\n                       xact = pg_current_xact_id()",
                        "clock_timestamp() + me.lease,\n                       xact = null",
                        wins)
                .in("TAKEN", "win that leaves the beat", "beat = s.beat + 1", "beat = s.beat", wins)
                .in(
                        "TAKEN",
                        "win that leaves the length",
                        "lease = me.lease,\n                       refractory = me"
                                + ".refractory,\n                       renewed_at",
                        "renewed_at",
                        wins)
                .in(
                        "TAKEN",
                        "session judged by when the bid was sent",
                        "and s.expires_at > clock_timestamp()\n",
                        "and s.expires_at > now()\n",
                        "WaitingStatementsTest#ownLeaseOverWhileABidWaited_winsNothing")
                .in(
                        "TAKEN",
                        "session that counts from when the bid was sent",
                        "expires_at = clock_timestamp() + me.lease",
                        "expires_at = now() + me.lease",
                        "WaitingStatementsTest#bidThatWaited_extendsItsSessionFromWhenItWasDone")
                .in(
                        "TAKEN",
                        "winner may be silent for ever",
                        "from mine where ?",
                        "from mine where ? and false",
                        "JdbcSessionSurroundingsTest#sessionThatHoldsAnything_isEndedBySilence_andOnlyThen");
    }

    private static MutantList comparison() {
        String changed = "BidSnapshotTest#rowChangedSinceItWasJudged_isNotTaken_andTheOthersAre";
        return sql().in("TAKEN", "row that was written since", " and e.xmin = r.writing", "", changed)
                .in("TAKEN", "row that was put back since", "e.xmin = r.writing", "e.term = r.term", changed)
                .in(
                        "TAKEN",
                        "former leadership that another followed",
                        "(last.term <= r.term or not r.by_former or last.term is null)",
                        "true",
                        "JdbcSessionTest#claim_whereAnotherHasLedSince_needsToStandStill");
    }

    private static MutantList row() {
        String holder = "JdbcSessionTest#electionTaken_namesItsHolder";
        String here = "JdbcSessionTest#electionLastTakenElsewhere_taken_isWrittenHere";
        String passedOver = "JdbcSessionTest#rowsLockedOrFenced_arePassedOver_andTheOthersAreNot";
        return sql().in("TAKEN", "row waited for", "for update of e skip locked", "for update of e", passedOver)
                .in(
                        "TAKEN",
                        "fence waited for",
                        "for update of e skip locked",
                        "for no key update of e skip locked",
                        passedOver)
                .in("TAKEN", "leading without recovery", "phase = 'recovering'", "phase = 'leading'", holder)
                .in(
                        "TAKEN",
                        "elected when the bid was sent",
                        "elected_at = clock_timestamp()",
                        "elected_at = now()",
                        "WaitingStatementsTest#bidThatWaited_extendsItsSessionFromWhenItWasDone")
                .in(
                        "TAKEN",
                        "lengths of the former holder",
                        """
                        lease = me.lease,
                                               refractory = me.refractory,
                                               successor""",
                        "successor",
                        "JdbcSessionTest#severalBidders_haveLeasesOfTheirOwn")
                .in(
                        "TAKEN",
                        "row that does not bear the library's mark",
                        "timeline = here.timeline,\n                       xact = pg_current_xact_id()",
                        "timeline = here.timeline,\n                       xact = null",
                        holder)
                .in("TAKEN", "holder at another address", "address = free.bidder_address", "address = 'x'", holder)
                .in("TAKEN", "holder without its priority", "priority = free.bidder_priority", "priority = 0", holder)
                .in("TAKEN", "holder without its version", "version = free.bidder_version", "version = ''", holder)
                .in(
                        "TAKEN",
                        "bound of the history that is not the winner's",
                        "terms_kept = free.terms_kept",
                        "terms_kept = 1000",
                        "JdbcSessionTest#history_keepsAsManyTermsAsTheWinnerSays")
                .in(
                        "TAKEN",
                        "row in the history where it was before",
                        "system_identifier = here.system_identifier,\n",
                        "",
                        here)
                .in("TAKEN", "row on the timeline where it was before", "timeline = here.timeline,\n", "", here);
    }
}
