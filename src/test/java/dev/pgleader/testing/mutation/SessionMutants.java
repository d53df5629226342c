package dev.pgleader.testing.mutation;

import java.util.ArrayList;
import java.util.List;

/** Faults in what a session asks of the database, other than taking elections. */
final class SessionMutants {

    private static final String FOLDER = "src/main/java/dev/pgleader/internal/postgres/";
    private static final String TESTS = "dev.pgleader.internal.postgres";

    private SessionMutants() {}

    static List<Mutant> all() {
        List<Mutant> all = new ArrayList<>();
        all.addAll(heartbeat().all());
        all.addAll(vacate().all());
        all.addAll(looks().all());
        all.addAll(rows().all());
        all.addAll(locks().all());
        all.addAll(lockSpace().all());
        all.addAll(session().all());
        all.addAll(heldLocks().all());
        return all;
    }

    private static MutantList sql() {
        return new MutantList(FOLDER + "Sql.java", TESTS);
    }

    private static MutantList heartbeat() {
        String others = "JdbcSessionTest#heartbeat_ofAnotherCandidateOrTerm_isRefused";
        String over = "JdbcSessionTest#leaseThatIsOver_isNotRevived";
        String waited = "WaitingStatementsTest#leaseOverWhileAHeartbeatWaited_isNotRevived";
        String mine = "join asked as a on a.name = e.name and a.candidate = e.candidate and a.term = e.term";
        String inTime = "where e.expires_at > clock_timestamp()";
        String ours = "e.name = a.name and e.candidate = a.candidate and e.term = a.term";
        return sql().in("HEARTBEAT", "heartbeat of any term", mine, mine.replace(" and a.term = e.term", ""), others)
                .in(
                        "HEARTBEAT",
                        "heartbeat of any candidate",
                        mine,
                        mine.replace(" and a.candidate = e.candidate", ""),
                        others)
                .in("HEARTBEAT", "heartbeat that revives", inTime, "where true", over)
                .in("HEARTBEAT", "heartbeat judged by when it was sent", inTime, "where e.expires_at > now()", waited)
                .in(
                        "HEARTBEAT",
                        "lease that counts from when it was asked for",
                        "expires_at = clock_timestamp() + e.lease",
                        "expires_at = now() + e.lease",
                        "WaitingStatementsTest#heartbeatThatWaited_extendsTheLeaseFromWhenItWasDone")
                .in(
                        "HEARTBEAT",
                        "heartbeat that waits for one row",
                        "for no key update of e skip locked",
                        "for no key update of e",
                        "JdbcSessionTest#rowLockedBySomebody_isPassedOver_andTheOthersAreRenewed")
                .in(
                        "HEARTBEAT",
                        "heartbeat that its own fence keeps out",
                        "for no key update of e",
                        "for update of e",
                        "JdbcSessionTest#fencedRow_isRenewedAllTheSame")
                .in(
                        "HEARTBEAT",
                        "heartbeat that leaves no trace",
                        "beat = e.beat + 1",
                        "beat = e.beat",
                        "JdbcSessionTest#heartbeat_extends_theLeaseAndWritesThePhase")
                .in(
                        "HEARTBEAT",
                        "heartbeat that forgets the phase",
                        "phase = mine.phase",
                        "phase = e.phase",
                        "JdbcSessionTest#heartbeat_extends_theLeaseAndWritesThePhase")
                .in(
                        "HEARTBEAT",
                        "heartbeat that extends nothing",
                        "expires_at = clock_timestamp() + e.lease",
                        "expires_at = e.expires_at",
                        "WaitingStatementsTest#heartbeatThatWaited_extendsTheLeaseFromWhenItWasDone")
                .in("HEARTBEAT", "another's row is still ours", ours, "e.name = a.name", others)
                .in(
                        "HEARTBEAT",
                        "row is still ours after its lease",
                        "                                 and e.expires_at > clock_timestamp()\n",
                        "",
                        over);
    }

    private static MutantList vacate() {
        String others = "JdbcSessionTest#rowOfAnotherCandidateOrTerm_isNotEmptied_andSaidToBeGone";
        String locked = "JdbcSessionTest#rowLockedBySomebody_isNotSaidToBeVacated_butTheOthersAre";
        String mine = "join asked as a on a.name = e.name and a.candidate = e.candidate and a.term = e.term";
        return sql().in("VACATE", "any term vacated", mine, mine.replace(" and a.term = e.term", ""), others)
                .in("VACATE", "any candidate vacated", mine, mine.replace(" and a.candidate = e.candidate", ""), others)
                .in("VACATE", "vacating that waits for one row", "of e skip locked", "of e", locked)
                .in("VACATE", "locked row said to be vacated", "or not exists (", "or true or not exists (", locked)
                .in(
                        "VACATE",
                        "another's row not said to be gone",
                        "or not exists (",
                        "or false and not exists (",
                        others)
                .in(
                        "VACATE",
                        "vacating that leaves no trace",
                        "beat = e.beat + 1",
                        "beat = e.beat",
                        "JdbcSessionTest#holder_vacates_itsRowAndKeepsTheTerm");
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
                        "time left when it was asked for",
                        "e.expires_at - clock_timestamp()",
                        "e.expires_at - now()",
                        "WaitingStatementsTest#leaseOverWhileALookWaited_isSeenToBeOver");
    }

    private static MutantList rows() {
        return sql().in(
                        "REGISTER",
                        "registered by two at once",
                        "    on conflict do nothing\n",
                        "",
                        "RegisteringTest#election_registeredByAnotherMeanwhile_isNoTrouble")
                .in(
                        "REGISTER",
                        "registered in any order",
                        " order by name\n",
                        "",
                        "RegisteringTest#elections_areRegisteredInOneOrder_soThatNobodyDeadlocks")
                .in(
                        "REGISTER",
                        "numbers of locks used up",
                        "where not exists (",
                        "where true or not exists (",
                        "JdbcSessionTest#knownElections_registeredAgain_useUpNoNumbersOfLocks");
    }

    private static MutantList locks() {
        String announced = "JdbcSessionTest#changes_areAnnouncedInTheirOrder_onTheChannelOfTheTable";
        String anotherKey = "JdbcSessionTest#lock_released_canBeHadByAnother";
        String stuck = "SynchronousCommitTest#anotherNotifierStuckInItsCommit_releaseGivesTheLockBackAllTheSame";
        MutantList list = sql().in(
                        "TRY_LOCK",
                        "refused lock said to be granted",
                        " where granted\n",
                        "",
                        "JdbcSessionTest#lock_heldByOneSession_isRefusedToAnother")
                .in(
                        "TRY_LOCK",
                        "granted lock does not bound silence",
                        "when ? and granted then",
                        "when ? and not granted then",
                        "JdbcSessionSurroundingsTest#sessionThatHoldsALock_isEndedBySilence_andOnlyThen")
                .in(
                        "TRY_LOCK",
                        "lock shared by all",
                        "pg_try_advisory_lock(",
                        "pg_try_advisory_lock_shared(",
                        anotherKey)
                .in(
                        "RELEASE",
                        "another key unlocked",
                        "pg_advisory_unlock(?, id)",
                        "pg_advisory_unlock(?, id + 1)",
                        anotherKey)
                .in(
                        "RELEASE",
                        "announced elsewhere",
                        "pg_notify(?, name)",
                        "pg_notify((?)::text || '_', name)",
                        announced)
                .in("RELEASE", "other things announced", "pg_notify(?, name)", "pg_notify(?, name || '_')", announced)
                .in("RELEASE", "waits for other announcers", "'lock_timeout', '100ms'", "'lock_timeout', '0'", stuck)
                .in(
                        "RELEASE",
                        "session's commits no longer wait",
                        "'synchronous_commit', 'off', true",
                        "'synchronous_commit', 'off', false",
                        "JdbcSessionSurroundingsTest#release_leavesTheSessionsOwnSettings")
                .in(
                        "END_BACKENDS",
                        "process ended that is somebody else's",
                        " and s.backend_start = c.backend_start",
                        "",
                        "JdbcSessionTest#processIdUsedAgain_byAnother_isLeftAlone")
                .in(
                        "END_BACKENDS",
                        "process ended whose leader has renewed",
                        " and a.beat = e.beat",
                        "",
                        "JdbcSessionTest#backend_whoseLeaderHasRenewedSince_isLeftAlone")
                .in(
                        "END_BACKENDS",
                        "process ended that may be changing its row",
                        "for no key update of e skip locked",
                        "",
                        "JdbcSessionTest#backend_ofARowThatIsLocked_isLeftAlone");
        list.in(
                "TRY_LOCK",
                "lock for a session that somebody has reset",
                "current_setting('pgleader.mark', true) = ?",
                "(?)::text is not null",
                "JdbcSessionSurroundingsTest#sessionResetBySomebody_getsNoLock");
        String name = "locks of the other key space";
        Mutation lock = list.within(
                "TRY_LOCK",
                name,
                "pg_try_advisory_lock(?, lock_id)",
                "pg_try_advisory_lock(((?)::bigint << 32) | lock_id)");
        Mutation unlock = list.within(
                "RELEASE", name, "pg_advisory_unlock(?, id)", "pg_advisory_unlock(((?)::bigint << 32) | id)");
        return list.add(
                name, List.of(lock, unlock), "JdbcSessionTest#lock_ofTwoNumbers_doesNotMeetTheOneOfASingleNumber");
    }

    private static MutantList lockSpace() {
        String schemas = "JdbcSessionSurroundingsTest#sameElectionInAnotherSchema_meetsNeitherLockNorAnnouncement";
        return new MutantList(FOLDER + "Facts.java", TESTS)
                .anywhere("one space of locks for all schemas", "KEY_SPACE ^ (int) tableOid", "KEY_SPACE", schemas)
                .anywhere("one channel for all schemas", "\"pgleader_\" + tableOid", "\"pgleader\"", schemas);
    }

    private static MutantList session() {
        return new MutantList(FOLDER + "JdbcSession.java", TESTS)
                .anywhere(
                        "any row passed over is lost",
                        "row.getBoolean(\"still_ours\") ?",
                        "false ?",
                        "JdbcSessionTest#rowLockedBySomebody_isPassedOver_andTheOthersAreRenewed")
                .anywhere(
                        "no row is ever lost",
                        "row.getBoolean(\"still_ours\") ?",
                        "true ?",
                        "JdbcSessionTest#leaseThatIsOver_isNotRevived")
                .anywhere(
                        "another table under the same name",
                        "rows.getLong(\"table_oid\") != facts.tableOid()",
                        "false",
                        "JdbcSessionTest#tableReplaced_underASession_isNoticed")
                .anywhere(
                        "session that somebody has reset",
                        "if (mark.isPresent() && !mark.get().equals(rows.getString(\"mark\")))",
                        "if (false)",
                        "JdbcSessionSurroundingsTest#sessionResetUnderALeader_isFoundOutByItsHeartbeat");
    }

    private static MutantList heldLocks() {
        String silence = "JdbcSessionSurroundingsTest#sessionThatHoldsALock_isEndedBySilence_andOnlyThen";
        return new MutantList(FOLDER + "AdvisoryLocks.java", TESTS)
                .anywhere(
                        "held lock asked for again",
                        "if (held.contains(lockId))",
                        "if (false)",
                        "JdbcSessionTest#lock_askedForByItsHolder_isAnError")
                .anywhere(
                        "lock released that was not held",
                        "if (!allWereHeld)",
                        "if (false)",
                        "JdbcSessionTest#lockNeverTaken_released_isAnError")
                .anywhere("silence stays bounded", "held.isEmpty() && settings.endWhenSilent()", "false", silence)
                .anywhere(
                        "first lock released ends the bound",
                        "!lockIds.isEmpty() && held.isEmpty()",
                        "!lockIds.isEmpty()",
                        silence);
    }
}
