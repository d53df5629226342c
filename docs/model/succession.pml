/*
 * Who goes first: successors, priorities, presence, preemption. Three candidates, and an election that works.
 *
 * election.pml shows that at most one leads whatever the rules of precedence; this shows what the rules are for: that
 * those go first who shall, that no other candidate waits longer for them than a courtesy, and that the leadership comes to rest.
 * So sessions and their locks, the clocks and the server's faults are not here: a look and a compare-and-set are one step each, a dead
 * leader is one whose heartbeats end, and it is succeeded once its lease is over.
 *
 * TIME waits for every candidate that is awake and can act, as in election.pml with LIVE. A tick is a retry interval, after which every
 * follower looks, and a leader's heartbeat. Notices are lost, or in time.
 */

/* ---- Lengths, in ticks ---- */

#define LEASE     2
#ifndef HOLD_BACK
#define HOLD_BACK 2                             /* at least one whole retry interval */
#endif
#define COURTESY  3                             /* at least two: more than from one look to the next, and than holding back */

/* ---- Who stands, and how: one bit for each candidate ---- */

#ifndef MIDDLE
#define MIDDLE    1                             /* the priorities of b and c; that of a is 0 */
#endif
#ifndef TOP
#define TOP       2
#endif
#ifndef PREEMPTS
#define PREEMPTS  0
#endif
#ifndef NEVER
#define NEVER     0                             /* candidates that only follow */
#endif
#ifndef FAILS
#define FAILS     0                             /* candidates whose work may fail whenever they lead, which is no event */
#endif
#ifndef ABSENT
#define ABSENT    0                             /* candidates that are not there yet */
#endif
#ifndef UNSEEN
#define UNSEEN    0                             /* candidates that the presence table does not show, though they are there */
#endif
#ifndef EVENTS
#define EVENTS    1                             /* arrivals, requests and faults in all */
#endif
#ifndef ASKS
#define ASKS      1
#endif
#ifndef BOUND
#define BOUND     40
#endif

#define priority(i)   (i == 0 -> 0 : (i == 1 -> MIDDLE : TOP))
#define among(set, i) ((set >> (i)) & 1)

/* ---- Values ---- */

#define FOLLOWING 0
#define TAKING    1                             /* has seen that it may */
#define ASKING    2                             /* has seen a leader that it outranks */
#define LEADING   3
#define DRAINING  4

#define NOBODY    0                             /* and i + 1 for a candidate: holder, successor, who yielded */

#define NONE      0                             /* a request, */
#define PRESENT   1                             /* one to the leader of the row's term, */
#define OLDER     2                             /* or to the leader of a former one */

/* ---- State ---- */

typedef Candidate {
    byte state;
    bit up;
    bit frozen;
    bit wrong;                                  /* the presence table is wrong about it */
    bit due;                                    /* it is time for a look, or for a heartbeat */
    bit notice;                                 /* has come for it */
    bit watched;                                /* it has seen this version of the row, */
    byte vigil;                                 /* for so long; */
    bit sameTerm;                               /* and this term */
    byte holdBack;
    byte successor;                                  /* DRAINING: who is to be next */
    bit yields;                                 /* DRAINING: because it was asked, or failed */
    bit forAsker;                               /* DRAINING: that is who has asked for it */
    bit lingers;                                /* DRAINING: its work has taken a tick to return */
    byte preempted;                             /* ghost: how often since the last event */
};
Candidate c[3];

bit begun;                                      /* those that are there from the beginning are there */
byte holder;
byte left;                                      /* of the lease, and */
byte overFor;                                   /* for how long it has been over */
byte successor;
byte yielder;
byte request;
byte requestsSuccessor;
bit preempting;                                 /* the candidate that it names has made it */
byte events = EVENTS;
bit calm = (UNSEEN == 0);                       /* ghost: nothing has failed, nobody has come, presence was right */
byte dues;                                      /* ghost: requests that have not ended a leadership */
byte leaderless;                                /* ghost: ticks since a candidate led or something happened */

#define awake(i)      (c[i].up && !c[i].frozen)
#define leads(i)      (c[i].state == LEADING && awake(i) && holder == i + 1 && left > 0)
#define someoneLeads  (leads(0) || leads(1) || leads(2))

/* ---- What must hold ----
 *
 * The number is what a failed assertion is known by. */

#define must(number, condition) assert((condition) || 0 == number)

#define IN_TIME        10                       /* nobody leads for BOUND ticks at most, after the last event */
#define NEVER_LEADS    11                       /* a candidate that shall only follow takes nothing */
#define SUCCESSOR_NEXT      12                       /* without faults nobody takes the row before its successor */
#define BEST_NEXT      13                       /* nor before a better candidate that is there, where there is no successor */
#define ASKED_FOR      14                       /* a request ends one leadership at most */
#define PREEMPTIONS    15                       /* nobody asks more than ASKS times after an event */

/* ---- The row ---- */

#define present(i)    (c[i].up != c[i].wrong && !among(UNSEEN, i))

#ifdef BUG_COURTESY_COUNTS_THE_DEAD_HOLDER
#define counts(j)     (present(j) && !among(NEVER, j))
#elif defined(BUG_COURTESY_COUNTS_WHO_NEVER_LEADS)
#define counts(j)     (present(j) && holder != j + 1 && yielder != j + 1)
#else
#define counts(j)     (present(j) && !among(NEVER, j) && holder != j + 1 && yielder != j + 1)
#endif

#define outranks(j, i) (j != i && priority(j) > priority(i))
#ifdef BUG_NO_COURTESY_FOR_THE_BETTER
#define outranked(i)  false
#else
#define outranked(i)  ((outranks(0, i) && counts(0)) || (outranks(1, i) && counts(1)) || (outranks(2, i) && counts(2)))
#endif

#ifdef BUG_NO_COURTESY_FOR_A_SUCCESSOR
#define meantForOthers(i) outranked(i)
#else
#define meantForOthers(i) (holder == NOBODY && successor != NOBODY -> successor != i + 1 : outranked(i))
#endif

#define ripeFor(i)    (holder == NOBODY -> c[i].vigil : overFor)
#define canBeTaken    (holder == NOBODY || left == 0)
#ifdef BUG_SUCCESSOR_HONOURED_FOR_EVER
#define leaves(i)     (holder == NOBODY && successor != NOBODY -> successor != i + 1 : meantForOthers(i) && ripeFor(i) < COURTESY)
#else
#define leaves(i)     (meantForOthers(i) && ripeFor(i) < COURTESY)
#endif

#ifdef SUCCESSOR_AT_ONCE
#define heldBack(i)   (c[i].holdBack > 0 && !(holder == NOBODY && successor == i + 1))
#else
#define heldBack(i)   (c[i].holdBack > 0)
#endif

/* May ask the leader to go. */
#ifdef BUG_PREEMPTS_WHOM_IT_YIELDED_TO
#define yieldedTo(i)  false
#else
#define yieldedTo(i)  (yielder == i + 1)
#endif
#ifdef BUG_PREEMPTS_A_SUCCESSOR
#define appointed     false
#else
#define appointed     (successor != NOBODY)
#endif
#ifdef BUG_ASKS_AGAIN_WHILE_A_REQUEST_IS_PENDING
#define pending       false
#else
#define pending       (request == PRESENT)
#endif
#define outranksHolder(i) ((holder == 1 && priority(i) > priority(0)) || (holder == 2 && priority(i) > priority(1)) \
    || (holder == 3 && priority(i) > priority(2)))
#define wants(i)      (among(PREEMPTS, i) && !among(NEVER, i) && holder != NOBODY && left > 0 && outranksHolder(i) \
    && !appointed && !pending && !yieldedTo(i))

inline written() {
    c[0].watched = 0; c[0].vigil = 0;
    c[1].watched = 0; c[1].vigil = 0;
    c[2].watched = 0; c[2].vigil = 0
}

inline notify() {
    c[0].notice = (c[0].up);
    c[1].notice = (c[1].up);
    c[2].notice = (c[2].up)
}

/* ---- A follower ---- */

inline look(i) {
    c[i].due = 0;
    c[i].notice = 0;
    if
    :: c[i].watched -> skip
    :: else -> c[i].watched = 1; c[i].vigil = 0
    fi;
    if
    :: holder == i + 1 -> giveBack(i, false)                    /* a leadership of which it knows nothing any more */
#ifdef BUG_SUCCESSOR_THAT_NEVER_LEADS_TAKES
    :: holder != i + 1 && among(NEVER, i) && !(holder == NOBODY && successor == i + 1) -> skip
    :: holder != i + 1 && !(among(NEVER, i) && !(holder == NOBODY && successor == i + 1)) ->
#else
    :: holder != i + 1 && among(NEVER, i) -> skip
    :: holder != i + 1 && !among(NEVER, i) ->
#endif
        if
        :: canBeTaken && (leaves(i) || heldBack(i)) -> skip
        :: canBeTaken && !(leaves(i) || heldBack(i)) -> c[i].state = TAKING
        :: !canBeTaken && wants(i) -> c[i].state = ASKING; c[i].sameTerm = 1
        :: else -> skip
        fi
    fi
}

inline giveBack(i, willingly) {
    holder = NOBODY;
    left = 0;
    overFor = 0;
    yielder = (willingly -> i + 1 : NOBODY);
    successor = NOBODY;
    if
    :: c[i].successor == 1 && (present(0) || c[i].forAsker) -> successor = 1
    :: c[i].successor == 2 && (present(1) || c[i].forAsker) -> successor = 2
    :: c[i].successor == 3 && (present(2) || c[i].forAsker) -> successor = 3
    :: else -> skip
    fi;
    c[i].successor = NOBODY;
    c[i].forAsker = 0;
    written();
    notify()
}

/* The best of those that are there and, holding back for less than the courtesy, cannot be late. */
#define isThere(j)    (awake(j) && !among(NEVER, j) && yielder != j + 1 && HOLD_BACK < COURTESY)
#define isBest(i)     (!(outranks(0, i) && isThere(0)) && !(outranks(1, i) && isThere(1)) && !(outranks(2, i) && isThere(2)))
#define successorMay       ((successor == 1 && awake(0) && !among(NEVER, 0)) || (successor == 2 && awake(1) && !among(NEVER, 1)) \
    || (successor == 3 && awake(2) && !among(NEVER, 2)))

inline take(i) {
    if
    :: canBeTaken && c[i].watched ->
        must(NEVER_LEADS, !among(NEVER, i));
        must(SUCCESSOR_NEXT, !(calm && holder == NOBODY && successorMay) || successor == i + 1);
        must(BEST_NEXT, !calm || holder != NOBODY || successor != NOBODY || isBest(i));
        if
        :: holder == NOBODY -> skip
        :: else -> yielder = NOBODY
        fi;
        if
        :: holder == NOBODY && successor == i + 1 -> skip
        :: else -> successor = NOBODY
        fi;
        holder = i + 1;
        left = LEASE;
        overFor = 0;
        if
        :: request == PRESENT -> request = OLDER
        :: else -> skip
        fi;
        c[0].sameTerm = 0; c[1].sameTerm = 0; c[2].sameTerm = 0;
        c[i].state = LEADING;
        c[i].due = 0;
        written();
        notify();
        c[i].notice = 0
    :: else -> c[i].state = FOLLOWING
    fi
}

inline owe() {
#ifndef PROGRESS
    dues++
#else
    skip
#endif
}

inline ask(i) {
    c[i].state = FOLLOWING;
    if
    :: c[i].sameTerm && holder != NOBODY ->
        request = PRESENT;
        requestsSuccessor = i + 1;
        preempting = 1;
        owe();
#ifndef PROGRESS
        c[i].preempted++;
        must(PREEMPTIONS, c[i].preempted <= ASKS);
#endif
        notify()
    :: else -> skip
    fi;
    c[i].sameTerm = 0
}

/* ---- A leader ---- */

inline handOver(i, to) {
    c[i].state = DRAINING;
    c[i].successor = to;
    c[i].yields = 1
}

inline depose(i) {
    c[i].state = FOLLOWING;
    c[i].due = 1;
    c[i].successor = NOBODY;
    c[i].forAsker = 0;
    c[i].yields = 0;
    c[i].lingers = 0
}

#ifdef BUG_REQUEST_OF_AN_OLDER_TERM_OBEYED
#define told(i)       (request != NONE && requestsSuccessor != i + 1)
#else
#define told(i)       (request == PRESENT && requestsSuccessor != i + 1)
#endif

/* A heartbeat, or a look because of a notice. */
inline beat(i) {
    c[i].due = 0;
    c[i].notice = 0;
    if
    :: !(holder == i + 1 && left > 0) -> depose(i)
    :: holder == i + 1 && left > 0 && c[i].state == LEADING && told(i) ->
        left = LEASE;
#ifndef PROGRESS
        must(ASKED_FOR, dues > 0);
        dues--;
#endif
        handOver(i, requestsSuccessor);
#ifdef ASKER_IS_PRESENT
        c[i].forAsker = (preempting)
#endif
    :: else -> left = LEASE
    fi
}

inline vacate(i) {
    giveBack(i, c[i].yields);
    c[i].state = FOLLOWING;
    c[i].yields = 0;
    c[i].lingers = 0;
    c[i].holdBack = HOLD_BACK;
    c[i].due = 1
}

active [3] proctype Standing() {
    byte me = _pid;
end:
    do
    :: d_step { awake(me) && c[me].state == FOLLOWING && (c[me].due || c[me].notice) ->
        look(me); printf("%d         looks; state %d\n", me, c[me].state) }
    :: d_step { awake(me) && c[me].state == TAKING ->
        take(me); printf("%d         tries to take; state %d; row: holder %d, successor %d, yielded by %d\n", me, c[me].state, holder, successor, yielder) }
    :: d_step { awake(me) && c[me].state == ASKING -> ask(me); printf("%d         asks the leader to make way\n", me) }
    :: d_step { awake(me) && c[me].state >= LEADING && (c[me].due || c[me].notice) ->
        beat(me); printf("%d         sends a heartbeat; state %d\n", me, c[me].state) }
    :: d_step { awake(me) && c[me].state == LEADING && among(FAILS, me) ->
        handOver(me, NOBODY); printf("%d         has work that fails\n", me) }
    :: d_step { awake(me) && c[me].state == DRAINING && holder == me + 1 ->
        vacate(me); printf("%d         vacates the row; successor %d, yielded by %d\n", me, successor, yielder) }
    :: d_step { awake(me) && c[me].state == DRAINING && holder != me + 1 -> depose(me) }
    od
}

/* ---- Time ---- */

/* Work takes a tick to return, or none. A notice that has not come before the next tick is lost. */
#define rests(i)      (!awake(i) || ((c[i].state == FOLLOWING || c[i].state == LEADING) && !c[i].due) \
    || (c[i].state == DRAINING && !c[i].due && !c[i].lingers))

inline older(i) {
    c[i].notice = 0;
    c[i].due = (c[i].up);
    if
    :: c[i].holdBack > 0 -> c[i].holdBack--
    :: else -> skip
    fi;
    if
    :: c[i].watched && c[i].vigil < COURTESY -> c[i].vigil++
    :: else -> skip
    fi;
    if
    :: awake(i) && c[i].state == DRAINING -> c[i].lingers = 1
    :: else -> skip
    fi
}

active proctype Clock() {
    d_step {
        c[0].up = !among(ABSENT, 0); c[0].due = c[0].up;
        c[1].up = !among(ABSENT, 1); c[1].due = c[1].up;
        c[2].up = !among(ABSENT, 2); c[2].due = c[2].up;
        begun = 1
    };
    do
    :: d_step { rests(0) && rests(1) && rests(2) ->
        older(0);
        older(1);
        older(2);
        if
        :: left > 0 -> left--
        :: left == 0 && holder != NOBODY && overFor < COURTESY -> overFor++
        :: else -> skip
        fi;
#ifndef PROGRESS
        if
        :: someoneLeads -> leaderless = 0
        :: else -> leaderless++
        fi;
        must(IN_TIME, leaderless <= BOUND);
#endif
        printf("-- tick   lease %d; row: holder %d, successor %d, yielded by %d\n", left, holder, successor, yielder) }
    od
}

/* ---- Events ---- */

inline happen() {
    events--;
    leaderless = 0;
    c[0].preempted = 0;
    c[1].preempted = 0;
    c[2].preempted = 0
}

inline die(i) {
    happen();
    calm = 0;
    depose(i);
    c[i].up = 0;
    c[i].frozen = 0;
    c[i].due = 0;
    c[i].notice = 0;
    c[i].watched = 0;
    c[i].vigil = 0;
    c[i].sameTerm = 0;
    c[i].holdBack = 0;
    printf("FAULT     %d dies\n", i)
}

/* As another candidate of the same priority and address, once the row names the former one no more. */
inline arrive(i) {
    happen();
    calm = 0;
    c[i].up = 1;
    c[i].due = 1;
    if
    :: yielder == i + 1 -> yielder = NOBODY
    :: else -> skip
    fi;
    printf("EVENT     %d arrives\n", i)
}

inline lose(i) {
    happen();
    calm = 0;
    depose(i);
    printf("FAULT     %d loses its leadership\n", i)
}

inline leaderIsAsked(i, to) {
    happen();
    handOver(i, to);
    printf("EVENT     %d is asked by its own user to hand over to %d\n", i, to)
}

inline anybodyAsks(to) {
    happen();
    request = PRESENT;
    requestsSuccessor = to;
    preempting = 0;
    owe();
    notify();
    printf("EVENT     the leader is asked to hand over to %d\n", to)
}

/* A candidate is left that can lead. */
#define maySpare(i)   ((i != 0 && isSound(0)) || (i != 1 && isSound(1)) || (i != 2 && isSound(2)))
#define isSound(j)    (awake(j) && !among(NEVER, j) && !among(FAILS, j))

active proctype Events() {
    byte i;
    byte to;
end:
    do
    :: atomic { begun && events > 0 -> select(i : 0 .. 2); select(to : 0 .. 3);
        if
#ifdef DEATH
        :: d_step { to == 0 && c[i].up && maySpare(i) -> die(i) }
        :: d_step { to == 0 && !c[i].up && holder != i + 1 -> arrive(i) }
        :: d_step { to == 0 && awake(i) && c[i].state >= LEADING -> lose(i) }
        :: d_step { to == 1 && awake(i) && maySpare(i) -> happen(); calm = 0; c[i].frozen = 1; printf("FAULT     %d is frozen\n", i) }
#endif
#ifdef ARRIVAL
        :: d_step { to == 0 && !c[i].up && holder != i + 1 -> arrive(i) }
#endif
#ifdef HAND_OVER
        :: d_step { awake(i) && c[i].state == LEADING && to != i + 1 -> leaderIsAsked(i, to) }
        :: d_step { i == 0 && holder != NOBODY && left > 0 -> anybodyAsks(to) }
#endif
        :: else -> skip
        fi;
        i = 0; to = 0 }
#ifdef DEATH
    :: d_step { c[0].frozen -> c[0].frozen = 0; printf("0         goes on\n") }
    :: d_step { c[1].frozen -> c[1].frozen = 0; printf("1         goes on\n") }
    :: d_step { c[2].frozen -> c[2].frozen = 0; printf("2         goes on\n") }
#endif
#ifdef LIES
    :: d_step { calm = 0; c[0].wrong = !c[0].wrong }
    :: d_step { calm = 0; c[1].wrong = !c[1].wrong }
    :: d_step { calm = 0; c[2].wrong = !c[2].wrong }
#endif
    od
}

#ifdef PROGRESS
ltl someoneLeadsForGood { <>[] someoneLeads }
#endif
