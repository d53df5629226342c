package dev.pgleader.faults.race;

import dev.pgleader.faults.race.Tally.Count;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for two holders at once, and for terms out of order. Knows one clock only, this JVM's monotonic one, so that a busy
 * machine deceives nobody: what is told late is taken for later than it was, and what ends late ends late. Thread-safe.
 */
final class Judge {

    private static final int MOST_VIOLATIONS = 20;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A taking that was answered: its term is lower than that of every taking which was sent later. */
    private record Taking(long answeredAt, long term) {}

    private final Optional<Duration> afterSession;
    private final Tally tally;
    private final List<String> violations = new ArrayList<>();
    private final Map<String, List<Claim>> claims = new HashMap<>();
    private final Map<String, Deque<Taking>> takings = new HashMap<>();
    private final Map<String, Set<Long>> terms = new HashMap<>();

    Judge(Kind kind, Tally tally) {
        this.afterSession = kind.aloneAfterSession();
        this.tally = tally;
    }

    /** An election was won, by a statement that was sent at {@code sentAt}. */
    synchronized Claim won(int racer, String election, long term, Line line, long sentAt, long trustEnd) {
        Claim claim = new Claim(racer, election, term, line, trustEnd);
        if (!terms.computeIfAbsent(election, name -> new HashSet<>()).add(term)) {
            object(election + ": term " + term + " was issued twice");
        }
        requireOrder(election, term, sentAt);
        claims.computeIfAbsent(election, name -> new ArrayList<>()).add(claim);
        requireAlone(claim);
        return claim;
    }

    /** Its racer may believe in it until {@code trustEnd}. */
    synchronized void extended(Claim claim, long trustEnd) {
        claim.extend(trustEnd);
        requireAlone(claim);
    }

    /** Its work has returned at {@code at}. */
    synchronized void stopped(Claim claim, long at) {
        claim.stop(at);
    }

    private void requireOrder(String election, long term, long sentAt) {
        Deque<Taking> earlier = takings.computeIfAbsent(election, name -> new ArrayDeque<>());
        for (Taking taking : earlier) {
            if (taking.answeredAt() < sentAt && taking.term() >= term) {
                object(election + ": term " + term + " was taken after term " + taking.term());
                break;
            }
        }
        earlier.addFirst(new Taking(System.nanoTime(), term));
        if (earlier.size() > 100) {
            earlier.removeLast();
        }
    }

    private void requireAlone(Claim mine) {
        long now = System.nanoTime();
        Iterator<Claim> all = claims.getOrDefault(mine.election, List.of()).iterator();
        boolean held = mine.aloneUntil(afterSession) > now && mine.trustEnd() > now;
        while (all.hasNext()) {
            Claim other = all.next();
            long left = other.aloneUntil(afterSession) - now;
            if (left <= 0 && other != mine) {
                all.remove();
            } else if (held && other.racer != mine.racer) {
                tally.count(Count.DOUBLE_HOLDERS);
                object(mine.election + ": " + mine + " leads beside " + other + ", which may do so for another "
                        + left / NANOS_PER_MILLI + " ms");
            }
        }
    }

    /** Something is wrong. */
    synchronized void object(String what) {
        if (violations.size() < MOST_VIOLATIONS) {
            violations.add(what);
        }
    }

    /** Returns what was found, the first findings at least. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }
}
