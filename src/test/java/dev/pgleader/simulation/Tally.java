package dev.pgleader.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How often what has happened. One thread. */
final class Tally {

    /** What can go wrong. */
    static final List<Happening> FAULTS =
            Stream.of(Happening.values()).filter(each -> each.isFault).toList();

    private final Map<Happening, Long> counts = new EnumMap<>(Happening.class);

    /** What is worth counting; a run must have seen each of these, or its silence proves little. */
    enum Happening {
        // What goes wrong with a process and its machine
        PAUSE(true),
        SUSPENSION(true),
        FREEZE(true),
        PAUSE_BEFORE_SENDING(true),
        PAUSE_AFTER_ANSWER(true),
        HALT_IN_FLIGHT(true),
        SLEPT_UNAWARES(true),
        WALL_CLOCK_FORWARD(true),
        WALL_CLOCK_BACK(true),
        KILL_PROCESS(true),
        KILL_MACHINE(true),
        WATCHDOG_LATE(true),
        // … with its network
        CUT(true),
        CUT_REQUESTS(true),
        CUT_ANSWERS(true),
        SLOW(true),
        CONNECTIONS_REFUSED(true),
        STATEMENT_LOST(true),
        STATEMENT_LATE(true),
        ANSWER_LOST(true),
        NOTICE_LOST(true),
        END_UNHEARD(true),
        // … with the database
        SESSION_TERMINATED(true),
        LISTENER_TERMINATED(true),
        SERVER_RESTARTED(true),
        SERVER_DOWN(true),
        SERVER_STALLED(true),
        PROMOTION(true),
        COMMITS_LOST(true),
        OLD_PRIMARY_LIVES(true),
        DATABASE_CLOCK_FORWARD(true),
        DATABASE_CLOCK_BACK(true),
        ROW_LOCKED(true),
        TABLE_LOCKED(true),
        // … with its users
        RESIGN(true),
        CLOSE(true),
        SHUTDOWN(true),
        WORK_FAILS(true),
        WORK_STOPS_LATE(true),
        FENCE_STALLS(true),
        HAND_OVER(true),
        REQUEST(true),
        // … with the list of candidates
        ROLL_FORGOTTEN(true),
        // … with other hands on the tables
        ROW_DELETED(true),
        ROWS_TRUNCATED(true),
        ROW_EMPTIED(true),
        ROW_GIVEN_AWAY(true),
        ROW_REWRITTEN(true),
        ROW_RESTORED(true),
        SESSION_DELETED(true),
        SESSIONS_TRUNCATED(true),
        SESSION_EDITED(true),
        SESSION_RESTORED(true),
        SCHEMA_DROPPED(true),
        // … with its server processes
        BACKEND_STUCK(true),
        BACKEND_HALTED(true),
        SNAPSHOT_OLD(true),
        SERVER_CRASHED(true),
        // What comes of it
        PROCESS_STARTED(false),
        ROW_ONLY(false),
        ELECTED_VACANT(false),
        ELECTED_LEASE_OVER(false),
        ELECTED_STOOD_STILL(false),
        ELECTED_SESSION_ENDED(false),
        ELECTED_CLAIMED(false),
        LOST_RESIGNED(false),
        LOST_HANDED_OVER(false),
        LOST_PREEMPTED(false),
        LOST_CLOSED(false),
        LOST_FAILED(false),
        LOST_DEPOSED(false),
        LOST_EXPIRED(false),
        LOST_SESSION_LOST(false),
        TAKEN_FROM_ANOTHER(false),
        LEFTOVER_VACATED(false),
        HANDED_OVER(false),
        FOLLOWER_STARTED(false),
        POST_ASKED_FOR(false),
        SUCCESSOR_NAMED(false),
        SUCCESSOR_ABSENT(false),
        SUCCESSOR_TOOK(false),
        SUCCESSOR_APPOINTED(false),
        SUCCESSOR_PASSED_OVER(false),
        BETTER_ONE_TOOK(false),
        BETTER_ONE_PASSED_OVER(false),
        LEADER_ASKED_FOR_ITSELF(false),
        ALL_WELL_RESIGNED(false),
        ALL_WELL_HANDED_OVER(false),
        ALL_WELL_REQUESTED(false),
        LATE_EFFECT(false),
        SILENT_SESSION_ENDED(false),
        WATCHDOG_FIRST(false),
        RECOVERED(false),
        FENCED_WRITE(false),
        FENCE_REFUSED(false),
        FENCE_KEPT_OTHERS_OUT(false),
        BOTH_WITNESSES_WRONG(false),
        DETACHED(false),
        LOCK_OUTLIVED(false),
        DROPPED_BEHIND_A_LOCK(false),
        SLEPT_AND_SET_BACK(false),
        // … to those who watch
        ONLY_WATCHES(false),
        OBSERVER_LEADS(false),
        OBSERVER_SEES_LEADER(false),
        OBSERVER_SEES_NOBODY(false),
        OBSERVER_CANNOT_TELL(false),
        OBSERVER_TOLD(false),
        OBSERVER_LOSES_SIGHT(false),
        OBSERVER_CLOSED(false),
        SUBSCRIBER_TOLD(false),
        PRESENT_LEADER_KNOWN(false),
        TOLD_AN_OLDER_TERM(false),
        BELIEVED_A_CLOCK_SET_BACK(false),
        BELIEVED_AFTER_SLEEP(false),
        // … to those who hold tickets
        CLAIM_GRANTED(false),
        CLAIM_GRANTED_BY_HEARTBEAT(false),
        CLAIM_GRANTED_AFTER_SLEEP(false),
        CLAIM_REFUSED(false),
        CLAIM_REFUSED_LATER(false),
        START_SEEN(false),
        START_CLOSED(false),
        END_NOT_LEADING(false),
        END_LOST(false),
        END_UNCERTAIN(false),
        END_CLOSED(false),
        STABLE_WORK_DONE(false),
        STABLE_WORK_INTERRUPTED(false),
        TRACKER_CLOSED(false),
        // … to those who campaign
        POST_OFFERED(false),
        POST_TAKEN(false),
        POST_WITHDRAWN(false),
        POST_INTERRUPTED(false),
        POST_LEFT(false),
        POST_LEFT_LATE(false),
        CALM_REACHED(false),
        ENDED(false);

        final boolean isFault;

        Happening(boolean isFault) {
            this.isFault = isFault;
        }
    }

    void count(Happening happening) {
        counts.merge(happening, 1L, Long::sum);
    }

    long of(Happening happening) {
        return counts.getOrDefault(happening, 0L);
    }

    void add(Tally other) {
        other.counts.forEach((happening, count) -> counts.merge(happening, count, Long::sum));
    }

    /** Returns what has never happened. */
    List<Happening> missing() {
        return Stream.of(Happening.values()).filter(each -> of(each) == 0).toList();
    }

    long sum(boolean faults) {
        return Stream.of(Happening.values())
                .filter(each -> each.isFault == faults)
                .mapToLong(this::of)
                .sum();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Happening happening : Happening.values()) {
            text.append(String.format("%,14d  %s%n", of(happening), happening));
        }
        return text.toString();
    }
}
