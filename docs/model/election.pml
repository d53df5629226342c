/*
 * The election protocol of pgleader: two candidates, one row, one advisory lock, the database's clock and the
 * candidates' own. See README.md for what is left out and why, and how the names map to the Java classes.
 *
 * TIME. A tick passes for everybody at once, except that the database's clock may also jump and, with DRIFT, that a
 * candidate's clock may lag one tick behind. Every time that is stored here is a rest: how many ticks are left, or how
 * many have passed up to the point from which more makes no difference. So the states do not grow with time.
 *
 * SAFE and LIVE. Without LIVE a tick may pass at any moment, so that any candidate, statement or answer may be as slow
 * as it likes: a pause between any two steps is not even a fault. With LIVE time waits for whoever can act, unless it
 * was frozen by a fault.
 *
 * WHO GOES FIRST is in succession.pml: heirs, priorities, presence. Here COURTESY lets a candidate leave a row that it
 * could take, whatever its reason, and REQUESTS lets anybody ask any leader to hand over, at any moment. What holds with
 * these holds with every rule of precedence that only delays a taking, or ends a leadership gracefully.
 */

/* ---- Lengths, in ticks ---- */

#ifndef LEASE
#define LEASE 4
#endif
#ifndef REFRACTORY
#define REFRACTORY 1
#endif
#ifdef DRIFT
#define MARGIN 1                                /* Clocks.hurried and Clocks.slowed */
#else
#define MARGIN 0
#endif
#ifdef BUG_NO_ALLOWANCE_FOR_DRIFT
#undef MARGIN
#define MARGIN 0
#endif
#ifdef BUG_NO_REFRACTORY_PERIOD
#define DOUBT  MARGIN
#else
#define DOUBT  (REFRACTORY + MARGIN)            /* the last part of the lease, in which the leader does not believe */
#endif
#define STILL  (LEASE + MARGIN)                 /* for how long a row must stand still to prove its leader gone */
#ifdef COURTESY
#define POLITE 2                                /* LIVE: for how long a row is left to others, once it could be taken */
#else
#define POLITE 0
#endif
#ifdef LIVE
#define LEAP   (4 * LEASE)                      /* how far the database's clock jumps */
#else
#define LEAP   (LEASE + 1)
#endif

/* ---- Bounds: faults in all, and terms in all ---- */

#ifndef FAULTS
#define FAULTS 1
#endif
#ifndef TERMS
#define TERMS 3
#endif

#ifdef LIVE
#define COOPERATIVE
#ifndef BOUND
#define BOUND 40
#endif
#endif

/* ---- Values ---- */

#define FOLLOWING 0
#define LOCKING   1
#define WAITING   2
#define TAKING    3
#define LEADING   4                             /* Recovering and Leading: Governing */
#define DRAINING  5
#define STOPPING  6
#define OUTLIVED  7
#define VACATING  8

#define NOTHING   0                             /* statements */
#define LOOK      1
#define TRY_LOCK  2
#define TAKE      3
#define HEARTBEAT 4
#define VACATE    5
#define UNLOCK    6
#define END_BACKEND 7

#define UNREACHED 0                             /* how far a statement has come */
#define EXECUTED  1

#define NO        0                             /* answers; of a look, they are verdicts */
#define YES       1
#define WAIT      2
#define LEFTOVER  3
#define TAKE_OVER_EXPIRED  4                    /* Take, on a claim that must not precede expiry */
#define TAKE_STOOD_STILL   5                    /* Take, on a claim that may */
#define TAKE_AFTER         6                    /* once the refractory period has been waited out */

#define CLOSED    0                             /* a session, as its candidate has it */
#define OPEN      1
#define BROKEN    2                             /* ended by the server, and not noticed yet */

#define NOBODY    0
#define live(i)   (i + 1)                       /* who holds the lock: the session of a candidate, */
#define orphan(i) (i + 3)                       /* or one that its candidate gave up and the server did not */

#define SAME_SERVER   0                         /* the server on which the row was taken, seen from the one that is */
#define SAME_HISTORY  1
#define OTHER_HISTORY 2

#define EPOCH     16                            /* how many terms apart the timelines are */

/* ---- State ---- */

typedef Candidate {
    byte state;
    byte asked;                                 /* the statement that the loop thread waits for */
    byte reached;
    byte answer;
    byte age;                                   /* of that statement, since before it was sent */
    byte claim;                                 /* what the verdict said */
    byte rest;                                  /* of the lease, by its own clock; in WAITING, of the wait */
    byte vigil;                                 /* for how long the row has been seen to stand still */
    bit current;                                /* the vigil's version is the row's version */
    bit ripe;                                   /* the vigil was long enough when the look was sent */
    bit proven;                                 /* the look found the leader gone by the vigil, too */
    bit elected;                                /* its session is the one that took the row last */
    bit fresh;                                  /* the look found another version: the vigil begins with its answer */
    bit believes;                               /* the leadership was not cancelled */
    bit works;                                  /* the callback has not returned */
    bit fenced;                                 /* it has a transaction open that took the fence */
    byte term;
    byte session;
    byte late;                                  /* for how long the callback has put its cooperation off */
    bit over;                                   /* ghost: isHeld() said no */
    byte orphaned;                              /* the statement of a session given up, that may still be executed */
    byte orphansClaim;
    byte orphansTerm;
    bit orphansCurrent;
    bit orphan;                                 /* the server still has that session */
    byte silent;                                /* LIVE: for how long the server has not heard of its session */
    bit due;                                    /* LIVE: it is time for the next look or heartbeat */
    bit frozen;                                 /* LIVE */
    bit dead;                                   /* LIVE: for good */
    bit lags;                                   /* DRIFT: its clock is a tick behind */
    bit saved;                                  /* the vigil's version is the one that the standby has */
};
Candidate c[2];

typedef Row {
    byte holder;                                /* 0, or the candidate's number plus one */
    byte term;
    short left;                                 /* of the lease, on the database's clock */
    byte from;                                  /* on which server it was taken */
};
Row row;
Row standby;                                    /* what a promotion brings back, once commits do not get there any more */
bit lagging;
byte timeline;
byte lock;
byte faults = FAULTS;
byte taken;                                     /* ghost: how many terms were taken */
int issued;                                     /* ghost: one bit for each */
byte leaderless;                                /* ghost, LIVE: ticks since somebody led or something went wrong */

#define trusts(i)   (c[i].rest > DOUBT)
#define held(i)     (c[i].believes && trusts(i))
#define someoneLeads (held(0) || held(1))

#ifdef LIVE
#define frozen(i)   c[i].frozen
#define awake(i)    (!c[i].frozen)
#define isDue(i)    c[i].due
#else
#define frozen(i)   false
#define awake(i)    true
#define isDue(i)    true
#endif

#ifdef ROW_ONLY
#define lockIsFreeFor(i) true
#else
#define lockIsFreeFor(i) (lock == NOBODY)
#endif

#define idle(i)     (awake(i) && c[i].asked == NOTHING)
#define answered(i, statement) (awake(i) && c[i].asked == statement && c[i].reached == EXECUTED && c[i].session != CLOSED)

/* ---- What must hold ----
 *
 * The number is what a failed assertion is known by. */

#define must(number, condition) assert((condition) || 0 == number)

#define ONE_HOLDER        1                     /* two candidates never say isHeld() at once */
#define NO_OVERLAP        2                     /* COOPERATIVE: two callbacks never run at once */
#define FENCED            3                     /* no write under the fence of a term commits after the next was taken */
#define ONE_OWNER         4                     /* no term is issued twice, across a promotion that lost commits either */
#define ONCE_LOST         5                     /* isHeld() says no for good: nothing is revived */
#define STOP_FIRST        6                     /* row and lock are kept until the work returned or the lease is over */
#define OLD_WORK_RETURNED 7                     /* no candidate is elected while its former work runs */
#define LOCK_ASKED_ONCE   8                     /* advisory locks are re-entrant */
#define LOCK_KEPT         9                     /* nobody gives back a lock that it has not */
#define IN_TIME           10                    /* LIVE: nobody leads for BOUND ticks at most, after the last fault */
#define NEVER_LEADS       11                    /* a candidate that shall only follow takes nothing */

inline judge() {
#ifndef LIVE
    must(ONE_HOLDER, !(held(0) && held(1)));
#ifdef COOPERATIVE
    must(NO_OVERLAP, !(c[0].works && c[1].works));
#endif
#endif
    skip
}

/* ---- The database ---- */

inline send(i, statement) {
    c[i].asked = statement;
    c[i].reached = UNREACHED;
    c[i].age = 0
}

inline settle(i) {
    c[i].asked = NOTHING;
    c[i].reached = UNREACHED;
    c[i].answer = NO;
    c[i].age = 0;
    c[i].ripe = 0
}

inline outdate(i) {
    c[i].current = 0;
#ifdef BUG_VIGIL_NOT_RESTARTED
    if
    :: c[i].saved -> skip
    :: else -> c[i].vigil = 0
    fi
#else
    c[i].vigil = 0
#endif
}

/* Every write makes a new version of the row. */
inline written() {
    outdate(0);
    outdate(1)
}

/* From the next write on, nothing reaches the standby. */
inline fallBehind() {
    lagging = 1;
    faults--;
    standby.holder = row.holder;
    standby.term = row.term;
    standby.left = row.left;
    standby.from = row.from;
#ifdef BUG_VIGIL_NOT_RESTARTED
    c[0].saved = c[0].current;
    c[1].saved = c[1].current;
#endif
    printf("  (this commit and those after it will not reach the standby)\n")
}

/* On a free lock of the very server: without it, the candidate's own clock is the second witness. */
#ifdef BUG_NO_SECOND_WITNESS
#define secondWitness true
#elif defined(ROW_ONLY)
#define secondWitness false
#else
#define secondWitness (row.from == SAME_SERVER)
#endif

#ifdef BUG_NO_WAY_OUT_OF_A_STEP_BACK
#define steppedBack false
#else
#define steppedBack (row.left > LEASE)
#endif

inline judgeRow(i) {
    if
    :: row.holder == NOBODY ->
        if
        :: row.from != OTHER_HISTORY -> c[i].answer = TAKE_OVER_EXPIRED
        :: row.from == OTHER_HISTORY && c[i].ripe -> c[i].answer = TAKE_STOOD_STILL
        :: else -> c[i].answer = WAIT
        fi
    :: row.holder == i + 1 -> c[i].answer = LEFTOVER; c[i].term = row.term
    :: else ->
        if
        :: row.left <= 0 && secondWitness -> c[i].answer = TAKE_OVER_EXPIRED
#ifdef ON_SESSION_END
        :: !(row.left <= 0) && row.from == SAME_SERVER && !(steppedBack && c[i].ripe) -> c[i].answer = TAKE_AFTER
#endif
        :: else ->
            if
            :: (row.left <= 0 || steppedBack) && c[i].ripe -> c[i].answer = TAKE_STOOD_STILL
            :: else -> c[i].answer = WAIT
            fi
        fi
    fi
}

inline executeLook(i) {
#ifdef REQUESTS
    if
    :: c[i].state == LEADING -> c[i].answer = (row.holder == i + 1 && row.term == c[i].term -> YES : NO)
    :: else -> executeFollowersLook(i)
    fi
#else
    executeFollowersLook(i)
#endif
}

inline executeFollowersLook(i) {
    if
    :: c[i].current -> skip
    :: else -> c[i].fresh = 1; c[i].current = 1; c[i].ripe = 0; c[i].vigil = 0; c[i].saved = 0
    fi;
    judgeRow(i);
    if
    :: row.holder == NOBODY || row.from != SAME_SERVER -> c[i].ripe = 0     /* there is no backend to end */
    :: else -> skip
    fi
}

#ifdef BUG_FENCE_WITHOUT_KEY_SHARE
#define fencesStand false
#else
#define fencesStand (c[0].fenced || c[1].fenced)
#endif

#ifdef BUG_TAKE_WITHOUT_COMPARE_AND_SET
#define asClaimed(current) true
#else
#define asClaimed(current) (current)
#endif

/* The two are alike: SAFE lets 0 take the first term, which halves the states and loses nothing. */
#ifdef LIVE
#define inTurn(i)   true
#else
#define inTurn(i)   (taken > 0 || i == 0)
#endif

#ifdef ROW_ONLY
#define elect(i)    skip
#else
#define elect(i)    c[i].elected = 1
#endif

#define mayTake(i, current, claim) (asClaimed(current) && !fencesStand && taken < TERMS && inTurn(i) \
    && (row.holder == NOBODY || row.left <= 0 || claim != TAKE_OVER_EXPIRED))

/* Which session took a row matters only for as long as the row says so. */
inline unelect() {
#ifndef BUG_BACKEND_ENDED_WITHOUT_ANOTHER_LOOK
    c[0].elected = 0;
    c[1].elected = 0
#else
    skip
#endif
}

inline executeTake(i) {
#ifdef NEVER_LEAD
    must(NEVER_LEADS, i != 1);
#endif
#ifndef BUG_TERM_NOT_RAISED_BY_PROMOTION
    if
    :: row.term == 0 -> row.term = timeline * EPOCH + 1
    :: row.term != 0 && row.from == OTHER_HISTORY -> row.term = (row.term / EPOCH + 1) * EPOCH + 1
    :: else -> row.term++
    fi;
#else
    row.term++;
#endif
    unelect();
    row.holder = i + 1;
    row.left = LEASE;
    row.from = SAME_SERVER;
    taken++;
    must(ONE_OWNER, !(issued & (1 << row.term)));
    issued = issued | (1 << row.term);
    written()
}

#ifdef BUG_HEARTBEAT_UNGUARDED
#define mine(i, t)  (row.holder != NOBODY)
#elif defined(BUG_HEARTBEAT_WITHOUT_TERM)
#define mine(i, t)  (row.holder == i + 1)
#else
#define mine(i, t)  (row.holder == i + 1 && row.term == t)
#endif
#ifdef BUG_HEARTBEAT_REVIVES
#define renewable   true
#else
#define renewable   (row.left > 0)
#endif

inline executeHeartbeat() {
    row.left = LEASE;
    written()
}

inline executeVacate() {
    unelect();
    row.holder = NOBODY;
    row.left = 0;
    written()
}

inline endOrphan(i) {
    c[i].orphan = 0;
    c[i].orphaned = NOTHING;
    c[i].orphansClaim = 0;
    c[i].orphansTerm = 0;
    c[i].orphansCurrent = 0;
    if
    :: lock == orphan(i) -> lock = NOBODY
    :: else -> skip
    fi
}

inline breakSession(i) {
    if
    :: c[i].session == OPEN -> c[i].session = BROKEN; c[i].elected = 0
    :: else -> skip
    fi;
    if
    :: lock == live(i) -> lock = NOBODY
    :: else -> skip
    fi
}

/* With the row as it was seen. */
#ifdef BUG_BACKEND_ENDED_WITHOUT_ANOTHER_LOOK
#define asSeen(current) true
#else
#define asSeen(current) (current)
#endif

/* The session that took the row; an orphan may be that session. */
inline endBackend(i) {
#ifdef BUG_SILENT_SESSION_LIVES_ON
    skip
#else
    if
    :: c[i].orphan -> endOrphan(i)
    :: !c[i].orphan && c[i].elected && c[i].session == OPEN -> breakSession(i)
    :: else -> skip
    fi
#endif
}

inline execute(i) {
    c[i].reached = EXECUTED;
    if
    :: c[i].asked == LOOK -> executeLook(i)
    :: c[i].asked == TRY_LOCK ->
        must(LOCK_ASKED_ONCE, lock != live(i));
        if
        :: lock == NOBODY -> lock = live(i); c[i].answer = YES
        :: else -> c[i].answer = NO
        fi
    :: c[i].asked == TAKE ->
        if
        :: mayTake(i, c[i].current, c[i].claim) -> executeTake(i); c[i].term = row.term; elect(i); c[i].answer = YES
        :: else -> c[i].answer = NO
        fi
    :: c[i].asked == HEARTBEAT ->
        if
        :: mine(i, c[i].term) && renewable -> executeHeartbeat(); c[i].answer = YES
        :: else -> c[i].answer = NO
        fi
    :: c[i].asked == VACATE ->
        c[i].answer = YES;
        if
        :: row.holder == i + 1 && row.term == c[i].term -> executeVacate()
        :: else -> skip
        fi
    :: c[i].asked == UNLOCK ->
        must(LOCK_KEPT, lock == live(i));
        c[i].answer = YES;
        lock = NOBODY
    :: c[i].asked == END_BACKEND ->
        c[i].answer = YES;
        if
        :: asSeen(c[i].current) -> endBackend(1 - i)
        :: else -> skip
        fi
    fi;
    printf("server    does what %d asked for: %d, answer %d; row: holder %d, term %d, left %d; lock %d\n",
        i, c[i].asked, c[i].answer, row.holder, row.term, row.left, lock)
}

/* The statement of a session that its candidate has given up; nobody reads its answer. */
inline executeOrphaned(i) {
    if
    :: c[i].orphaned == TRY_LOCK ->
        if
        :: lock == NOBODY -> lock = orphan(i)
        :: else -> skip
        fi
    :: c[i].orphaned == TAKE ->
        if
        :: mayTake(i, c[i].orphansCurrent, c[i].orphansClaim) -> executeTake(i)
        :: else -> skip
        fi
    :: c[i].orphaned == HEARTBEAT ->
        if
        :: mine(i, c[i].orphansTerm) && renewable -> executeHeartbeat()
        :: else -> skip
        fi
    :: c[i].orphaned == VACATE ->
        if
        :: row.holder == i + 1 && row.term == c[i].orphansTerm -> executeVacate()
        :: else -> skip
        fi
    :: c[i].orphaned == UNLOCK -> lock = NOBODY
    :: c[i].orphaned == END_BACKEND ->
        if
        :: asSeen(c[i].orphansCurrent) -> endBackend(1 - i)
        :: else -> skip
        fi
    fi;
    c[i].orphaned = NOTHING;
    c[i].orphansClaim = 0;
    c[i].orphansTerm = 0;
    c[i].orphansCurrent = 0;
    printf("server    does what %d asked for in a session since given up; row: holder %d, term %d, left %d; lock %d\n",
        i, row.holder, row.term, row.left, lock)
}

#define writes(statement) (statement == TAKE || statement == HEARTBEAT || statement == VACATE)
#ifdef CHANGE
#define mayFallBehind (!lagging && faults > 0)
#else
#define mayFallBehind false
#endif

/* ---- A candidate ---- */

inline forget(i) {
    c[i].current = 0;
    c[i].saved = 0;
    c[i].vigil = 0
}

inline follow(i) {
    c[i].state = FOLLOWING;
    c[i].rest = 0;
    c[i].claim = 0;
#ifdef BUG_STANDS_WHILE_OLD_WORK_RUNS
    if
    :: c[i].works -> skip
    :: else -> c[i].term = 0
    fi
#else
    c[i].term = 0
#endif
}

/* Cancels the work; asking twice changes nothing. */
inline cancel(i) {
    c[i].believes = 0
}

inline outlive(i) {
    cancel(i);
#ifdef BUG_STANDS_WHILE_OLD_WORK_RUNS
    follow(i)
#else
    c[i].state = OUTLIVED;
    c[i].rest = 0
#endif
}

inline loseSession(i) {
    if
    :: c[i].fresh -> forget(i); c[i].fresh = 0
    :: else -> skip
    fi;
    settle(i);
    c[i].proven = 0;
    c[i].elected = 0;
    if
    :: c[i].works -> skip
    :: else -> c[i].late = 0
    fi;
    if
    :: c[i].state == LEADING || c[i].state == DRAINING || c[i].state == STOPPING -> outlive(i)
    :: c[i].state == OUTLIVED -> skip
    :: c[i].state == VACATING -> forget(i); follow(i)
    :: else -> follow(i)
    fi;
    c[i].session = CLOSED
}

/* Gives the row back. Stop before release: the work has returned. */
inline vacate(i) {
    must(STOP_FIRST, !c[i].works);
    cancel(i);
    c[i].state = VACATING;
    send(i, VACATE)
}

/* The lock follows the row, or the end of the lease by the candidate's own clock. */
inline unlock(i) {
#ifndef ROW_ONLY
    must(STOP_FIRST, !c[i].works || c[i].rest == 0);
    send(i, UNLOCK)
#else
    skip
#endif
}

inline depose(i) {
    cancel(i);
    c[i].state = STOPPING
}

inline take(i) {
    c[i].state = TAKING;
    c[i].rest = 0;
    send(i, TAKE)
}

inline lockTaken(i) {
    c[i].proven = 0;
    if
    :: c[i].claim == TAKE_AFTER ->
#ifdef BUG_NO_WAIT_ON_SESSION_END
        take(i)
#else
        c[i].state = WAITING;
        c[i].rest = REFRACTORY + MARGIN
#endif
    :: else -> take(i)
    fi
}

/* LIVE: for so long after the end of the lease, or of the vigil, or after a vacant row was seen first. */
#if defined(LIVE) && !defined(BUG_COURTESY_HAS_NO_END)
#define mayLeave(i) (canBeTaken(i) && politeFor(i) < POLITE)
#define politeFor(i) (c[i].answer == TAKE_STOOD_STILL -> c[i].vigil - STILL : (row.holder == NOBODY -> c[i].vigil : -row.left))
#else
#define mayLeave(i) (canBeTaken(i) || c[i].answer == TAKE_AFTER)
#endif
#define canBeTaken(i) (c[i].answer == TAKE_OVER_EXPIRED || c[i].answer == TAKE_STOOD_STILL)

#if defined(NEVER_LEAD) && !defined(BUG_NEVER_LEAD_CANDIDATE_TAKES)
#define onlyFollows(i) (i == 1)
#else
#define onlyFollows(i) false
#endif

inline looked(i) {
    if
    :: c[i].fresh -> c[i].fresh = 0; c[i].vigil = 0; found = 1
    :: else -> found = 0
    fi;
    verdict = c[i].answer;
    c[i].proven = (c[i].ripe && (verdict == TAKE_OVER_EXPIRED || verdict == TAKE_STOOD_STILL));
    settle(i);
    if
    :: c[i].state == WAITING ->
        if
        :: verdict == TAKE_OVER_EXPIRED || verdict == TAKE_STOOD_STILL -> c[i].claim = verdict; c[i].proven = 0; take(i)
        :: !(verdict == TAKE_OVER_EXPIRED || verdict == TAKE_STOOD_STILL) && !found -> skip
        :: else -> forget(i); follow(i); unlock(i)
        fi
    :: else ->
        if
        :: verdict == WAIT -> c[i].proven = 0
        :: verdict == LEFTOVER -> send(i, VACATE)
        :: !(verdict == WAIT || verdict == LEFTOVER) && onlyFollows(i) -> c[i].proven = 0
        :: else ->
            c[i].claim = verdict;
#ifdef ROW_ONLY
            c[i].proven = 0;
            take(i)
#else
            c[i].state = LOCKING;
            send(i, TRY_LOCK)
#endif
        fi
    fi
}

#define restFromSending(i) (c[i].age < LEASE -> LEASE - c[i].age : 0)

inline startWork(i) {
    must(OLD_WORK_RETURNED, !c[i].works);
    c[i].state = LEADING;
    c[i].believes = 1;
    c[i].works = 1;
    c[i].over = 0;
    c[i].due = 0;
    forget(i)
}

inline takeAnswered(i) {
    if
    :: c[i].answer == YES ->
        c[i].claim = 0;
#ifdef BUG_TRUST_FROM_ANSWER
        c[i].rest = LEASE;
#else
        c[i].rest = restFromSending(i);
#endif
        settle(i);
        if
        :: trusts(i) -> startWork(i)
        :: else -> forget(i); vacate(i)
        fi
    :: else ->
        settle(i);
        follow(i);
#ifndef BUG_LOCK_KEPT_AFTER_REFUSED_TAKE
        unlock(i)
#endif
    fi;
    judge()
}

inline heartbeatAnswered(i) {
    if
    :: c[i].answer == YES ->
        if
#ifndef BUG_LATE_ANSWER_REVIVES
        :: !trusts(i) ->
            depose(i);
            c[i].rest = (restFromSending(i) > c[i].rest -> restFromSending(i) : c[i].rest)
#endif
        :: else ->
#ifdef BUG_TRUST_FROM_ANSWER
            c[i].rest = LEASE;
#else
            c[i].rest = restFromSending(i);
#endif
            must(ONCE_LOST, !(held(i) && c[i].over))
        fi
    :: else -> depose(i)
    fi;
    settle(i);
#ifdef BUG_LOCK_GIVEN_BACK_BEFORE_WORK_STOPPED
    if
    :: c[i].state == STOPPING -> unlock(i); outlive(i)
    :: else -> skip
    fi;
#endif
    judge()
}

/* LIVE: whatever ends a leadership counts as a fault. */
#ifdef LIVE
#define mayResign (faults > 0)
#define spend() blame()
#else
#define mayResign true
#define spend() skip
#endif

inline blame() {
    faults--;
    leaderless = 0
}

/* What the leader of a row that it has looked at is told to do; it holds back afterwards. */
inline handOver(i) {
#ifdef BUG_VACATES_FOR_A_REQUEST_BEFORE_WORK_STOPPED
    vacate(i)
#else
    cancel(i);
    c[i].due = 0;
    c[i].state = DRAINING
#endif
}

inline toldByLook(i) {
    settle(i);
    handOver(i)
}

inline toldByHeartbeat(i) {
    heartbeatAnswered(i);
    if
    :: c[i].state == LEADING -> handOver(i)
    :: else -> skip
    fi
}

#define sends(i)    (idle(i) && c[i].session == OPEN && isDue(i))
#define governs(i)  (c[i].state == LEADING || c[i].state == DRAINING)

active [2] proctype Standing() {
    byte me = _pid;
    bit found;
    byte verdict;
end:
    do
    :: d_step { awake(me) && c[me].session == CLOSED ->
        c[me].session = OPEN; printf("%d         connects\n", me) }
    :: d_step { awake(me) && c[me].session == BROKEN ->
        loseSession(me); printf("%d         notices that its session has ended; state %d\n", me, c[me].state) }

    /* Following, and Waiting: the row is looked at. */
    :: d_step { sends(me) && (c[me].state == FOLLOWING || c[me].state == WAITING) ->
        send(me, LOOK); c[me].due = 0; c[me].ripe = (c[me].current && c[me].vigil >= STILL) }
    :: d_step { answered(me, LOOK) && c[me].state < LEADING ->
        looked(me); printf("%d         looked: verdict %d; state %d\n", me, verdict, c[me].state); verdict = 0; found = 0 }
#ifdef COURTESY
    :: d_step { answered(me, LOOK) && c[me].state < LEADING && mayLeave(me) ->
        c[me].answer = WAIT; looked(me); printf("%d         leaves the row to others; state %d\n", me, c[me].state);
        verdict = 0; found = 0 }
#endif
    :: d_step { answered(me, TRY_LOCK) && c[me].answer == YES ->
        settle(me); lockTaken(me); printf("%d         has the lock; state %d\n", me, c[me].state) }
    :: d_step { answered(me, TRY_LOCK) && c[me].answer == NO ->
        settle(me);
        follow(me);
        if
        :: c[me].proven -> c[me].proven = 0; send(me, END_BACKEND)
        :: else -> skip
        fi;
        printf("%d         is refused the lock\n", me) }
    :: d_step { answered(me, END_BACKEND) -> settle(me) }
    #ifndef BUG_WAITING_HAS_NO_END
    :: d_step { idle(me) && c[me].state == WAITING && c[me].rest == 0 -> take(me) }
#endif
    :: d_step { answered(me, TAKE) ->
        takeAnswered(me); printf("%d         has its answer to the taking; state %d, term %d\n", me, c[me].state, c[me].term) }

    /* Holding. */
    :: d_step { sends(me) && governs(me) && trusts(me) -> send(me, HEARTBEAT); c[me].due = 0 }
    :: d_step { answered(me, HEARTBEAT) ->
        heartbeatAnswered(me);
        printf("%d         has its answer to the heartbeat; state %d, rest %d\n", me, c[me].state, c[me].rest) }
#ifdef REQUESTS
    :: d_step { answered(me, HEARTBEAT) && c[me].answer == YES && c[me].state == LEADING && mayResign ->
        spend(); toldByHeartbeat(me); printf("%d         is told by its heartbeat to hand over; state %d\n", me, c[me].state) }
#ifndef LIVE
    :: d_step { sends(me) && c[me].state == LEADING && trusts(me) -> send(me, LOOK) }
    :: d_step { answered(me, LOOK) && c[me].state == LEADING && c[me].answer == YES -> settle(me) }
    :: d_step { answered(me, LOOK) && c[me].state == LEADING && c[me].answer == YES ->
        toldByLook(me); printf("%d         looked, and is told to hand over; state %d\n", me, c[me].state) }
    :: d_step { answered(me, LOOK) && c[me].state == LEADING && c[me].answer == NO ->
        settle(me); depose(me); printf("%d         looked, and finds itself deposed\n", me) }
#endif
#endif
    :: d_step { idle(me) && governs(me) && !trusts(me) ->
        depose(me); printf("%d         trusts itself no longer\n", me) }
    :: d_step { idle(me) && c[me].state == DRAINING ->
        depose(me); printf("%d         waits no longer for its work\n", me) }

    /* Unwinding. */
    :: d_step { idle(me) && (c[me].state == DRAINING || c[me].state == STOPPING) && !c[me].works ->
        vacate(me); printf("%d         vacates the row, its work having returned\n", me) }
    :: d_step { idle(me) && c[me].state == STOPPING && c[me].rest == 0 ->
        unlock(me); outlive(me); printf("%d         gives the lock back, its lease being over\n", me) }
    :: d_step { idle(me) && c[me].state == OUTLIVED && !c[me].works ->
        forget(me); follow(me); printf("%d         stands again, its work having returned\n", me) }
    :: d_step { answered(me, VACATE) ->
        settle(me);
        if
        :: c[me].state == VACATING -> forget(me); follow(me); unlock(me)
        :: else -> c[me].term = 0
        fi;
        printf("%d         has vacated the row\n", me) }
    :: d_step { answered(me, UNLOCK) -> settle(me) }
    od
}

active proctype Server() {
    byte i;
end:
    do
    :: d_step { c[0].asked != NOTHING && c[0].reached == UNREACHED && c[0].session == OPEN -> execute(0) }
    :: d_step { c[1].asked != NOTHING && c[1].reached == UNREACHED && c[1].session == OPEN -> execute(1) }
#ifdef CHANGE
    :: d_step { writes(c[0].asked) && c[0].reached == UNREACHED && c[0].session == OPEN && mayFallBehind ->
        fallBehind(); execute(0) }
    :: d_step { writes(c[1].asked) && c[1].reached == UNREACHED && c[1].session == OPEN && mayFallBehind ->
        fallBehind(); execute(1) }
#endif
#ifdef GIVE_UP
    :: d_step { c[0].orphaned != NOTHING -> executeOrphaned(0) }
    :: d_step { c[1].orphaned != NOTHING -> executeOrphaned(1) }
    :: d_step { c[0].orphan -> endOrphan(0); printf("server    ends the session that 0 gave up\n") }
    :: d_step { c[1].orphan -> endOrphan(1); printf("server    ends the session that 1 gave up\n") }
#endif
#if defined(FREEZE) && !defined(BUG_SILENT_SESSION_LIVES_ON)
    :: d_step { c[0].frozen && c[0].session == OPEN && c[0].silent == LEASE ->
        breakSession(0); printf("server    ends the silent session of 0\n") }
    :: d_step { c[1].frozen && c[1].session == OPEN && c[1].silent == LEASE ->
        breakSession(1); printf("server    ends the silent session of 1\n") }
#endif
    od
}

/* ---- The work of both, and its users ---- */

inline resign(i) {
    cancel(i);
    c[i].due = 0;
#ifdef BUG_RELEASE_BEFORE_DRAIN
    vacate(i);
#else
    c[i].state = DRAINING;
#endif
    printf("%d         resigns\n", i)
}

active proctype Work() {
end:
    do
    /* The work returns once it was cancelled, by the loop or by the watchdog. */
    :: d_step { awake(0) && c[0].works && !held(0) && !c[0].fenced -> c[0].works = 0; c[0].late = 0; printf("0's work  returns\n") }
    :: d_step { awake(1) && c[1].works && !held(1) && !c[1].fenced -> c[1].works = 0; c[1].late = 0; printf("1's work  returns\n") }
#ifdef FENCES
    :: d_step { c[0].works && !c[0].fenced && row.term == c[0].term && row.holder != NOBODY && row.left > 0 ->
        c[0].fenced = 1; printf("0's work  opens a fenced transaction, term %d\n", c[0].term) }
    :: d_step { c[1].works && !c[1].fenced && row.term == c[1].term && row.holder != NOBODY && row.left > 0 ->
        c[1].fenced = 1; printf("1's work  opens a fenced transaction, term %d\n", c[1].term) }
    :: d_step { c[0].fenced ->
        must(FENCED, c[0].term == row.term);
        c[0].fenced = 0; printf("0's work  commits it\n") }
    :: d_step { c[1].fenced ->
        must(FENCED, c[1].term == row.term);
        c[1].fenced = 0; printf("1's work  commits it\n") }
#endif
#ifdef LIVE
    :: d_step { c[0].frozen && !c[0].dead -> c[0].frozen = 0; printf("0         goes on\n") }
    :: d_step { c[1].frozen && !c[1].dead -> c[1].frozen = 0; printf("1         goes on\n") }
#endif
    od
}

/* ---- Time ---- */

inline older(i) {
    if
    :: c[i].rest > 0 -> c[i].rest--
    :: else -> skip
    fi;
    if
    :: (c[i].current || c[i].saved) && !c[i].fresh && c[i].vigil < STILL + POLITE -> c[i].vigil++
    :: else -> skip
    fi;
    if
    :: (c[i].asked == TAKE || c[i].asked == HEARTBEAT) && c[i].age < LEASE -> c[i].age++
    :: else -> skip
    fi;
    if
    :: c[i].believes && !trusts(i) -> c[i].over = 1
    :: else -> skip
    fi
}

/* How long, in real time, the callback or what should cancel it has put off what promise B asks for. */
#define putsOff(i)  ((c[i].works && !held(i)) || endedUnnoticed(i))
#ifdef ON_SESSION_END
#define endedUnnoticed(i) (c[i].session == BROKEN && row.from == SAME_SERVER && (held(i) || isElected(i)))
#define isElected(i) (c[i].asked == TAKE && c[i].answer == YES)    /* and will know as soon as it has the answer */
#else
#define endedUnnoticed(i) false
#endif

#ifdef COOPERATIVE
#define cooperates(i) (frozen(i) || !putsOff(i) || c[i].late < REFRACTORY - 1)
#elif defined(ON_SESSION_END)
#define cooperates(i) (!endedUnnoticed(i) || c[i].late < REFRACTORY - 1)
#else
#define cooperates(i) true
#endif

inline wait(i) {
#if defined(COOPERATIVE)
    if
    :: putsOff(i) -> c[i].late++
    :: else -> skip
    fi
#elif defined(ON_SESSION_END)
    if
    :: endedUnnoticed(i) -> c[i].late++
    :: else -> c[i].late = 0
    fi
#else
    skip
#endif
}

#ifdef BACK
#define LOWEST (-LEAP)
#else
#define LOWEST (-POLITE)
#endif

inline databaseOlder() {
    if
    :: row.holder != NOBODY && row.left > LOWEST -> row.left--
    :: else -> skip
    fi;
    if
    :: lagging && standby.holder != NOBODY && standby.left > LOWEST -> standby.left--
    :: else -> skip
    fi
}

#ifdef LIVE
/* Time waits for whoever is awake and can act. */
#define canWait(i) (c[i].frozen || (c[i].asked == NOTHING && c[i].session == OPEN && !sends2(i) \
    && !(c[i].state == WAITING && c[i].rest == 0) && !(governs(i) && !trusts(i)) \
    && !(c[i].state == STOPPING && c[i].rest == 0) \
    && !((c[i].state == DRAINING || c[i].state == STOPPING || c[i].state == OUTLIVED) && !c[i].works)))
#define sends2(i)  (c[i].due && (c[i].state == FOLLOWING || c[i].state == WAITING || governs(i)))
#else
#define canWait(i) true
#endif

#ifdef LIVE
#ifdef BUG_SILENT_SESSION_LIVES_ON
#define hears(i)    true
#else
#define hears(i)    (!isSilent(i) || c[i].silent < LEASE)
#endif
#define isSilent(i) (c[i].orphan || (c[i].frozen && c[i].session == OPEN))
#else
#define hears(i)    true
#endif

inline listen(i) {
#ifdef LIVE
    if
    :: isSilent(i) && c[i].silent < LEASE -> c[i].silent++
    :: isSilent(i) && c[i].silent == LEASE -> skip
    :: else -> c[i].silent = 0
    fi
#else
    skip
#endif
}

inline tick() {
    wait(0);
    wait(1);
    listen(0);
    listen(1);
    databaseOlder();
#ifdef LIVE
    c[0].due = (c[0].state <= WAITING || governs(0));
    c[1].due = (c[1].state <= WAITING || governs(1));
#ifndef PROGRESS
    if
    :: someoneLeads -> leaderless = 0
    :: else -> leaderless++
    fi;
    must(IN_TIME, leaderless <= BOUND);
#endif
#endif
    printf("-- tick   rest %d %d, row left %d\n", c[0].rest, c[1].rest, row.left)
}

#define mayTick (hears(0) && hears(1) && canWait(0) && canWait(1) && cooperates(0) && cooperates(1))

active proctype Clock() {
    do
    :: d_step { mayTick -> older(0); older(1); tick() }
#ifdef DRIFT
    :: d_step { mayTick && !c[0].lags -> c[0].lags = 1; older(1); tick(); printf("          (0's clock stands still)\n") }
    :: d_step { mayTick && !c[1].lags -> c[1].lags = 1; older(0); tick(); printf("          (1's clock stands still)\n") }
    :: d_step { c[0].lags -> c[0].lags = 0; older(0); printf("-- tick   of 0's clock alone\n") }
    :: d_step { c[1].lags -> c[1].lags = 0; older(1); printf("-- tick   of 1's clock alone\n") }
#endif
    od
}

/* ---- Faults ---- */

inline die(i) {
    blame();
    c[i].frozen = 1;
    c[i].dead = 1;
    c[i].believes = 0;
    c[i].works = 0;
    c[i].fenced = 0
}

inline kill(i) {
    blame();
    breakSession(i);
    printf("FAULT     the server ends the session of %d\n", i)
}

inline giveUp(i) {
    blame();
    c[i].orphan = 1;
    if
    :: lock == live(i) -> lock = orphan(i)
    :: else -> skip
    fi;
    if
    :: c[i].reached == UNREACHED && c[i].asked != LOOK ->
        c[i].orphaned = c[i].asked;
        if
        :: c[i].asked == END_BACKEND -> c[i].orphansCurrent = c[i].current
        :: c[i].asked == TAKE -> c[i].orphansClaim = c[i].claim; c[i].orphansCurrent = c[i].current
        :: c[i].asked == HEARTBEAT || c[i].asked == VACATE -> c[i].orphansTerm = c[i].term
        :: else -> skip
        fi
    :: else -> skip
    fi;
    loseSession(i);
    printf("FAULT     %d gives its session up, the answer being lost\n", i)
}

inline forgetVersions() {
    outdate(0);
    outdate(1)
}

inline changeServer() {
    breakSession(0);
    breakSession(1);
    endOrphan(0);
    endOrphan(1);
    lock = NOBODY;
    c[0].fenced = 0;
    c[1].fenced = 0
}

inline restart() {
    blame();
    changeServer();
    if
    :: row.from == SAME_SERVER -> row.from = SAME_HISTORY
    :: else -> skip
    fi;
    if
    :: lagging && standby.from == SAME_SERVER -> standby.from = SAME_HISTORY
    :: else -> skip
    fi;
    forgetVersions();
    printf("FAULT     the server restarts\n")
}

inline promote() {
    leaderless = 0;
    changeServer();
    timeline++;
    if
    :: lagging ->
        row.holder = standby.holder;
        row.term = standby.term;
        row.left = standby.left;
        standby.holder = 0;
        standby.term = 0;
        standby.left = 0;
        standby.from = SAME_SERVER;
        lagging = 0
    :: else -> faults--
    fi;
    row.from = OTHER_HISTORY;
#ifdef BUG_VIGIL_NOT_RESTARTED
    c[0].current = (c[0].saved);
    c[1].current = (c[1].saved);
    c[0].saved = 0;
    c[1].saved = 0;
#else
    forgetVersions();
#endif
    printf("FAULT     a standby is promoted; row: holder %d, term %d, left %d\n", row.holder, row.term, row.left)
}

inline jump(ticks) {
    blame();
    row.left = row.left + ticks;
    if
    :: row.left < LOWEST -> row.left = LOWEST
    :: else -> skip
    fi;
    if
    :: lagging && standby.holder != NOBODY -> standby.left = (standby.left + ticks < LOWEST -> LOWEST : standby.left + ticks)
    :: else -> skip
    fi;
    printf("FAULT     the database's clock jumps; row left %d\n", row.left)
}

active proctype Faults() {
end:
    do
    :: false -> skip
#ifdef KILL
    :: d_step { faults > 0 && c[0].session == OPEN -> kill(0) }
    :: d_step { faults > 0 && c[1].session == OPEN -> kill(1) }
#endif
#ifdef GIVE_UP
    :: d_step { faults > 0 && awake(0) && c[0].session == OPEN && c[0].asked != NOTHING && !c[0].orphan -> giveUp(0) }
    :: d_step { faults > 0 && awake(1) && c[1].session == OPEN && c[1].asked != NOTHING && !c[1].orphan -> giveUp(1) }
#endif
#ifdef CHANGE
    :: d_step { faults > 0 -> restart() }
    :: d_step { (faults > 0 || lagging) && timeline == 0 -> promote() }
#endif
#ifdef FORWARD
    :: d_step { faults > 0 && row.holder != NOBODY -> jump(-LEAP) }
    :: d_step { faults > 0 && row.holder != NOBODY -> jump(-2) }
#endif
#ifdef BACK
    :: d_step { faults > 0 && row.holder != NOBODY && row.left <= LEASE -> jump(LEAP) }
    :: d_step { faults > 0 && row.holder != NOBODY && row.left <= LEASE -> jump(2) }
#endif
#ifdef RESIGN
    :: d_step { idle(0) && c[0].state == LEADING && mayResign -> spend(); resign(0) }
    :: d_step { idle(1) && c[1].state == LEADING && mayResign -> spend(); resign(1) }
#endif
#ifdef FREEZE
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> blame(); c[0].frozen = 1; printf("FAULT     0 is frozen\n") }
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> blame(); c[1].frozen = 1; printf("FAULT     1 is frozen\n") }
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> die(0); printf("FAULT     the machine of 0 dies\n") }
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> die(1); printf("FAULT     the machine of 1 dies\n") }
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> die(0); breakSession(0); printf("FAULT     the process of 0 dies\n") }
    :: d_step { faults > 0 && !c[0].frozen && !c[1].frozen -> die(1); breakSession(1); printf("FAULT     the process of 1 dies\n") }
#endif
    od
}

#ifdef PROGRESS
ltl someoneLeadsForGood { <>[] someoneLeads }
#endif
