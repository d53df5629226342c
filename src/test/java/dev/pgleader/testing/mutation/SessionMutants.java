package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in what a session asks of the database, other than taking elections. */
final class SessionMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";
    private static final String NAMED =
            "(e.candidate, e.term, e.session_id) is not distinct from (a.candidate, a.term, a.session_id)\n";

    private SessionMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(entry().all());
        all.addAll(renewal().all());
        all.addAll(disturbance().all());
        all.addAll(leaving().all());
        all.addAll(vacate().all());
        all.addAll(lead().all());
        all.addAll(announcements().all());
        all.addAll(registering().all());
        all.addAll(looks().all());
        all.addAll(changes().all());
        all.addAll(kept().all());
        all.addAll(lockSpace().all());
        all.addAll(session().all());
        return all;
    }

    private static MutantList sessions() {
        return new MutantList(FOLDER + "SessionSql.java", TESTS);
    }

    private static MutantList elections() {
        return new MutantList(FOLDER + "ElectionSql.java", TESTS);
    }

    private static MutantList entry() {
        String old = "JdbcSessionTest#sessionsThatEndedLongAgo_areForgotten_unlessAnElectionNamesThem";
        String seen = "JdbcSessionTest#serverThatIsNewlySeen_isWrittenDownAtTheEntry";
        return sessions()
                .in("ENTER", "sessions forgotten too soon", "interval '1 hour'", "interval '1 minute'", old)
                .in(
                        "ENTER",
                        "sessions forgotten that elections name",
                        "and not exists (select from %1$s.election as e where e.session_id = s.id)",
                        "",
                        old)
                .in("ENTER", "candidates of the forgotten stay", "where c.session_id = old.id", "where false", old)
                .in("ENTER", "front that goes down", "greatest(v.front, known.timeline)", "known.timeline", seen)
                .in("ENTER", "new server as old as the former", "since = clock_timestamp()", "since = v.since", seen)
                .in(
                        "LOCK",
                        "lock shared by all",
                        "pg_try_advisory_lock(",
                        "pg_try_advisory_lock_shared(",
                        "JdbcSessionTest#sessionThatIsOver_whoseLockIsHeld_isNot")
                .in(
                        "LOCK",
                        "lock that is not said to be there",
                        "set locked = true",
                        "set locked = false",
                        "JdbcSessionTest#session_livesOnTheServerThatItSays_withALock");
    }

    private static MutantList renewal() {
        String over = "JdbcSessionTest#rowThatIsOver_isNeverRevived";
        String extended = "JdbcSessionTest#renewal_extendsTheRow_byItsOwnLength";
        String inTime = "where s.id = ? and s.process = ? and s.expires_at > clock_timestamp()\n";
        return sessions()
                .in("RENEW", "renewal that revives", inTime, "where s.id = ? and s.process = ?\n", over)
                .in(
                        "RENEW",
                        "renewal judged by when it was sent",
                        inTime,
                        inTime.replace("clock_timestamp()", "now()"),
                        "WaitingStatementsTest#leaseOverWhileARenewalWaited_isNotRevived")
                .in(
                        "RENEW",
                        "renewal of another process",
                        inTime,
                        inTime.replace("s.process = ?", "(?)::uuid is not null"),
                        "JdbcSessionTest#rowOfAnotherProcess_isNotRenewed")
                .in(
                        "RENEW",
                        "lease that counts from when it was asked for",
                        "expires_at = clock_timestamp() + given.lease",
                        "expires_at = now() + given.lease",
                        "WaitingStatementsTest#renewalThatWaited_extendsTheLeaseFromWhenItWasDone")
                .in(
                        "RENEW",
                        "renewal that waits",
                        "for no key update of s skip locked",
                        "for no key update of s",
                        "JdbcSessionTest#rowThatIsLocked_isPassedOver")
                .in(
                        "RENEW",
                        "renewal without the library's mark",
                        "xact = pg_current_xact_id()",
                        "xact = null",
                        extended)
                .in("RENEW", "renewal that leaves no trace", "beat = s.beat + 1", "beat = s.beat", extended)
                .in("RENEW", "renewal that keeps the length", "lease = given.lease", "lease = s.lease", extended)
                .in(
                        "RENEW",
                        "renewal over another's session",
                        "is not distinct from coalesce(?, current_setting('pgleader.mark', true))",
                        "is not distinct from coalesce(current_setting('pgleader.mark', true), ?)",
                        "JdbcSessionSurroundingsTest#sessionResetUnderALeader_isFoundOutByItsHeartbeat_whichExtendsNothing")
                .in(
                        "RENEW",
                        "silence that is not bounded anew",
                        "case when b.bound is not null then",
                        "case when false then",
                        "JdbcSessionSurroundingsTest#sessionThatHoldsAnything_isEndedBySilence_andOnlyThen");
    }

    private static MutantList disturbance() {
        String once = "JdbcSessionTest#rowDeletedByHand_isToldToItsHolder_once";
        return sessions()
                .in(
                        "RENEW",
                        "changes told again and again",
                        "and not pg_visible_in_snapshot(d.x, (select f.snapshot from former as f))\n",
                        "\n",
                        "JdbcSessionTest#deletionThatCommitsLate_isToldByTheNextRenewal")
                .in(
                        "RENEW",
                        "changes that commit late not told",
                        "d.x >= pg_snapshot_xmin((select f.snapshot from former as f))",
                        "d.x >= pg_snapshot_xmax((select f.snapshot from former as f))",
                        "JdbcSessionTest#deletionThatCommitsLate_isToldByTheNextRenewal")
                .in(
                        "RENEW",
                        "changes of other sessions told",
                        "and (d.session_id is null or d.session_id = ?)",
                        "and (d.session_id is null or (?)::integer is not null)",
                        once)
                .in(
                        "RENEW",
                        "changes of all sessions not told",
                        "(d.session_id is null or d.session_id = ?)",
                        "(d.session_id = ?)",
                        "JdbcSessionTest#rowsTruncated_areToldToEverySession");
    }

    private static MutantList leaving() {
        return sessions()
                .in(
                        "LEAVE",
                        "row removed that an election names",
                        "and not exists (select from %1$s.election as e where e.session_id = s.id)",
                        "",
                        "JdbcSessionTest#sessionThatLeft_whileAnElectionNamesIt_keepsItsRow")
                .in(
                        "LEAVE",
                        "lock kept without a row",
                        "from gone where gone.locked",
                        "from gone where false",
                        "JdbcSessionTest#sessionThatLeaves_isNoSignOfALeader");
    }

    private static MutantList vacate() {
        String others = "JdbcSessionTest#rowThatNamesAnother_isLeftAlone_andSaidToBeGone";
        String locked = "JdbcSessionTest#rowThatIsLocked_isNotSaidToBeVacated_andTheOthersAre";
        String mine = NAMED + "                   for no key";
        return elections()
                .in(
                        "VACATE",
                        "any leadership vacated",
                        mine,
                        mine.replace("is not distinct", "is distinct").replace("(e.candidate", "true or (e.candidate"),
                        others)
                .in("VACATE", "vacating that waits for one row", "of e skip locked", "of e", locked)
                .in("VACATE", "locked row said to be vacated", "where e.name is null", "where true", locked)
                .in("VACATE", "another's row not said to be gone", "where e.name is null", "where false", others)
                .in(
                        "VACATE",
                        "vacating that its own fence keeps out",
                        "for no key update of e",
                        "for update of e",
                        "JdbcSessionTest#rowThatIsFenced_isVacatedAllTheSame")
                .in(
                        "VACATE",
                        "edited row released",
                        "case when ? and e.xmin = e.xact::xid\n",
                        "case when ?\n",
                        "JdbcSessionTest#rowEditedByHand_isVacated_asOneThatMustStandStill")
                .in(
                        "VACATE",
                        "row of another history released",
                        "and (e.system_identifier, e.timeline)\n"
                                + "                                         is not distinct from (here.system_identifier,"
                                + " here.timeline)\n",
                        "",
                        "JdbcSessionTest#rowOfAnotherHistory_isVacated_asOneThatMustStandStill")
                .in(
                        "VACATE",
                        "detached row released",
                        "case when ? and e.xmin",
                        "case when (? or true) and e.xmin",
                        "JdbcSessionTest#rowDetached_isVacant_andMustStandStill")
                .in(
                        "VACATE",
                        "vacating that nobody is told of",
                        "case when ? then pg_notify(",
                        "case when ? and false then pg_notify(",
                        "JdbcSessionTest#rowVacated_isFreeAtOnce_keepsItsTerm_andIsAnnounced");
    }

    private static MutantList lead() {
        String others = "JdbcSessionTest#leaderThatTheRowDoesNotName_isNotSaidToLead";
        return elections()
                .in("LEAD", "any leadership said to lead", "and " + NAMED, "\n", others)
                .in(
                        "LEAD",
                        "edited row becomes the library's",
                        "case when e.xmin = e.xact::xid then pg_current_xact_id() end",
                        "pg_current_xact_id()",
                        "JdbcSessionTest#rowEditedByHand_isSaidToLead_andStaysEdited")
                .in(
                        "LEAD",
                        "library's row becomes an edited one",
                        "xact = mine.xact",
                        "xact = e.xact",
                        "JdbcSessionTest#leaderThatIsReady_isSaidToLead_andThatIsAnnounced")
                .in(
                        "LEAD",
                        "leader that leads already not said to",
                        "where mine.phase = 'leading'",
                        "where false",
                        "JdbcSessionTest#leaderWhoseRowIsLocked_isSaidToLeadLater")
                .in(
                        "LEAD",
                        "leading that nobody is told of",
                        "case when ? then pg_notify(",
                        "case when ? and false then pg_notify(",
                        "JdbcSessionTest#leaderThatIsReady_isSaidToLead_andThatIsAnnounced");
    }

    private static MutantList announcements() {
        String announced = "JdbcSessionTest#changes_areAnnouncedInTheirOrder_onTheChannelOfTheSchemasName";
        return elections()
                .in(
                        "ANNOUNCE",
                        "announced elsewhere",
                        "pg_notify(?, 'changed ' || changed.name)",
                        "pg_notify((?)::text || '_', 'changed ' || changed.name)",
                        announced)
                .in(
                        "ANNOUNCE",
                        "other things announced",
                        "pg_notify(?, 'changed ' || changed.name)",
                        "pg_notify(?, 'changed ' || changed.name || '_')",
                        announced)
                .in(
                        "ANNOUNCE",
                        "session's commits no longer wait",
                        "'synchronous_commit', 'off', true",
                        "'synchronous_commit', 'off', false",
                        "JdbcSessionSurroundingsTest#announcement_leavesTheSessionsOwnSettings")
                .in(
                        "VACATE",
                        "vacancy announced as any other change",
                        "pg_notify(?, ? || emptied.name)",
                        "pg_notify(?, replace(?, 'vacated', 'changed') || emptied.name)",
                        "JdbcSessionTest#rowVacated_isFreeAtOnce_keepsItsTerm_andIsAnnounced")
                .in(
                        "VACATE",
                        "vacating that waits for other announcers",
                        "'lock_timeout', '100ms'",
                        "'lock_timeout', '0'",
                        "SynchronousCommitTest#anotherNotifierStuckInItsCommit_leaderVacatesAllTheSame");
    }

    private static MutantList registering() {
        String removed = "JdbcSessionTest#electionRemovedLongAgo_mustStandStill";
        String timeline = "JdbcSessionTest#timelineWrittenDownLessThanALeaseAgo_makesNewRowsStandStill";
        String locks = "JdbcSessionTest#lockWithoutARunningSession_makesNewRowsStandStill";
        return elections()
                .in(
                        "REGISTER",
                        "registered by two at once",
                        "    on conflict do nothing\n",
                        "",
                        "JdbcSessionTest#sameElections_registeredInOppositeOrders_areRegisteredByBoth")
                .in(
                        "REGISTER",
                        "numbers of fences used up",
                        "where not exists (select from %1$s.election",
                        "where true or not exists (select from %1$s.election",
                        "JdbcSessionTest#knownElections_registeredAgain_useUpNoNumbersOfFences")
                .in(
                        "REGISTER",
                        "terms left open speak for nobody",
                        "and not h.settled)",
                        "and h.ending = 'removed')",
                        "JdbcSessionTest#electionsTruncatedByHand_whileTheyWereLed_mustStandStill")
                .in("REGISTER", "terms removed speak for nobody", "not h.settled", "h.ended_at is null", removed)
                .in(
                        "REGISTER",
                        "young timeline speaks for nobody",
                        "v.since <= clock_timestamp()",
                        "true or v.since <= clock_timestamp()",
                        timeline)
                .in("REGISTER", "locks speak for nobody", "(select count(*) > 0\n", "(select count(*) < 0\n", locks)
                .in(
                        "REGISTER",
                        "every lock speaks for a leader",
                        "s.expires_at > clock_timestamp()))",
                        "s.expires_at < clock_timestamp()))",
                        "JdbcSessionTest#newElection_isVacant_withoutATerm_andFreeAtOnce")
                .in(
                        "REGISTER",
                        "waits for another that registers the same",
                        "'lock_timeout', '100ms', true",
                        "'lock_timeout', '1min', true",
                        "RegisteringTest#electionStuckInAnothersHands_keepsNoOtherWaiting");
    }

    private static MutantList looks() {
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .in(
                        "LOOK",
                        "look at every row",
                        "where e.name = any(?)",
                        "where e.name = any(?) or true",
                        "JdbcSessionTest#otherElections_areNotLookedAt")
                .in(
                        "COLUMNS",
                        "edited row said to be the library's",
                        "coalesce(e.xmin = e.xact::xid, false)",
                        "true",
                        "JdbcSessionTest#rowEditedByHand_isSeenAsNotTheLibrarys")
                .in(
                        "SESSION_COLUMNS",
                        "end of a session that is out of bounds",
                        "least(greatest(s.expires_at, now() - interval '100 years'), now() + interval '100 years')",
                        "s.expires_at",
                        "JdbcSessionTest#sessionEditedToExtremes_spoilsNoAnswer")
                .in(
                        "COLUMNS",
                        "length of a lease that is out of bounds",
                        "least(greatest(e.lease, interval '0'), interval '100 years')",
                        "e.lease",
                        "JdbcSessionTest#electionEditedToExtremes_spoilsNoAnswer");
    }

    private static MutantList changes() {
        String any = "ChangesSeenTest#whateverAnybodyDoes_isSeen";
        return new MutantList(FOLDER + "LookSql.java", TESTS)
                .in(
                        "SINCE",
                        "what the library changed is not seen",
                        "not pg_visible_in_snapshot(e.xact,",
                        "e.xact is null and not pg_visible_in_snapshot(e.xact,",
                        any)
                .in(
                        "SINCE",
                        "what other hands changed is not seen",
                        "not pg_visible_in_snapshot(d.x,",
                        "d.x is null and not pg_visible_in_snapshot(d.x,",
                        any)
                .in(
                        "SINCE",
                        "what commits late is not seen",
                        "e.xact >= pg_snapshot_xmin(",
                        "e.xact >= pg_snapshot_xmax(",
                        "ChangesSeenTest#changeThatCommitsLate_isSeen")
                .in(
                        "SINCE",
                        "what other hands commit late is not seen",
                        "d.x >= pg_snapshot_xmin(",
                        "d.x >= pg_snapshot_xmax(",
                        "ChangesSeenTest#handThatCommitsLate_isSeen");
    }

    private static MutantList kept() {
        return new MutantList(FOLDER + "JdbcLooks.java", TESTS)
                .anywhere(
                        "some of many changes are not seen",
                        "changed.size() > LookSql.MOST_CHANGES",
                        "false",
                        "ChangesSeenTest#manyChangesAtOnce_areSeen")
                .anywhere(
                        "changes since the first look, again and again",
                        "last = moment.sight();\n        return moment;",
                        "return moment;",
                        "ChangesSeenTest#whatIsKept_isNotReadAgain")
                .anywhere(
                        "nothing is kept",
                        "kept.put(name, row, moment.at(), now);",
                        "kept.forget(names);",
                        "ChangesSeenTest#whatIsKept_isNotReadAgain")
                .anywhere(
                        "kept for ever",
                        "kept.forgetReadBefore(",
                        "Long.toString(",
                        "ChangesSeenTest#whatLeavesNoTrace_isSeenAfterAWhile")
                .anywhere(
                        "what has changed is kept",
                        "        kept.forget(changed);\n",
                        "",
                        "ChangesSeenTest#changeThatCommitsLate_isSeen")
                .anywhere(
                        "sessions as they were",
                        "        kept.heldBy(sessions);\n",
                        "",
                        "ChangesSeenTest#whatIsKept_isNotReadAgain");
    }

    private static MutantList lockSpace() {
        return new MutantList(FOLDER + "Facts.java", TESTS)
                .anywhere(
                        "one space of locks and one channel for all schemas",
                        "return rows.getInt(\"lock_space\");",
                        "return 7;",
                        "JdbcSessionTest#changes_areAnnouncedInTheirOrder_onTheChannelOfTheSchemasName");
    }

    private static MutantList session() {
        return new MutantList(FOLDER + "JdbcLease.java", TESTS)
                .anywhere(
                        "any row passed over is lost",
                        "row.getBoolean(\"still_ours\") ?",
                        "false ?",
                        "JdbcSessionTest#rowThatIsLocked_isPassedOver")
                .anywhere(
                        "no row is ever lost",
                        "row.getBoolean(\"still_ours\") ?",
                        "true ?",
                        "JdbcSessionTest#rowThatIsOver_isNeverRevived")
                .anywhere(
                        "changes told since the entry",
                        "snapshot = row.getString(\"snapshot\");",
                        "",
                        "JdbcSessionTest#rowDeletedByHand_isToldToItsHolder_once")
                .anywhere(
                        "session that another has reset",
                        "if (mark.isPresent() && !mark.get().equals(rows.getString(\"mark\")))",
                        "if (false)",
                        "JdbcSessionSurroundingsTest#sessionResetUnderALeader_isFoundOutByItsHeartbeat_whichExtendsNothing")
                .anywhere(
                        "connection that is entered twice",
                        "if (!owner.equals(NOBODY))",
                        "if (false)",
                        "JdbcSessionTest#connectionThatHasItsRow_isNotEnteredAgain");
    }
}
