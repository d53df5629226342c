package dev.pgleader.simulation;

import dev.pgleader.FollowerReason;
import dev.pgleader.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One ticket, and what its user knows of it. */
final class Slip {

    /** What was asked for. */
    enum Kind {
        /** Whether leading is certain for a while. */
        CLAIM,
        /** The begin of leading. */
        START,
        /** The end of leading for certain. */
        END
    }

    final TicketHolder holder;
    final Kind kind;

    /** The newest leadership when it was asked for. */
    final Optional<Reign> reign;

    final long askedNanos;
    private final int number;
    private final Ticket<?> ticket;
    private @Nullable Object answer;
    private @Nullable Object told;
    private int turns;

    Slip(TicketHolder holder, int number, Kind kind, Optional<Reign> reign, Ticket<?> ticket) {
        this.holder = holder;
        this.number = number;
        this.kind = kind;
        this.reign = reign;
        this.ticket = ticket;
        this.askedNanos = holder.world().now();
    }

    /** Has its user told when it is answered. */
    void await() {
        ticket.ready().whenComplete((value, failure) -> told(value));
    }

    private void told(@Nullable Object value) {
        if (told != null || value == null || !value.equals(now())) {
            holder.object(this + " is told " + value + " after " + told);
        }
        told = value;
    }

    /** Looks whether it is answered, and whether the answer is still the same. */
    boolean look() {
        Object now = now();
        if (answer != null && !answer.equals(now)) {
            holder.object(this + " was answered " + answer + ", and now " + now);
        }
        boolean first = answer == null && now != null;
        answer = now;
        return first;
    }

    private @Nullable Object now() {
        try {
            return ticket.await(Duration.ZERO);
        } catch (TimeoutException open) {
            return null;
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    int number() {
        return number;
    }

    boolean isOpen() {
        return answer == null;
    }

    boolean isTold() {
        return told != null;
    }

    /** Returns whether the answer is yes. */
    boolean isYes() {
        return Boolean.TRUE.equals(answer);
    }

    /** Returns the answer of one that waits for the end. */
    FollowerReason reason() {
        if (answer instanceof FollowerReason reason) {
            return reason;
        }
        throw new IllegalStateException(this + " was answered " + answer);
    }

    /** Another turn of the loop is over; returns how many have been since it was asked for. */
    int turn() {
        return ++turns;
    }

    /** Returns whether it was answered when it was asked for. */
    boolean isAnsweredAtOnce() {
        return answer != null && turns == 0 && holder.world().now() == askedNanos;
    }

    @Override
    public String toString() {
        return "ticket " + number + " (" + kind + ") of " + holder;
    }
}
