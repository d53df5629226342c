/*
 * Who may lead: one session row and one advisory lock for each process, and elections that point to a session.
 *
 * Two processes (three with N=3), one election (two with E=2), one database. Without a switch this is the protocol with all
 * of its rules. WITHOUT_x takes a rule away, BUG_x plants a mistake. Faults are switches as well: FAULTS of those that are
 * switched on happen, in any order, at any moment.
 *
 * TIME. A tick passes for every clock at once. The database's clock may jump; with DRIFT a process's clock may be a tick
 * late. In a safety check a tick passes at any moment: so each process, statement and answer may be as slow as it likes, and
 * a pause is no fault. With LIVE a tick waits for every process that can act. What is stored is what is left of a lease, so
 * that states do not grow with time.
 *
 * A STATEMENT is sent, carried out by the backend, and answered. A candidate's look is its taking: the statement takes the
 * election or says why not. With SNAPSHOT the backend needs two steps for it, as PostgreSQL does: the snapshot, and later
 * the lock, the comparison and the write.
 */

/* ---- Sizes ---- */

#ifndef N
#define N 2                                     /* processes */
#endif
#ifndef E
#define E 1                                     /* elections */
#endif
#ifndef S
#define S 4                                     /* sessions that there may be in all */
#endif
#ifndef LEASE
#define LEASE 3                                 /* ticks */
#endif
#ifndef REFR
#define REFR 1
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#ifndef TAKES
#define TAKES 3                                 /* takings of each election in all */
#endif
#ifndef BOUND
#define BOUND 40
#endif
#if defined(DRIFT) && !defined(BUG_NO_ALLOWANCE_FOR_DRIFT)
#define MARGIN 1
#else
#define MARGIN 0
#endif
#define DOUBT (REFR + MARGIN)                   /* what is left of a lease when trust in it ends */
#define STILL (LEASE + MARGIN)                  /* how long a version must stand still */
#ifdef LIVE
#define LEAP  (3 * LEASE)
#else
#define LEAP  (LEASE + 1)
#endif
#ifdef BACK
#define LOWEST (-LEAP)
#else
#define LOWEST 0
#endif
#define EPOCH 16                                /* between the terms of one timeline and of the next */

/* NARROW searches a corner only: it finds a counter-example sooner, and proves nothing. */
#if NARROW == 1
#define BEATS  false
#define CORNER (taken[0] == 1)
#elif NARROW == 3
#define BEATS  false
#define CORNER (nextId == 2 && taken[0] == 0)
#else
#define BEATS  true
#define CORNER true
#endif

/* ---- Values ---- */

#define FOLLOW  0                               /* a process in an election */
#define LEAD    1
#define DRAIN   2                               /* has resigned; heartbeats go on until its work has returned */
#define LOST    3                               /* deposed; its work has not returned */

#define NONE    0                               /* statements */
#define TAKE    1
#define HB      2
#define VACATE  3
#define DETACH  4                               /* vacates a row that must stand still before it may be taken */
#define CHECK   5                               /* a leader's look at its own rows */
#define CLOSING 6                               /* no statement: silent, until the connection may be closed */

#define NO      0                               /* answers */
#define YES     1
#define OVER    2                               /* the asker's own session row is over, or is not there */
#define FREE    3                               /* no; the holder's lock is free although its lease runs */
#define NAMED   4                               /* no; the row names the asker's session, by another hand */

#define CLOSED  0                               /* connections */
#define OPEN    1
#define BROKEN  2                               /* the server has ended it, which its process has not noticed */

/* ---- What must hold ----
 *
 * The number is what a failed assertion is known by. */

#define must(number, condition) assert((condition) || 0 == number)

#define ONE_HOLDER  1                           /* two processes never say isHeld() of one election at once */
#define NO_OVERLAP  2                           /* COOPERATIVE: two callbacks never run at once */
#define FENCED      3                           /* no fenced write of a term commits after a later term was taken */
#define TERMS       4                           /* each term is above all that were issued before */
#define STOP_FIRST  5                           /* an election is vacated only after its work has returned */
#define ONCE_LOST   6                           /* a leadership that was over does not come back */
#define WORK_BACK   7                           /* no process is elected while its former work runs */
#define IN_TIME     10                          /* LIVE: nobody leads for BOUND ticks at most, after the last fault */
#define ENOUGH_IDS  11                          /* LIVE: the number of sessions, S, cuts nothing off */

/* ---- The database ---- */

typedef Session {                               /* a session row, its lock, and the backend that has it */
    bit exists;                                 /* the row */
    short left;                                 /* of its lease, by the database's clock */
    bit here;                                   /* its lock was taken on the server that runs */
    bit alive;                                  /* the backend, and with it the lock */
    bit stuck;                                  /* for good */
    bit disturbed;                              /* a row that it held was changed by another hand */
#ifdef EDIT_SESSION
    bit edited;                                 /* another hand has written its row since it was renewed */
#endif
#ifdef STUCK_ROW
    bit locker;                                 /* it has locked an election's row */
#endif
#ifdef UNLOCK
    bit unlocked;                               /* its lock was given back behind the library's back, */
    bit unmarked;                               /* and what it was marked with is gone as well */
#endif
#ifdef FORWARD
    bit before;                                 /* it was last renewed before the clock jumped forward */
#endif
    byte owner;
    byte asked;                                 /* the statement that it was sent, */
    byte x;                                     /* the election, */
    byte term;                                  /* VACATE, DETACH: the term meant. Answers: the term given, the session seen */
    bit done;
    byte ans;
    bit dist;                                   /* HB, answered: something was disturbed */
    byte mask;                                  /* CHECK, answered: the elections whose rows are its own */
    bit ripe;                                   /* TAKE: the sender has seen that version for long enough */
    byte waited;                                /* TAKE: the session whose lock was seen free a refractory period ago */
    byte mem;                                   /* TAKE: the session whose lock was once seen free */
    byte resid;                                 /* TAKE: the claim of a former session of the sender, */
    byte reterm;                                /* and of the term that it led under it */
#if defined(FORWARD) || defined(BACK)
    bit jumped;                                 /* TAKE: the clock has jumped since it was carried out */
#endif
#ifdef SNAPSHOT
    bit snapped;
    bit snapX;                                  /* the election's row as it was, */
    byte snapH;
    byte snapT;
    bit snapO;
    bit snapR;
    short snapL;                                /* the rest of its holder's lease, */
    bit snapE;                                  /* whether the holder's row was there, */
    bit snapC;                                  /* and whether it was the version that the sender had seen */
#endif
};
Session b[S + 1];
byte nextId = 1;

typedef Election {
    bit exists;
    byte holder;                                /* 0: vacant */
    byte term;
    bit own;                                    /* its xmin is its xact: the library wrote it */
    bit rel;                                    /* released = term, on this timeline */
    byte hist;                                  /* the highest term in the history */
    byte lockedBy;                              /* a backend that holds the lock of the row */
};
Election el[E];

#ifdef PROMOTE
typedef Standby { bit exists; short left };
Standby sbs[S + 1];
Election sbe[E];
byte sbNext;
bit lagging;
#endif
byte timeline;
byte lineLeft;                                  /* until the timeline is old enough; LEASE + 1: it is not written down yet */
bit clockBack;                                  /* the database's clock was set back, */
byte backAt[E];                                 /* below every term that was issued until then */
byte faults = FAULTS;

/* ---- The processes ---- */

typedef Part {                                  /* a process in an election */
    byte st;
    byte term;
    bit bel;                                    /* not cancelled */
    byte chk;                                   /* the rest of the last check of its row, from the sending */
    bit works;
    bit fenced;                                 /* its work has a transaction open under the fence */
    bit let;                                    /* the row names its session by another hand: it is to be detached */
    byte oldsid;                                /* a claim: the session under which it led */
    bit past;                                   /* the server has changed since */
    bit cur;                                    /* the version that it has seen is the row's */
    bit fresh;                                  /* the answer with that version is on its way */
    byte age;                                   /* for how long it has seen it */
    byte need;                                  /* for how long it has to */
    byte dead;                                  /* the session whose lock it has seen free */
    byte wait;                                  /* the rest of the refractory period since */
    byte late;                                  /* COOPERATIVE */
    bit due;                                    /* LIVE */
#ifdef WITHOUT_SERVER_OF_A_VERSION
    bit saved;                                  /* the version that it has seen is the standby's */
#endif
#ifdef WITHOUT_XMIN_IN_THE_VERSION
    bit was;                                    /* the version that it has seen is the one that may be restored */
#endif
};
typedef Process {
    byte conn;
    byte sid;
    byte asked;
    byte since;                                 /* that statement was sent */
    byte rest;                                  /* of its lease by its own clock, from the sending */
    byte orest;                                 /* the same of the session that it lost */
    byte late;                                  /* ON_SESSION_END: for how long it has not noticed what happened to its session */
    bit dist;                                   /* a heartbeat has told it to check its rows */
    bit looked;                                 /* it has looked at this server before */
#if defined(FORWARD) || defined(BACK)
    bit skew;                                   /* the database's clock has jumped since its last look */
    bit outrun;                                 /* the database's clock has jumped forward between two of its looks */
#endif
    bit due;                                    /* LIVE */
    bit frozen;
    bit gone;
    bit lags;
    Part l[E];
};
Process p[N];

byte taken[E];                                  /* ghosts */
byte maxTerm[E];
byte prevHolder; byte prevTerm;                 /* the row that may be restored */
byte leaderless[E];
byte workStuck;
bit notifyStuck;                                /* another backend of the cluster has the lock of all commits that notify */
#ifdef SHORTEST
#define HIDDEN                                  /* breadth first search has no hidden variables */
#else
#define HIDDEN hidden
#endif
HIDDEN byte j; HIDDEN byte y; HIDDEN byte k; HIDDEN byte h; HIDDEN byte ok; HIDDEN byte w1; HIDDEN byte w2; HIDDEN byte nt;

#define trusts(i)  (p[i].rest > DOUBT)
#define checked(i,x) (p[i].l[x].chk > DOUBT)
#define held(i,x)  (p[i].l[x].bel && trusts(i) && checked(i,x))
#if N == 3
#define leads(x)   ((held(0,x) && !p[0].frozen) || (held(1,x) && !p[1].frozen) || (held(2,x) && !p[2].frozen))
#define two(x)     ((held(0,x) && held(1,x)) || (held(0,x) && held(2,x)) || (held(1,x) && held(2,x)))
#define twoWork(x) ((p[0].l[x].works && p[1].l[x].works) || (p[0].l[x].works && p[2].l[x].works) || (p[1].l[x].works && p[2].l[x].works))
#define fences(x)  (p[0].l[x].fenced || p[1].l[x].fenced || p[2].l[x].fenced)
#else
#define leads(x)   ((held(0,x) && !p[0].frozen) || (held(1,x) && !p[1].frozen))
#define two(x)     (held(0,x) && held(1,x))
#define twoWork(x) (p[0].l[x].works && p[1].l[x].works)
#define fences(x)  (p[0].l[x].fenced || p[1].l[x].fenced)
#endif
#ifdef BUG_FENCE_WITHOUT_ROW_LOCK
#define fenced(x)  false
#else
#define fenced(x)  fences(x)
#endif
#define holds(i,x) (p[i].l[x].st == LEAD || p[i].l[x].st == DRAIN)
#if E == 2
#define pointedDb(k) ((el[0].exists && el[0].holder == k) || (el[1].exists && el[1].holder == k))
#define anyHold(i) (holds(i,0) || holds(i,1))
#define anyBel(i)  (p[i].l[0].bel || p[i].l[1].bel)
#define stopping(i) (p[i].l[0].works || p[i].l[1].works)
#else
#define pointedDb(k) (el[0].exists && el[0].holder == k)
#define anyHold(i) holds(i,0)
#define anyBel(i)  p[i].l[0].bel
#define stopping(i) (p[i].l[0].works)
#endif
#ifdef PROMOTE
#define pointedSb(k) (lagging && ((sbe[0].exists && sbe[0].holder == k) || (sbe[E-1].exists && sbe[E-1].holder == k)))
#define pointed(k) (pointedDb(k) || pointedSb(k))
#else
#define pointed(k) pointedDb(k)
#endif
#ifdef UNLOCK
#define lockFree(k) (!b[k].alive || b[k].unlocked)
#else
#define lockFree(k) (!b[k].alive)
#endif
#define attached(id) (p[b[id].owner].sid == id && p[b[id].owner].conn != CLOSED)
#define awake(i)   (!p[i].frozen)
#define idle(i)    (awake(i) && p[i].asked == NONE)
#define ready(i)   (idle(i) && p[i].conn == OPEN)
#define answered(i,what) (awake(i) && p[i].asked == what && p[i].conn == OPEN && b[p[i].sid].done)
#define mine       b[p[me].sid]
#ifdef LIVE
#define dueT(i,x)  p[i].l[x].due
#define dueH(i)    p[i].due
#define inTurn(i,x) true
#else
#define dueT(i,x)  true
#define dueH(i)    true
#define inTurn(i,x) (taken[x] > 0 || i == 0)    /* they are alike: 0 is the first */
#endif

/* ---- Versions: what has to stand still ---- */

#ifdef WITHOUT_SERVER_OF_A_VERSION
#define kept(i,e)  p[i].l[e].saved
#elif defined(WITHOUT_XMIN_IN_THE_VERSION)
#define kept(i,e)  p[i].l[e].was
#else
#define kept(i,e)  false
#endif
#define watched(i,e) (p[i].l[e].cur || kept(i,e))

inline outdate(i, e) {
    p[i].l[e].cur = 0;
    if :: kept(i, e) -> skip :: else -> p[i].l[e].age = 0; p[i].l[e].need = 0 fi
}
inline changed(e) { for (j : 0 .. N-1) { outdate(j, e) } }
inline beat(id) {                               /* every election of that session has a new version */
#ifdef FORWARD
    b[id].before = 0;
#endif
#ifdef EDIT_SESSION
    b[id].edited = 0;
#endif
#ifdef BEATS_IN_TIME
    if :: attached(id) -> p[b[id].owner].late = 0 :: else -> skip fi;
#endif
#ifdef WITHOUT_XMIN_IN_THE_VERSION
    if
    :: id == prevHolder -> for (j : 0 .. N-1) { p[j].l[0].was = 0; if :: watched(j, 0) -> skip :: else -> p[j].l[0].age = 0; p[j].l[0].need = 0 fi }
    :: else -> skip
    fi;
#endif
    for (y : 0 .. E-1) {
        if :: el[y].exists && el[y].holder == id -> changed(y) :: else -> skip fi
    }
}
inline settleRow(id) {                          /* a session that nothing points to needs no clock */
    if
    :: id != 0 && !pointed(id) -> b[id].left = (b[id].left <= 0 -> 0 : LEASE)
    :: else -> skip
    fi
}
inline forgetWatch(i, e) {
    p[i].l[e].cur = 0; p[i].l[e].fresh = 0; p[i].l[e].age = 0; p[i].l[e].need = 0;
#ifdef WITHOUT_SERVER_OF_A_VERSION
    p[i].l[e].saved = 0;
#endif
#ifdef WITHOUT_XMIN_IN_THE_VERSION
    p[i].l[e].was = 0;
#endif
    skip
}

/* ---- A taking ---- */

#ifdef BUG_TERM_IS_LAST_PLUS_ONE
#define front(e)   0
#define history(e) 0
#else
#ifdef WITHOUT_TIMELINE
#define front(e)   (taken[e] - backAt[e])
#else
#define front(e)   (timeline * EPOCH + (taken[e] - backAt[e]))
#endif
#ifdef WITHOUT_HISTORY_IN_TERM
#define history(e) 0
#else
#define history(e) el[e].hist
#endif
#endif

#define part(id)   p[b[id].owner].l[b[id].x]
#define E_(id)     el[b[id].x]

/* What the statement judges by. */
#ifdef SNAPSHOT
#define vExists(id) b[id].snapX
#define vHolder(id) b[id].snapH
#define vTerm(id)  b[id].snapT
#define vOwn(id)   b[id].snapO
#define vRel(id)   b[id].snapR
#define vLeft(id)  b[id].snapL
#define vThere(id) b[id].snapE
#define vSeen(id)  (b[id].ripe && b[id].snapC)
#ifdef BUG_TAKES_WITHOUT_COMPARING
#define same(id)   true
#else
#define same(id)   (E_(id).exists == b[id].snapX && E_(id).holder == b[id].snapH && E_(id).term == b[id].snapT && E_(id).own == b[id].snapO && E_(id).rel == b[id].snapR)
#endif
#else
#define vExists(id) E_(id).exists
#define vHolder(id) E_(id).holder
#define vTerm(id)  E_(id).term
#define vOwn(id)   E_(id).own
#define vRel(id)   E_(id).rel
#define vLeft(id)  b[h].left
#define vThere(id) b[h].exists
#define vSeen(id)  (b[id].ripe && attached(id) && part(id).cur)
#define same(id)   true
#endif

/* The first witness: the lock. */
#if defined(EDIT_SESSION) && !defined(WITHOUT_MARK_ON_SESSION_ROWS)
#define genuine(k) (!b[k].edited)
#else
#define genuine(k) true
#endif
#if defined(FORWARD) && !defined(WITHOUT_CLOCKS_COMPARED)
#define kept_step(id) (!(p[b[id].owner].outrun && b[h].before))
#else
#define kept_step(id) true
#endif
#ifdef BUG_LOCK_OF_ANOTHER_SERVER
#define locksCount(id) true
#else
#define locksCount(id) b[id].here
#endif
#if defined(BUG_NO_SECOND_WITNESS)
#define witness(id) true
#define alone(id)  w2
#elif defined(BUG_LOCK_IS_A_VETO)
#define witness(id) (lockFree(h) && (locksCount(h) || w2))
#define alone(id)  (w2 && lockFree(h))
#elif defined(ROW_ONLY)
#define witness(id) w2
#define alone(id)  w2
#elif defined(WITHOUT_SERVER_OF_A_LOCK)
#define witness(id) ((locksCount(h) && lockFree(h)) || b[id].mem == h || w2)
#define alone(id)  w2
#else
#define witness(id) ((locksCount(h) && lockFree(h) && kept_step(id) && genuine(h)) || w2)
#define alone(id)  w2
#endif
#ifdef BUG_NO_WAY_OUT_OF_A_STEP_BACK
#define steppedBack(l) false
#else
#define steppedBack(l) ((l) > LEASE)
#endif
#ifdef BUG_RENEWS_WHAT_IS_OVER
#define renewable(id) (b[id].exists)
#else
#define renewable(id) (b[id].exists && b[id].left > 0)
#endif

/* May the row be taken without standing still? */
#ifdef WITHOUT_RELEASED
#define freeAtOnce(id) true
#elif defined(WITHOUT_MARK_ON_VACANT_ROWS)
#define freeAtOnce(id) vRel(id)
#else
#define freeAtOnce(id) (vRel(id) && vOwn(id))
#endif
#ifdef WITHOUT_MARK_ON_HELD_ROWS
#define byOtherHand(id) false
#else
#define byOtherHand(id) (!vOwn(id))
#endif
#ifdef DROP
#define rowless(k) (b[k].alive && !b[k].exists && !lockFree(k))
#if defined(ROW_ONLY) || defined(WITHOUT_LOCKS_AT_REGISTERING)
#define lockWithoutRow false
#elif S >= 4
#define lockWithoutRow (rowless(1) || rowless(2) || rowless(3) || rowless(4))
#elif S == 3
#define lockWithoutRow (rowless(1) || rowless(2) || rowless(3))
#else
#define lockWithoutRow (rowless(1) || rowless(2))
#endif
#else
#define lockWithoutRow false
#endif
#ifdef WITHOUT_EVIDENCE_FOR_MISSING_ROWS
#define neverLed(id) true
#else
#define neverLed(id) (E_(id).hist == 0 && lineLeft == 0 && !lockWithoutRow)
#endif

/* A claim: the row still names the session and the term that this process led under. */
#ifdef BUG_CLAIMS_WITHOUT_LOOKING
#define claims(id) (b[id].resid != 0)
#elif defined(WITHOUT_MARK_FOR_CLAIMS)
#define claims(id) (b[id].resid != 0 && h == b[id].resid && vTerm(id) == b[id].reterm)
#else
#define claims(id) (b[id].resid != 0 && h == b[id].resid && vTerm(id) == b[id].reterm && vOwn(id))
#endif

/* ON_SESSION_END: the lock was seen free a refractory period ago, and no beat has come since. */
#ifdef BUG_FREE_NOT_TIED_TO_A_SESSION
#define hasWaited(id) (b[id].waited != 0)
#elif defined(WITHOUT_BEAT_REFUTES_A_FREE_LOCK)
#define hasWaited(id) (b[id].waited != 0 && b[id].waited == h)
#else
#define hasWaited(id) (b[id].waited != 0 && b[id].waited == h && attached(id) && part(id).cur)
#endif

/* How long a version must be seen: for a lease, or for what was left of it where both clocks kept step. */
#if defined(FORWARD) || defined(BACK)
#define skewed(i)  p[i].skew
#else
#define skewed(i)  false
#endif
#ifdef BUG_REST_OF_A_CLOCK_THAT_JUMPED
#define inStep(i)  p[i].looked
#elif defined(WHOLE_LEASE)
#define inStep(i)  false
#elif defined(BUG_REST_AT_THE_FIRST_LOOK)
#define inStep(i)  (!skewed(i))
#else
#define inStep(i)  (p[i].looked && !skewed(i))
#endif
#define needed(id) (vExists(id) && h != 0 && vOwn(id) && vThere(id) && vLeft(id) <= LEASE && genuine(h) && inStep(b[id].owner) \
    -> (vLeft(id) < 0 -> 0 : vLeft(id)) + MARGIN : STILL)

inline observe(id) {                            /* the sender sees this version; for the first time? */
    if
    :: attached(id) && !part(id).cur ->
        part(id).cur = 1; part(id).fresh = 1; part(id).age = 0; part(id).need = needed(id);
#ifdef WITHOUT_SERVER_OF_A_VERSION
        part(id).saved = 0;
#endif
#ifdef WITHOUT_XMIN_IN_THE_VERSION
        part(id).was = 0;
#endif
#ifdef BUG_STILL_FROM_THE_SENDING
        part(id).age = p[b[id].owner].since; part(id).fresh = 0
#endif
    :: else -> skip
    fi
}

#ifdef SNAPSHOT
inline snap(id) {
    h = E_(id).holder;
    b[id].snapped = 1;
    b[id].snapX = E_(id).exists; b[id].snapH = h; b[id].snapT = E_(id).term; b[id].snapO = E_(id).own; b[id].snapR = E_(id).rel;
    b[id].snapE = (h != 0 && b[h].exists);
    b[id].snapL = (h != 0 -> b[h].left : 0);
    b[id].snapC = (attached(id) && part(id).cur);
    observe(id);
    printf("server    %d (session %d): the snapshot of its taking; holder %d, left of its lease %d\n", b[id].owner, id, h, b[id].snapL);
    h = 0
}
#endif

inline executeTake(id) {
    b[id].ans = NO;
    h = vHolder(id);
    if
    :: !renewable(id) -> b[id].ans = OVER
    :: else ->
        ok = 0;
        w2 = (vSeen(id));
        if
        :: fenced(b[id].x) || taken[b[id].x] >= TAKES || !inTurn(b[id].owner, b[id].x) || !same(id) -> skip
        :: !(fenced(b[id].x) || taken[b[id].x] >= TAKES || !inTurn(b[id].owner, b[id].x) || !same(id)) && E_(id).lockedBy != 0 && E_(id).lockedBy != id -> skip
        :: else ->
            if
            :: !vExists(id) -> ok = (w2 || neverLed(id))
            :: vExists(id) && h == 0 -> ok = (w2 || freeAtOnce(id))
            :: vExists(id) && h == id && byOtherHand(id) -> b[id].ans = NAMED; b[id].term = vTerm(id)
            :: vExists(id) && h == id && !byOtherHand(id) ->
#ifdef WITHOUT_LEFTOVERS
                skip
#else
                ok = 1                          /* an answer came too late: the row names this session, and nobody leads */
#endif
            :: vExists(id) && h != 0 && h != id && claims(id) -> ok = 1
            :: vExists(id) && h != 0 && h != id && !claims(id) && byOtherHand(id) -> ok = w2
            :: vExists(id) && h != 0 && h != id && !claims(id) && !byOtherHand(id) ->
                w1 = (witness(id));
                ok = ((vThere(id) && vLeft(id) <= 0 && w1)
                    || (vThere(id) && steppedBack(vLeft(id)) && alone(id))
                    || (!vThere(id) && alone(id))
                    || hasWaited(id));
                if
#ifndef ROW_ONLY
                :: !ok && lockFree(h) && locksCount(h) -> b[id].ans = FREE; b[id].term = h
#endif
                :: else -> skip
                fi
            fi
        fi;
#ifndef SNAPSHOT
        observe(id);
#endif
        if
        :: ok ->
            nt = (E_(id).term > front(b[id].x) -> E_(id).term : front(b[id].x));
            nt = (history(b[id].x) > nt -> history(b[id].x) : nt) + 1;
            must(TERMS, nt > maxTerm[b[id].x]);
            maxTerm[b[id].x] = nt;
            taken[b[id].x]++;
            b[id].left = LEASE; beat(id);       /* its own lease is renewed only if it wins */
#ifdef RESTORE
            if
            :: b[id].x == 0 -> prevHolder = E_(id).holder; prevTerm = E_(id).term;
#ifdef WITHOUT_XMIN_IN_THE_VERSION
                for (j : 0 .. N-1) { p[j].l[0].was = p[j].l[0].cur }
#endif
            :: else -> skip
            fi;
#endif
            E_(id).exists = 1; E_(id).term = nt; E_(id).own = 1; E_(id).rel = 0;
            E_(id).hist = (nt > E_(id).hist -> nt : E_(id).hist);
            h = E_(id).holder;
            E_(id).holder = id;
            b[id].term = nt; b[id].ans = YES;
            changed(b[id].x);
            settleRow(h)
        :: else -> skip
        fi
    fi;
    ok = 0; w1 = 0; w2 = 0; nt = 0; h = 0; j = 0; y = 0
}

/* ---- The other statements ---- */

#ifdef UNLOCK
#ifdef WITHOUT_LOCK_PROVEN_BY_HEARTBEATS
#define proven(id) true
#else
#define proven(id) (!b[id].unmarked)
#endif
#else
#define proven(id) true
#endif
#ifdef WITHOUT_DISTURBED
#define tells(id)  0
#else
#define tells(id)  b[id].disturbed
#endif
#define owns(id,e) (el[e].exists && el[e].holder == id && el[e].term == p[b[id].owner].l[e].term)

inline execute(id) {
    b[id].done = 1;
    if
    :: b[id].asked == TAKE -> executeTake(id)
    :: b[id].asked == HB ->
        if
        :: renewable(id) && proven(id) -> b[id].left = LEASE; beat(id); b[id].ans = YES; b[id].dist = tells(id)
        :: else -> b[id].ans = NO
        fi
    :: b[id].asked == CHECK ->
        b[id].ans = YES; b[id].disturbed = 0;
        b[id].mask = (owns(id, 0) -> 1 : 0);
#if E == 2
        b[id].mask = b[id].mask + (owns(id, 1) -> 2 : 0);
#endif
        skip
    :: b[id].asked == VACATE || b[id].asked == DETACH ->
        b[id].ans = YES;
        if
#if defined(NOTIFY_STUCK) && defined(WITHOUT_SECOND_VACATING)
        :: notifyStuck && b[id].asked == VACATE -> b[id].ans = NO
        :: !notifyStuck && E_(id).exists && E_(id).holder == id && E_(id).term == b[id].term && (E_(id).lockedBy == 0 || E_(id).lockedBy == id) ->
#else
        :: E_(id).exists && E_(id).holder == id && E_(id).term == b[id].term && (E_(id).lockedBy == 0 || E_(id).lockedBy == id) ->
#endif
            E_(id).holder = 0; E_(id).own = 1;
            E_(id).rel = (b[id].asked == VACATE);
#ifdef WITHOUT_STANDING_STILL_AFTER_DETACHING
            E_(id).rel = 1;
#endif
            changed(b[id].x); settleRow(id)
        :: else -> skip
        fi
    fi;
    b[id].ripe = 0; b[id].waited = 0; b[id].mem = 0; b[id].resid = 0; b[id].reterm = 0;
#ifdef STUCK_ROW
    if :: b[id].locker && E_(id).lockedBy == id -> E_(id).lockedBy = 0 :: else -> skip fi;
    b[id].locker = 0;
#endif
#ifdef SNAPSHOT
    clearSnapshot(id);
#endif
    j = 0; y = 0;
    printf("server    %d (session %d): carries out %d; answer %d; election %d: holder %d, term %d\n",
        b[id].owner, id, b[id].asked, b[id].ans, b[id].x, E_(id).holder, E_(id).term)
}

#ifdef SNAPSHOT
inline clearSnapshot(id) {
    b[id].snapped = 0; b[id].snapX = 0; b[id].snapH = 0; b[id].snapT = 0; b[id].snapO = 0; b[id].snapR = 0; b[id].snapL = 0; b[id].snapE = 0; b[id].snapC = 0
}
#endif

inline clearStatement(id) {
    b[id].asked = NONE; b[id].done = 0; b[id].ans = NO; b[id].x = 0; b[id].term = 0; b[id].ripe = 0;
    b[id].waited = 0; b[id].mem = 0; b[id].resid = 0; b[id].reterm = 0; b[id].dist = 0; b[id].mask = 0;
#if defined(FORWARD) || defined(BACK)
    b[id].jumped = 0;
#endif
#ifdef SNAPSHOT
    clearSnapshot(id);
#endif
    skip
}

inline endBackend(id) {                         /* the server ends it, with its lock and what it has locked */
    b[id].alive = 0;
#ifdef UNLOCK
    b[id].unlocked = 0; b[id].unmarked = 0;
#endif
#ifdef STUCK_ROW
    if :: b[id].locker && el[b[id].x].lockedBy == id -> el[b[id].x].lockedBy = 0 :: else -> skip fi;
    b[id].locker = 0;
#endif
    b[id].disturbed = 0;
    clearStatement(id);
    if
    :: p[b[id].owner].sid == id && p[b[id].owner].conn == OPEN -> p[b[id].owner].conn = BROKEN
    :: else -> skip
    fi
}

/* ---- A process ---- */

inline settle(i) { p[i].asked = NONE; p[i].since = 0; clearStatement(p[i].sid) }
inline send(i, what, e) {
    p[i].asked = what; p[i].since = 0;
    b[p[i].sid].asked = what; b[p[i].sid].x = e; b[p[i].sid].done = 0; b[p[i].sid].ans = NO
}
inline depose(i, e) {
    p[i].l[e].bel = 0; p[i].l[e].chk = 0;
    p[i].l[e].st = (p[i].l[e].works -> LOST : FOLLOW)
}
inline dropTerm(i, e) {
    if :: p[i].l[e].st == FOLLOW && !p[i].l[e].works && p[i].l[e].oldsid == 0 -> p[i].l[e].term = 0 :: else -> skip fi
}
inline disconnect(i) {
    p[i].conn = CLOSED; p[i].asked = NONE; p[i].since = 0; p[i].late = 0; p[i].dist = 0; p[i].sid = 0;
#ifndef BUG_NEW_SESSION_KEEPS_LEADERSHIP
    p[i].rest = 0
#endif
}

/* The session is lost or given up. The connection is closed; the server may find that out later. */
inline lose(i) {
    if :: anyBel(i) -> p[i].orest = p[i].rest :: else -> skip fi;
    for (k : 0 .. E-1) {
        if :: p[i].l[k].fresh -> forgetWatch(i, k) :: else -> skip fi;
        p[i].l[k].let = 0;
        if
        :: p[i].l[k].st == LEAD && p[i].l[k].bel ->
#ifndef BUG_NEW_SESSION_KEEPS_LEADERSHIP
            p[i].l[k].oldsid = p[i].sid; p[i].l[k].past = 0; depose(i, k)
#else
            skip
#endif
        :: p[i].l[k].st == DRAIN || (p[i].l[k].st == LEAD && !p[i].l[k].bel) -> p[i].l[k].oldsid = 0; depose(i, k)
        :: else -> skip
        fi;
        dropTerm(i, k)
    }
    disconnect(i)
}

/* A claim lasts on the server where the leadership was; on another only while the lease runs by the process's own clock. */
#ifdef BUG_CLAIMS_LATE_ON_ANOTHER_SERVER
#define mayClaim(i,e) (p[i].l[e].oldsid != 0)
#else
#define mayClaim(i,e) (p[i].l[e].oldsid != 0 && (!p[i].l[e].past || p[i].orest > 0))
#endif
#ifdef BUG_STANDS_WHILE_WORK_RUNS
#define stands(i,e) ((p[i].l[e].st == FOLLOW || p[i].l[e].st == LOST) && !p[i].l[e].let)
#else
#define stands(i,e) (p[i].l[e].st == FOLLOW && !p[i].l[e].works && !p[i].l[e].let)
#endif
#ifdef BUG_NO_WAIT_ON_SESSION_END
#define FIRST_WAIT 0
#else
#define FIRST_WAIT REFR
#endif

inline sendTake(i, e) {
    send(i, TAKE, e);
    b[p[i].sid].ripe = (watched(i, e) && p[i].l[e].age >= p[i].l[e].need && !p[i].l[e].fresh);
#ifdef ON_SESSION_END
    b[p[i].sid].waited = (p[i].l[e].wait == 0 -> p[i].l[e].dead : 0);
#endif
#ifdef WITHOUT_SERVER_OF_A_LOCK
    b[p[i].sid].mem = p[i].l[e].dead;
#endif
    b[p[i].sid].resid = (mayClaim(i, e) -> p[i].l[e].oldsid : 0);
    b[p[i].sid].reterm = (mayClaim(i, e) -> p[i].l[e].term : 0);
    p[i].l[e].due = 0
}

#ifdef BUG_CHECK_FROM_THE_ANSWER
#define sinceCheck(i) 0
#else
#define sinceCheck(i) p[i].since
#endif
inline showsItsOwn(i, e) {                      /* an answer that is late is none */
    if
    :: p[i].l[e].st == LEAD && held(i, e) && p[i].since < LEASE && LEASE - sinceCheck(i) > p[i].l[e].chk -> p[i].l[e].chk = LEASE - sinceCheck(i)
    :: else -> skip
    fi
}

inline takeAnswered(i, e) {
    w1 = p[i].l[e].fresh;                       /* it is news */
    p[i].l[e].fresh = 0;
    p[i].looked = 1;
#if defined(FORWARD) || defined(BACK)
#ifdef BUG_JUMP_LEARNED_FROM_THE_ANSWER
    p[i].outrun = (p[i].outrun || p[i].skew);
#endif
    p[i].skew = b[p[i].sid].jumped;
#endif
    if
    :: b[p[i].sid].ans == OVER ->
        printf("%d         hears that its own session row is over\n", i); sessionOver(i)
    :: b[p[i].sid].ans == NAMED ->
        printf("%d         finds its session in the row of %d, by another hand\n", i, e);
        p[i].l[e].oldsid = 0; p[i].l[e].dead = 0; p[i].l[e].wait = 0; p[i].l[e].let = 1; p[i].l[e].term = b[p[i].sid].term; settle(i)
    :: b[p[i].sid].ans == YES ->
        p[i].l[e].dead = 0; p[i].l[e].wait = 0;
#ifdef BUG_TRUST_FROM_THE_ANSWER
        p[i].rest = LEASE;
#else
        if :: LEASE - p[i].since > p[i].rest || !anyBel(i) -> p[i].rest = (p[i].since < LEASE -> LEASE - p[i].since : 0) :: else -> skip fi;
#endif
        if
        :: trusts(i) ->
            must(WORK_BACK, !p[i].l[e].works);
            p[i].l[e].st = LEAD; p[i].l[e].bel = 1; p[i].l[e].works = 1; p[i].l[e].term = b[p[i].sid].term;
#ifdef BUG_TRUST_FROM_THE_ANSWER
            p[i].l[e].chk = LEASE;
#else
            p[i].l[e].chk = LEASE - sinceCheck(i);
#endif
            p[i].l[e].oldsid = 0
        :: else -> p[i].l[e].oldsid = 0; p[i].l[e].st = FOLLOW; p[i].l[e].term = 0
        fi;
        printf("%d         is elected in %d: term %d; trusts its lease for %d\n", i, e, b[p[i].sid].term, p[i].rest - DOUBT);
        settle(i)
    :: else ->
        p[i].l[e].oldsid = 0; dropTerm(i, e);
#if defined(ON_SESSION_END) || defined(WITHOUT_SERVER_OF_A_LOCK)
        if
#ifdef BUG_FREE_NOT_TIED_TO_A_SESSION
        :: b[p[i].sid].ans == FREE && p[i].l[e].dead == 0 ->
#elif defined(WITHOUT_BEAT_REFUTES_A_FREE_LOCK)
        :: b[p[i].sid].ans == FREE && p[i].l[e].dead != b[p[i].sid].term ->
#else
        :: b[p[i].sid].ans == FREE && (p[i].l[e].dead != b[p[i].sid].term || w1) ->
#endif
            p[i].l[e].dead = b[p[i].sid].term; p[i].l[e].wait = FIRST_WAIT
#if !defined(BUG_FREE_NOT_TIED_TO_A_SESSION) && !defined(WITHOUT_SERVER_OF_A_LOCK)
        :: b[p[i].sid].ans != FREE -> p[i].l[e].dead = 0; p[i].l[e].wait = 0
#endif
        :: else -> skip
        fi;
#endif
        printf("%d         has looked at %d and may not take it (answer %d)\n", i, e, b[p[i].sid].ans);
        settle(i)
    fi;
    w1 = 0
}

/* A leader that is deposed while its session lives keeps the connection, and so the lock, until its work has returned or its
 * lease is over by its own clock. */
#ifdef WITHOUT_LOCK_WHILE_STOPPING
#define mayClose(i) true
#else
#define mayClose(i) (p[i].rest == 0 || !stopping(i))
#endif

/* An answer says that the session is over: cancel at once, close when that is allowed. */
inline sessionOver(i) {
    if :: anyBel(i) -> p[i].orest = p[i].rest :: else -> skip fi;
    for (k : 0 .. E-1) {
        p[i].l[k].let = 0;
        if :: p[i].l[k].bel && p[i].l[k].st == LEAD -> p[i].l[k].oldsid = p[i].sid; p[i].l[k].past = 0 :: else -> skip fi;
        if :: holds(i, k) -> depose(i, k) :: else -> skip fi;
        dropTerm(i, k)
    }
    settle(i);
    p[i].dist = 0;
    p[i].asked = CLOSING
}
inline close(i) {
    for (k : 0 .. E-1) { if :: p[i].l[k].fresh -> forgetWatch(i, k) :: else -> skip fi }
    p[i].rest = 0;
    disconnect(i)
}

#ifdef BUG_VACATES_FIRST
#define vacates(i,e) true
#else
#define vacates(i,e) (!p[i].l[e].works)
#endif
#ifdef COOPERATIVE
#define stopFirst(e) skip                       /* NO_OVERLAP sees it there, which does not repeat the guard */
#else
#define stopFirst(e) must(STOP_FIRST, !p[me].l[e].works)
#endif
#define letsGo(i,e) (p[i].l[e].st >= DRAIN && p[i].l[e].works && el[e].exists && el[e].holder == p[i].sid && el[e].term == p[i].l[e].term && workStuck == i + 1)

#define stepsOf(e) \
    :: d_step { ready(me) && stands(me, e) && dueT(me, e) -> sendTake(me, e); \
        printf("%d         sends a taking of %d (stood still %d, waited for session %d, claims session %d)\n", me, e, mine.ripe, mine.waited, mine.resid) } \
    :: d_step { answered(me, TAKE) && mine.x == e -> takeAnswered(me, e); must(ONE_HOLDER, !two(e)); overlap(e) } \
    :: d_step { ready(me) && p[me].l[e].st == DRAIN && vacates(me, e) && dueT(me, e) -> send(me, VACATE, e); p[me].l[e].due = 0; mine.term = p[me].l[e].term; \
        stopFirst(e); printf("%d         sends: vacate %d\n", me, e) } \
    :: d_step { answered(me, VACATE) && mine.x == e -> if :: p[me].l[e].st == DRAIN && mine.ans == YES -> depose(me, e); dropTerm(me, e) :: else -> skip fi; settle(me); \
        if :: !anyHold(me) -> p[me].rest = 0 :: else -> skip fi; printf("%d         has vacated %d\n", me, e) } \
    :: d_step { ready(me) && p[me].l[e].let && p[me].l[e].st == FOLLOW -> send(me, DETACH, e); mine.term = p[me].l[e].term; printf("%d         sends: detach %d\n", me, e) } \
    :: d_step { answered(me, DETACH) && mine.x == e -> settle(me); p[me].l[e].let = 0; if :: p[me].l[e].st == DRAIN -> depose(me, e) :: else -> dropTerm(me, e) fi }
#if defined(COOPERATIVE) && !defined(LIVE)
#define overlap(e) must(NO_OVERLAP, !twoWork(e))
#else
#define overlap(e) skip
#endif

active [N] proctype Candidate() {
    byte me = _pid;
end:
    do
    :: d_step { idle(me) && p[me].conn == CLOSED && nextId <= S ->
        p[me].sid = nextId; nextId++;
        b[p[me].sid].exists = 1; b[p[me].sid].left = LEASE; b[p[me].sid].here = 1; b[p[me].sid].alive = 1; b[p[me].sid].stuck = 0; b[p[me].sid].disturbed = 0;
        b[p[me].sid].owner = me; clearStatement(p[me].sid);
#ifdef FORWARD
        b[p[me].sid].before = 0;
#endif
#ifdef EDIT_SESSION
        b[p[me].sid].edited = 0;
#endif
#ifdef PROMOTE
        lineLeft = (lineLeft == LEASE + 1 -> LEASE : lineLeft);
#endif
#ifdef CONNECTING_IS_A_LOOK
        p[me].looked = 1;
#endif
        p[me].conn = OPEN;
        printf("%d         begins session %d\n", me, p[me].sid) }
#ifdef LIVE
    :: d_step { idle(me) && p[me].conn == CLOSED && nextId > S -> must(ENOUGH_IDS, false) }
#endif
    :: d_step { awake(me) && p[me].conn == BROKEN -> printf("%d         notices that session %d has ended\n", me, p[me].sid);
        if :: p[me].asked == CLOSING -> close(me) :: else -> lose(me) fi }
    stepsOf(0)
#if E == 2
    stepsOf(1)
#endif
    :: d_step { ready(me) && anyHold(me) && trusts(me) && dueH(me) && BEATS -> send(me, HB, 0); p[me].due = 0; printf("%d         sends a heartbeat\n", me) }
    :: d_step { answered(me, HB) ->
        if
        :: mine.ans == YES ->
#ifdef BUG_LATE_ANSWER_REVIVES
            p[me].rest = (p[me].since < LEASE -> LEASE - p[me].since : 0);
            for (k : 0 .. E-1) { if :: p[me].l[k].st == LOST && p[me].l[k].works -> p[me].l[k].st = LEAD; p[me].l[k].bel = 1; p[me].l[k].chk = p[me].rest; must(ONCE_LOST, !trusts(me)) :: else -> skip fi };
#elif defined(BUG_TRUST_FROM_THE_ANSWER)
            if :: trusts(me) -> p[me].rest = LEASE; for (k : 0 .. E-1) { if :: p[me].l[k].bel -> p[me].l[k].chk = LEASE :: else -> skip fi } :: else -> skip fi;
#else
            if
            :: mine.dist -> p[me].dist = 1
            :: else -> for (k : 0 .. E-1) { showsItsOwn(me, k) }
            fi;
            if :: trusts(me) && LEASE - p[me].since > p[me].rest && p[me].since < LEASE -> p[me].rest = LEASE - p[me].since :: else -> skip fi;
#endif
            settle(me);
            printf("%d         has its answer to the heartbeat: yes; trusts its lease for %d, told to check %d\n", me, p[me].rest - DOUBT, p[me].dist)
        :: else -> sessionOver(me); printf("%d         has its answer to the heartbeat: no; cancels\n", me)
        fi;
        must(ONE_HOLDER, !two(0) && !two(E-1)) }
    :: d_step { ready(me) && p[me].dist -> send(me, CHECK, 0); printf("%d         sends: check my rows\n", me) }
    :: d_step { answered(me, CHECK) ->
        p[me].dist = 0;
        for (k : 0 .. E-1) {
            if
            :: p[me].l[k].st == LEAD && (mine.mask >> k) & 1 -> showsItsOwn(me, k)
            :: p[me].l[k].st == LEAD && !((mine.mask >> k) & 1) -> depose(me, k); dropTerm(me, k)
            :: else -> skip
            fi
        };
        settle(me);
        printf("%d         has checked its rows\n", me);
        must(ONE_HOLDER, !two(0) && !two(E-1)) }
    :: d_step { awake(me) && p[me].asked == CLOSING && p[me].conn == OPEN && mayClose(me) -> printf("%d         closes its connection\n", me); close(me) }
#if defined(WORK_STUCK) && !defined(WITHOUT_DETACHING)
    :: d_step { ready(me) && letsGo(me, 0) ->
        send(me, DETACH, 0); mine.term = p[me].l[0].term; printf("%d         sends: detach 0, whose work has not returned\n", me) }
#endif
#ifdef LIVE
    :: d_step { awake(me) && p[me].conn == OPEN && p[me].asked != NONE && p[me].asked < CLOSING && b[p[me].sid].stuck && !b[p[me].sid].done && p[me].since >= 1 ->
        printf("%d         waits no longer for an answer\n", me); lose(me) }
#endif
    od
}

/* ---- The server ---- */

#define orphaned(id) (b[id].alive && p[b[id].owner].sid != id)
#ifdef SNAPSHOT
#define toExecute(n) (b[n].asked != TAKE || b[n].snapped)
#define snapStep(n) :: d_step { b[n].alive && !b[n].stuck && b[n].asked == TAKE && !b[n].done && !b[n].snapped -> snap(n) }
#else
#define toExecute(n) true
#define snapStep(n)
#endif
#ifdef ENDS_WHAT_IS_IN_THE_WAY
#define endStep(n) \
    :: d_step { b[n].alive && b[n].locker && b[n].stuck -> b[n].stuck = 0; execute(n); endBackend(n); printf("server    ends session %d, which was in the way; it has committed\n", n) } \
    :: d_step { b[n].alive && b[n].locker && b[n].stuck -> b[n].stuck = 0; endBackend(n); printf("server    ends session %d, which was in the way\n", n) }
#else
#define endStep(n)
#endif
#define serverSteps(n) \
    :: d_step { b[n].alive && !b[n].stuck && b[n].asked != NONE && !b[n].done && toExecute(n) -> execute(n) } \
    :: d_step { orphaned(n) && !b[n].stuck -> endBackend(n); printf("server    ends session %d, which its process has given up\n", n) } \
    snapStep(n) \
    endStep(n)
active proctype Server() {
end:
    do
    serverSteps(1)
    serverSteps(2)
#if S >= 3
    serverSteps(3)
#endif
#if S >= 4
    serverSteps(4)
#endif
#if S >= 5
    serverSteps(5)
#endif
#if S >= 6
    serverSteps(6)
#endif
#if S >= 7
    serverSteps(7)
#endif
    od
}

/* ---- The work, and who asked for it ---- */

#define sessionRuns(e) (el[e].holder != 0 && b[el[e].holder].exists && b[el[e].holder].left > 0)
#ifdef WITHOUT_SESSION_IN_FENCE
#define fenceable(i,e) (el[e].exists && el[e].term == p[i].l[e].term)
#elif defined(FENCE_ASKS_THE_MARK)
#define fenceable(i,e) (el[e].exists && el[e].term == p[i].l[e].term && sessionRuns(e) && el[e].own)
#elif defined(FENCE_ASKS_THE_HISTORY)
#define fenceable(i,e) (el[e].exists && el[e].term == p[i].l[e].term && sessionRuns(e) && el[e].hist <= el[e].term)
#else
#define fenceable(i,e) (el[e].exists && el[e].term == p[i].l[e].term && sessionRuns(e))
#endif
#ifdef RESIGN
#ifdef LIVE
#define resignSteps(i,e) :: d_step { idle(i) && p[i].l[e].st == LEAD && held(i,e) && faults > 0 -> faults--; leaderless[e] = 0; resign(i,e) }
#else
#define resignSteps(i,e) :: d_step { idle(i) && p[i].l[e].st == LEAD && held(i,e) -> resign(i,e) }
#endif
#else
#define resignSteps(i,e)
#endif
inline resign(i, e) { p[i].l[e].due = 1; p[i].l[e].bel = 0; p[i].l[e].chk = 0; p[i].l[e].st = DRAIN; printf("%d         resigns from %d\n", i, e) }
#ifdef FENCES
#define fenceSteps(i,e) \
    :: d_step { p[i].l[e].works && !p[i].l[e].fenced && p[i].conn != CLOSED && fenceable(i,e) && el[e].lockedBy == 0 -> p[i].l[e].fenced = 1; printf("%d's work  opens a fenced transaction in %d, term %d\n", i, e, p[i].l[e].term) } \
    :: d_step { p[i].l[e].fenced -> must(FENCED, p[i].l[e].term == maxTerm[e]); p[i].l[e].fenced = 0; printf("%d's work  commits it\n", i) }
#else
#define fenceSteps(i,e)
#endif
#define returns(i,e) (awake(i) && p[i].l[e].works && !held(i,e) && !p[i].l[e].fenced && !(workStuck == i + 1 && e == 0))
#define workSteps(i,e) \
    :: d_step { returns(i,e) -> p[i].l[e].works = 0; p[i].l[e].late = 0; \
        if :: p[i].l[e].st == LOST -> p[i].l[e].st = FOLLOW :: else -> skip fi; \
        dropTerm(i,e); \
        printf("%d's work  returns (%d)\n", i, e) } \
    resignSteps(i,e) \
    fenceSteps(i,e)
active proctype Work() {
end:
    do
    workSteps(0,0)
    workSteps(1,0)
#if E == 2
    workSteps(0,1)
    workSteps(1,1)
#endif
#if N == 3
    workSteps(2,0)
#endif
#ifdef FREEZE
    :: d_step { p[0].frozen && !p[0].gone -> p[0].frozen = 0; printf("0         goes on\n") }
    :: d_step { p[1].frozen && !p[1].gone -> p[1].frozen = 0; printf("1         goes on\n") }
#endif
    od
}

/* ---- Time ---- */

inline older(i) {
    if :: p[i].rest > 0 -> p[i].rest-- :: else -> skip fi;
    if :: p[i].orest > 0 -> p[i].orest-- :: else -> skip fi;
    if :: p[i].asked != NONE && p[i].asked != CLOSING && p[i].since < LEASE -> p[i].since++ :: else -> skip fi;
    for (k : 0 .. E-1) {
        if :: p[i].l[k].chk > 0 -> p[i].l[k].chk-- :: else -> skip fi;
        if :: watched(i, k) && !p[i].l[k].fresh && p[i].l[k].age < p[i].l[k].need -> p[i].l[k].age++ :: else -> skip fi;
        if :: p[i].l[k].wait > 0 -> p[i].l[k].wait-- :: else -> skip fi;
        if
        :: p[i].l[k].st == LEAD && !held(i, k) -> depose(i, k); printf("%d         trusts itself in %d no longer\n", i, k)
        :: else -> skip
        fi;
        if :: p[i].l[k].past && !mayClaim(i, k) -> p[i].l[k].oldsid = 0; p[i].l[k].past = 0 :: else -> skip fi;
        dropTerm(i, k)
    }
}
#if defined(ON_SESSION_END)
/* What this way of taking over assumes of a leader that lives: it notices within the refractory period. */
#ifdef BEATS_IN_TIME
#define unlockedNow(i) (p[i].conn == OPEN && b[p[i].sid].unlocked && !p[i].frozen && (anyBel(i) || p[i].asked == TAKE))
#else
#define unlockedNow(i) false
#endif
#define unnoticed(i) ((p[i].conn == BROKEN && !p[i].frozen && (anyBel(i) || (p[i].asked == TAKE))) || unlockedNow(i))
#define inDue(i)   (!unnoticed(i) || p[i].late < REFR - 1)
#else
#define inDue(i)   true
#endif
#define minus(v)   v = (v > LOWEST -> v - 1 : v)
inline tick() {
    for (j : 1 .. S) {
        if :: b[j].exists && pointed(j) -> minus(b[j].left) :: else -> skip fi;
#if defined(SNAPSHOT) && defined(WITHOUT_TIME_OF_THE_SNAPSHOT)
        if :: b[j].snapped && b[j].snapE -> minus(b[j].snapL) :: else -> skip fi;
#endif
#ifdef PROMOTE
        if :: lagging && sbs[j].exists -> minus(sbs[j].left) :: else -> skip fi
#endif
    }
#ifdef PROMOTE
    if :: lineLeft > 0 && lineLeft <= LEASE -> lineLeft-- :: else -> skip fi;
#endif
    for (j : 0 .. N-1) {
        for (k : 0 .. E-1) {
            skip;
#ifdef COOPERATIVE
            if :: p[j].l[k].works && !held(j,k) && !p[j].frozen -> p[j].l[k].late++ :: else -> skip fi;
#endif
#ifdef LIVE
            p[j].l[k].due = 1
#endif
        }
#ifdef ON_SESSION_END
        if :: unnoticed(j) -> p[j].late++ :: else -> p[j].late = 0 fi;
#endif
#ifdef LIVE
        p[j].due = 1
#endif
    }
#ifdef LIVE
    for (k : 0 .. E-1) {
        if :: leads(k) -> leaderless[k] = 0 :: else -> leaderless[k]++ fi;
#ifndef PROGRESS
        must(IN_TIME, leaderless[k] <= BOUND)
#endif
    }
#ifdef PROGRESS
    leaderless[0] = 0; leaderless[E-1] = 0
#endif
#endif
    printf("-- tick   left of the leases of the sessions: %d %d %d\n", b[1].left, b[2].left, b[S].left)
}
#ifdef COOPERATIVE
#define stops(i,e) (!(p[i].l[e].works && !held(i,e) && !p[i].frozen) || p[i].l[e].late < REFR - 1 || (workStuck == i + 1 && e == 0))
#else
#define stops(i,e) true
#endif
#ifdef LIVE
#define rests(i,e) (!(ready(i) && stands(i,e) && dueT(i,e)) && !(ready(i) && p[i].l[e].st == DRAIN && vacates(i,e) && dueT(i,e)) && !(ready(i) && p[i].l[e].let) && !returns(i,e) && !letsGoNow(i,e))
#if defined(WORK_STUCK) && !defined(WITHOUT_DETACHING)
#define letsGoNow(i,e) (e == 0 && letsGo(i,e) && p[i].conn == OPEN && p[i].asked == NONE)
#else
#define letsGoNow(i,e) false
#endif
#define waits(i)   (p[i].frozen || (p[i].conn == OPEN && !(ready(i) && anyHold(i) && trusts(i) && dueH(i)) && !(ready(i) && p[i].dist) \
    && (p[i].asked == NONE || (p[i].asked == CLOSING && !mayClose(i)) || (b[p[i].sid].stuck && !b[p[i].sid].done && p[i].since < 1)) \
    && rests(i,0) && rests(i,E-1)))
#define quiet(n)   (!(b[n].alive && !b[n].stuck && b[n].asked != NONE && !b[n].done) && !(orphaned(n) && !b[n].stuck) && !inTheWay(n))
#ifdef ENDS_WHAT_IS_IN_THE_WAY
#define inTheWay(n) (b[n].alive && b[n].locker && b[n].stuck)
#else
#define inTheWay(n) false
#endif
#if S >= 7
#define quiets     (quiet(1) && quiet(2) && quiet(3) && quiet(4) && quiet(5) && quiet(6) && quiet(7))
#elif S >= 6
#define quiets     (quiet(1) && quiet(2) && quiet(3) && quiet(4) && quiet(5) && quiet(6))
#else
#define quiets     (quiet(1) && quiet(2) && quiet(3) && quiet(4))
#endif
#else
#define waits(i)   true
#define quiets     true
#endif
#define may(i)     (waits(i) && inDue(i) && stops(i,0) && stops(i,E-1))
#if N == 3
#define mayTick    (quiets && may(0) && may(1) && may(2))
#define olderAll   older(0); older(1); older(2)
#else
#define mayTick    (quiets && may(0) && may(1))
#define olderAll   older(0); older(1)
#endif
active proctype Clock() {
    do
    :: d_step { mayTick -> olderAll; tick() }
#ifdef DRIFT
    :: d_step { mayTick && !p[0].lags -> p[0].lags = 1; older(1); tick(); printf("          (0's clock stands still)\n") }
    :: d_step { mayTick && !p[1].lags -> p[1].lags = 1; older(0); tick(); printf("          (1's clock stands still)\n") }
    :: d_step { p[0].lags -> p[0].lags = 0; older(0); printf("-- tick   of 0's clock alone\n") }
    :: d_step { p[1].lags -> p[1].lags = 0; older(1); printf("-- tick   of 1's clock alone\n") }
#endif
    od
}

/* ---- Faults ---- */

inline blame() { faults--; leaderless[0] = 0; leaderless[E-1] = 0 }
inline loseServer() {
    for (j : 1 .. S) {
        b[j].alive = 0; b[j].stuck = 0; b[j].disturbed = 0;
#ifdef STUCK_ROW
        b[j].locker = 0;
#endif
#ifdef UNLOCK
        b[j].unlocked = 0; b[j].unmarked = 0;
#endif
        clearStatement(j)
    }
    for (j : 0 .. N-1) {
        if :: p[j].conn == OPEN -> p[j].conn = BROKEN :: else -> skip fi;
        for (k : 0 .. E-1) { p[j].l[k].fenced = 0 }
    }
    el[0].lockedBy = 0; el[E-1].lockedBy = 0
}
#define clamp(v,d) (v + d < LOWEST -> LOWEST : v + d)
inline jump(d) {                                /* what is left of each lease grows by d */
    for (j : 1 .. S) {
        if :: b[j].exists && pointed(j) -> b[j].left = clamp(b[j].left, d) :: else -> skip fi;
#ifdef FORWARD
        if :: d < 0 && b[j].exists -> b[j].before = 1 :: else -> skip fi;
#endif
#if defined(FORWARD) || defined(BACK)
        if :: b[j].asked == TAKE && b[j].done -> b[j].jumped = 1 :: else -> skip fi;
#endif
#if defined(SNAPSHOT) && defined(WITHOUT_TIME_OF_THE_SNAPSHOT)
        if :: b[j].snapped && b[j].snapE -> b[j].snapL = clamp(b[j].snapL, d) :: else -> skip fi;
#endif
#ifdef PROMOTE
        if :: lagging && sbs[j].exists -> sbs[j].left = clamp(sbs[j].left, d) :: else -> skip fi
#endif
    };
#ifdef PROMOTE
    if :: d < 0 && lineLeft > 0 && lineLeft <= LEASE -> lineLeft = 0 :: else -> skip fi;
#endif
    for (j : 0 .. N-1) {
#if defined(FORWARD) || defined(BACK)
        if :: p[j].looked -> p[j].skew = 1 :: else -> skip fi;
#ifndef BUG_JUMP_LEARNED_FROM_THE_ANSWER
        if :: d < 0 && p[j].looked -> p[j].outrun = 1 :: else -> skip fi
#endif
#endif
    }
}
inline anotherServer() {                        /* what was witnessed on a server is worth nothing on the next */
    for (j : 0 .. N-1) {
        p[j].looked = 0;
#if defined(FORWARD) || defined(BACK)
        p[j].skew = 0; p[j].outrun = 0;
#endif
        for (k : 0 .. E-1) {
#ifdef WITHOUT_SERVER_OF_A_VERSION
            p[j].l[k].cur = p[j].l[k].saved; p[j].l[k].saved = 0;
            if :: p[j].l[k].cur -> skip :: else -> p[j].l[k].age = 0; p[j].l[k].need = 0 fi;
#else
            forgetWatch(j, k);
#endif
#ifdef WITHOUT_PROCESS_OF_A_LOCK
            if :: p[j].l[k].dead >= nextId -> skip :: else -> p[j].l[k].dead = 0; p[j].l[k].wait = 0 fi;   /* ids that are issued again */
#elif !defined(WITHOUT_SERVER_OF_A_LOCK)
            p[j].l[k].dead = 0; p[j].l[k].wait = 0;
#endif
#if defined(ON_SESSION_END) && !defined(WITHOUT_HISTORY_OF_A_CLAIM)
            p[j].l[k].oldsid = 0;
#else
            p[j].l[k].past = (p[j].l[k].oldsid != 0);
            if :: p[j].l[k].past && !mayClaim(j, k) -> p[j].l[k].oldsid = 0; p[j].l[k].past = 0 :: else -> skip fi;
#endif
            dropTerm(j, k)
        }
    }
}
inline byHand() {                               /* triggers tell the session that held the row before */
    h = el[0].holder;
    if :: h != 0 && b[h].alive -> b[h].disturbed = 1 :: else -> skip fi;
    el[0].own = 0
}
inline doneByHand() { changed(0); settleRow(h); h = 0; j = 0 }
#define handFree  (el[0].exists && el[0].lockedBy == 0)

active proctype Faults() {
end:
    do
    :: false -> skip
#ifdef KILL
    :: d_step { faults > 0 && p[0].conn == OPEN && !b[p[0].sid].stuck -> blame(); endBackend(p[0].sid); printf("FAULT     the server ends the session of 0\n") }
    :: d_step { faults > 0 && p[1].conn == OPEN && !b[p[1].sid].stuck && BEATS -> blame(); endBackend(p[1].sid); printf("FAULT     the server ends the session of 1\n") }
#endif
#ifdef GIVE_UP
    :: d_step { faults > 0 && awake(0) && p[0].conn == OPEN && p[0].asked != NONE && p[0].asked < CLOSING -> blame(); lose(0); printf("FAULT     0 loses an answer and gives its connection up\n") }
    :: d_step { faults > 0 && awake(1) && p[1].conn == OPEN && p[1].asked != NONE && p[1].asked < CLOSING -> blame(); lose(1); printf("FAULT     1 loses an answer and gives its connection up\n") }
#endif
#ifdef CRASH
    :: d_step { faults > 0 -> blame(); loseServer(); printf("FAULT     the server crashes and recovers; its postmaster has not started anew\n") }
#endif
#ifdef RESTART
    :: d_step { faults > 0 -> blame(); loseServer(); for (j : 1 .. S) { b[j].here = 0 }; anotherServer(); printf("FAULT     the server restarts\n") }
#endif
#ifdef PROMOTE
#ifdef WITHOUT_SERVER_OF_A_VERSION
#define savesVersions(e) for (j : 0 .. N-1) { p[j].l[e].saved = p[j].l[e].cur }
#else
#define savesVersions(e) skip
#endif
    :: d_step { faults > 0 && !lagging && timeline == 0 && CORNER -> faults--; lagging = 1; sbNext = nextId;
        for (j : 1 .. S) { sbs[j].exists = b[j].exists; sbs[j].left = b[j].left };
        for (k : 0 .. E-1) { sbe[k].exists = el[k].exists; sbe[k].holder = el[k].holder; sbe[k].term = el[k].term; sbe[k].own = el[k].own; sbe[k].rel = el[k].rel; sbe[k].hist = el[k].hist;
            savesVersions(k) };
        printf("FAULT     from here on commits do not reach the standby\n") }
    :: d_step { lagging && timeline == 0 -> leaderless[0] = 0; leaderless[E-1] = 0; timeline = 1; lineLeft = LEASE + 1;
        loseServer();
        for (k : 0 .. E-1) { el[k].exists = sbe[k].exists; el[k].holder = sbe[k].holder; el[k].term = sbe[k].term; el[k].own = sbe[k].own; el[k].rel = 0; el[k].hist = sbe[k].hist;
            sbe[k].exists = 0; sbe[k].holder = 0; sbe[k].term = 0; sbe[k].own = 0; sbe[k].rel = 0; sbe[k].hist = 0 };
        for (j : 1 .. S) { b[j].exists = sbs[j].exists; b[j].left = sbs[j].left; b[j].here = 0; sbs[j].exists = 0; sbs[j].left = 0 };
#ifdef WITHOUT_PROCESS_OF_A_LOCK
        nextId = sbNext;
#endif
        lagging = 0; sbNext = 0;
        anotherServer();
        printf("FAULT     the standby is promoted: holder %d, term %d\n", el[0].holder, el[0].term) }
#endif
#ifdef FORWARD
#ifdef ALL_HAVE_LOOKED
#define mayLeap   (el[0].holder != 0 && p[0].looked && p[1].looked && p[N-1].looked)
#else
#define mayLeap   (el[0].holder != 0 || lineLeft > 0)
#endif
    :: d_step { faults > 0 && mayLeap -> blame(); jump(-LEAP); printf("FAULT     the database's clock jumps forward by more than a lease\n") }
    :: d_step { faults > 0 && mayLeap -> blame(); jump(-2); printf("FAULT     the database's clock jumps forward a little\n") }
#endif
#ifdef BACK
    :: d_step { faults > 0 && !clockBack -> blame(); jump(LEAP); clockBack = 1; backAt[0] = taken[0]; backAt[E-1] = taken[E-1]; printf("FAULT     the database's clock jumps back by more than a lease\n") }
    :: d_step { faults > 0 && !clockBack -> blame(); jump(2); clockBack = 1; backAt[0] = taken[0]; backAt[E-1] = taken[E-1]; printf("FAULT     the database's clock jumps back a little\n") }
#endif
#ifdef DELETE_ELECTION
    :: d_step { faults > 0 && handFree && !fences(0) -> blame(); byHand(); el[0].exists = 0; el[0].holder = 0; el[0].term = 0; el[0].rel = 0; doneByHand();
        printf("FAULT     by hand: the row of election 0 is deleted\n") }
#endif
#ifdef DELETE_SESSION
    :: d_step { faults > 0 && el[0].holder != 0 && b[el[0].holder].exists -> blame(); b[el[0].holder].exists = 0; b[el[0].holder].left = 0; changed(0); changed(E-1);
        printf("FAULT     by hand: the row of session %d is deleted\n", el[0].holder) }
#endif
#ifdef EDIT_SESSION
    :: d_step { faults > 0 && el[0].holder != 0 && b[el[0].holder].exists -> blame(); b[el[0].holder].left = 0; b[el[0].holder].edited = 1; printf("FAULT     by hand: the lease of session %d is ended\n", el[0].holder) }
    :: d_step { faults > 0 && el[0].holder != 0 && b[el[0].holder].exists -> blame(); b[el[0].holder].left = LEAP; b[el[0].holder].edited = 1; printf("FAULT     by hand: the lease of session %d is lengthened\n", el[0].holder) }
#endif
#ifdef EDIT
    :: d_step { faults > 0 && handFree && el[0].holder != 0 -> blame(); byHand(); el[0].holder = 0; doneByHand(); printf("FAULT     by hand: the row of election 0 is emptied\n") }
    :: d_step { faults > 0 && handFree && el[0].holder != 0 -> blame(); byHand(); el[0].holder = 0; el[0].rel = 1; doneByHand(); printf("FAULT     by hand: the row of election 0 is made to look vacated\n") }
#define editHolder(s) :: d_step { faults > 0 && handFree && s < nextId && el[0].holder != s -> blame(); byHand(); el[0].holder = s; doneByHand(); printf("FAULT     by hand: the row of election 0 is given to session %d\n", s) }
    editHolder(1)
    editHolder(2)
#if S >= 3
    editHolder(3)
#endif
#endif
#ifdef EDIT_TERM
    :: d_step { faults > 0 && handFree && !fences(0) && el[0].term > 1 -> blame(); byHand(); el[0].term = el[0].term - 1; doneByHand(); printf("FAULT     by hand: the term of election 0 is set to %d\n", el[0].term) }
#endif
#ifdef RESTORE
#ifdef WITHOUT_XMIN_IN_THE_VERSION
#define sameAgain(i) p[i].l[0].cur = p[i].l[0].was; p[i].l[0].was = 0
#else
#define sameAgain(i) skip
#endif
    :: d_step { faults > 0 && handFree && taken[0] > 1 && !fences(0) -> blame(); byHand(); el[0].holder = prevHolder; el[0].term = prevTerm; el[0].rel = (prevHolder == 0); doneByHand();
        for (k : 0 .. N-1) { sameAgain(k) };
        printf("FAULT     by hand: an older row of election 0 is put back: holder %d, term %d\n", prevHolder, prevTerm) }
#endif
#ifdef DROP
    :: d_step { faults > 0 && el[0].lockedBy == 0 && !fences(0) -> blame(); el[0].exists = 0; el[0].holder = 0; el[0].term = 0; el[0].own = 0; el[0].rel = 0; el[0].hist = 0;
        for (k : 1 .. S) { b[k].exists = 0; b[k].left = 0; b[k].disturbed = 0 }; changed(0); j = 0; printf("FAULT     by hand: all tables are dropped and migrated anew\n") }
#endif
#ifdef UNLOCK
    :: d_step { faults > 0 && p[0].conn == OPEN -> blame(); b[p[0].sid].unlocked = 1; printf("FAULT     session %d loses its lock and lives on\n", p[0].sid) }
    :: d_step { faults > 0 && p[0].conn == OPEN -> blame(); b[p[0].sid].unlocked = 1; b[p[0].sid].unmarked = 1; printf("FAULT     session %d is reset, and lives on\n", p[0].sid) }
#endif
#ifdef NOTIFY_STUCK
    :: d_step { faults > 0 && !notifyStuck -> blame(); notifyStuck = 1; printf("FAULT     another backend is stuck with the lock of all commits that notify\n") }
#endif
#ifdef STUCK
    :: d_step { faults > 0 && p[0].conn == OPEN -> blame(); b[p[0].sid].stuck = 1; printf("FAULT     the backend of 0 is stuck for good\n") }
    :: d_step { faults > 0 && p[1].conn == OPEN -> blame(); b[p[1].sid].stuck = 1; printf("FAULT     the backend of 1 is stuck for good\n") }
#endif
#ifdef STUCK_ROW
#ifdef LIVE
#define getsStuck(n) b[n].stuck = 1
#else
#define getsStuck(n) skip
#endif
#define writesRow(i) (p[i].asked == VACATE || p[i].asked == DETACH || (p[i].asked == TAKE && (!el[b[p[i].sid].x].exists || el[b[p[i].sid].x].holder == 0 || el[b[p[i].sid].x].holder == p[i].sid)))
#define stuckRow(i) :: d_step { faults > 0 && p[i].conn == OPEN && writesRow(i) && !b[p[i].sid].done && el[b[p[i].sid].x].lockedBy == 0 -> \
        blame(); getsStuck(p[i].sid); b[p[i].sid].locker = 1; el[b[p[i].sid].x].lockedBy = p[i].sid; printf("FAULT     the backend of %d is stuck in statement %d, with the election's row locked\n", i, p[i].asked) }
    stuckRow(0)
    stuckRow(1)
#endif
#ifdef WORK_STUCK
    :: d_step { faults > 0 && p[0].l[0].works && workStuck == 0 -> blame(); workStuck = 1; if :: p[0].l[0].st == LEAD -> resign(0, 0) :: else -> skip fi; printf("FAULT     the work of 0 in election 0 never returns\n") }
    :: d_step { faults > 0 && p[1].l[0].works && workStuck == 0 -> blame(); workStuck = 2; if :: p[1].l[0].st == LEAD -> resign(1, 0) :: else -> skip fi; printf("FAULT     the work of 1 in election 0 never returns\n") }
#endif
#ifdef FREEZE
#define dies(i) p[i].frozen = 1; p[i].gone = 1; for (k : 0 .. E-1) { p[i].l[k].bel = 0; p[i].l[k].works = 0; p[i].l[k].fenced = 0 }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen -> blame(); p[0].frozen = 1; printf("FAULT     0 is frozen\n") }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen -> blame(); p[1].frozen = 1; printf("FAULT     1 is frozen\n") }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen -> blame(); dies(0); printf("FAULT     the machine of 0 dies; its backend lives on\n") }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen -> blame(); dies(1); printf("FAULT     the machine of 1 dies; its backend lives on\n") }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen && p[0].conn == OPEN -> blame(); dies(0); endBackend(p[0].sid); printf("FAULT     0 dies\n") }
    :: d_step { faults > 0 && !p[0].frozen && !p[1].frozen && p[1].conn == OPEN -> blame(); dies(1); endBackend(p[1].sid); printf("FAULT     1 dies\n") }
#endif
    od
}

#ifdef PROGRESS
ltl someoneLeadsForGood { <>[] leads(0) }
#endif
