package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Deadline;
import dev.pgleader.internal.election.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done at once when the trust in a leadership runs out or when it has ended: quick actions of ours, run by
 * whoever finds out. Thread-safe and without locks, as its callers are the watchdog, the loop and users.
 *
 * <p>An alarm sounds once for each deadline, since a heartbeat that is answered brings another deadline and thereby arms it
 * again. The loss may follow at any moment, even before the action has begun.
 *
 * <p>An action that throws keeps no other from being done; whoever comes by as the watchdog asks for the {@link #failure}s.
 */
final class Alarms {

    private final Ticker ticker;
    private final Trust trust;
    private final AtomicReference<List<Alarm>> alarms = new AtomicReference<>(List.of());
    private final AtomicReference<@Nullable List<Runnable>> whenOver = new AtomicReference<>(List.of());
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean settled;

    Alarms(Ticker ticker, Trust trust) {
        this.ticker = ticker;
        this.trust = trust;
    }

    /** One alarm, and the deadline for which it has sounded last. */
    private record Alarm(Duration beforeEnd, Runnable quick, AtomicReference<@Nullable Deadline> soundedFor) {

        boolean isArmedFor(Deadline end) {
            return !end.equals(soundedFor.get());
        }

        Deadline dueBefore(Deadline end) {
            return new Deadline(end.at().plus(beforeEnd.negated()));
        }
    }

    /** Adds an alarm, which sounds here and now if it is due; what it throws then is thrown on. */
    void add(Duration beforeEnd, Runnable quick) {
        Alarm alarm = new Alarm(beforeEnd, quick, new AtomicReference<>());
        alarms.updateAndGet(before -> {
            List<Alarm> after = new ArrayList<>(before);
            after.add(alarm);
            after.sort(Comparator.comparing(Alarm::beforeEnd).reversed());
            return List.copyOf(after);
        });
        if (isToSound(alarm, ticker.read())) {
            quick.run();
        }
    }

    /**
     * Sounds what is due and has not sounded for this deadline yet, the longest notice first; returns the nanoseconds until
     * something is due again.
     */
    long sound(Reading now) {
        if (trust.isOver(now)) {
            return Long.MAX_VALUE;
        }
        for (Alarm alarm : registered()) {
            if (isToSound(alarm, now)) {
                attempt(alarm.quick());
            }
        }
        return Math.max(1, nextDue().remaining(now).toNanos());
    }

    private List<Alarm> registered() {
        return Objects.requireNonNull(alarms.get());
    }

    /** Decides once for each alarm and deadline. */
    private boolean isToSound(Alarm alarm, Reading now) {
        // Read before the deadline, so that whoever is slow cannot sound it for one that is older.
        Deadline last = alarm.soundedFor().get();
        Deadline end = trust.deadline();
        return !end.equals(last)
                && alarm.dueBefore(end).isPast(now)
                && !trust.isOver(now)
                && alarm.soundedFor().compareAndSet(last, end);
    }

    /** Returns whether another deadline in the place of this one makes something due that was done with. */
    boolean haveSoundedFor(Deadline end) {
        for (Alarm alarm : registered()) {
            if (!alarm.isArmedFor(end)) {
                return true;
            }
        }
        return false;
    }

    /** Returns when the next alarm is due, or the end where none comes before it. */
    Deadline nextDue() {
        Deadline end = trust.deadline();
        for (Alarm alarm : registered()) {
            if (alarm.isArmedFor(end)) {
                return alarm.dueBefore(end);
            }
        }
        return end;
    }

    /** Has this done when the leadership ends, or here and now if it has; what it throws then is thrown on. */
    void whenOver(Runnable quick) {
        while (true) {
            List<Runnable> before = whenOver.get();
            if (before == null) {
                quick.run();
                return;
            }
            List<Runnable> after = new ArrayList<>(before);
            after.add(quick);
            if (whenOver.compareAndSet(before, List.copyOf(after))) {
                return;
            }
        }
    }

    /** Does not do this any more: neither as an alarm nor at the end. It may be under way. */
    void forget(Runnable quick) {
        alarms.updateAndGet(before ->
                before.stream().filter(alarm -> alarm.quick() != quick).toList());
        whenOver.updateAndGet(before -> before == null
                ? null
                : before.stream().filter(registered -> registered != quick).toList());
    }

    /** Does what was to be done at the end. To be called once. */
    void end() {
        try {
            List<Runnable> registered = whenOver.getAndSet(null);
            if (registered != null) {
                registered.forEach(this::attempt);
            }
        } finally {
            settled = true;
        }
    }

    private void attempt(Runnable quick) {
        try {
            quick.run();
        } catch (Throwable thrown) {
            failures.add(thrown);
        }
    }

    /** Returns whether all is done, nothing will be due any more, and nobody needs to be told of a failure. */
    boolean isSettled() {
        return settled && failures.isEmpty();
    }

    /** Takes one of the exceptions that the actions have thrown. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failures.poll());
    }
}
