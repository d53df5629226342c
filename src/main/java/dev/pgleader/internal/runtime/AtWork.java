package dev.pgleader.internal.runtime;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The leaderships whose work the current thread does, so that nobody waits for himself: one on a callback thread; on a thread
 * that campaigns while it is at work already, one inside the other.
 *
 * @param tenancy the leadership
 * @param interrupted whether this thread has been interrupted on its behalf
 * @param outer the work in the midst of which this one began
 */
record AtWork(Tenancy tenancy, BooleanSupplier interrupted, @Nullable AtWork outer) {

    private static final ThreadLocal<@Nullable AtWork> INNERMOST = new ThreadLocal<>();

    /** Says that the current thread begins the work of a leadership. */
    static void begin(Tenancy tenancy, BooleanSupplier interrupted) {
        INNERMOST.set(new AtWork(tenancy, interrupted, INNERMOST.get()));
    }

    /** Says that the work that began last is over. */
    static void end() {
        AtWork ended = INNERMOST.get();
        if (ended == null || ended.outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(ended.outer);
        }
    }

    /** Returns the leadership whose work began last. */
    static Optional<Tenancy> innermost() {
        return Optional.ofNullable(INNERMOST.get()).map(AtWork::tenancy);
    }

    /** Returns whether the current thread does the work of such a leadership. */
    static boolean isOf(Predicate<Tenancy> one) {
        return isAny(each -> one.test(each.tenancy));
    }

    /** Returns whether the current thread has been interrupted on behalf of any of them. */
    static boolean isInterrupted() {
        return isAny(each -> each.interrupted.getAsBoolean());
    }

    private static boolean isAny(Predicate<AtWork> one) {
        for (AtWork each = INNERMOST.get(); each != null; each = each.outer) {
            if (one.test(each)) {
                return true;
            }
        }
        return false;
    }
}
