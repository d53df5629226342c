package dev.pgleader;

import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Watches an election without standing in it: writes nothing, and keeps nobody from leading. Any number of observers share
 * the session and the one look of their {@link Elections}; a thousand of them cost what one costs.
 *
 * <p>Thread-safe.
 *
 * <p><b>What is a change.</b> Another state, leader, term or phase. That a leader has renewed its lease is none. Changes are
 * told in the order in which they came. What lasts shorter than it takes to look may be passed over; the latest never is. A
 * lost notification of the database delays a change by one {@linkplain ElectionConfig#retryInterval() retry interval}.
 *
 * <p><b>On which thread.</b> Listeners and subscribers of all observers of one {@link Elections} are called one after the
 * other on its thread {@code pgleader-observer}, so they should return soon: one that blocks keeps the others, and {@link
 * #awaitChange}, from hearing of anything. {@link #state()} needs no such thread. One that throws is logged; a subscriber that
 * throws is not called again.
 */
public interface ElectionObserver extends AutoCloseable, Flow.Publisher<ElectionState> {

    /** {@return the election} */
    String election();

    /**
     * Returns what is known, without asking anybody, judged at this moment: a leader whose lease has run out is not
     * reported, even while the database hangs. What is not known is {@link ElectionState.State#UNKNOWN}: before the first
     * look, after {@link #close()}, when the last look is older than the leader's lease (or, where nobody led, than one's
     * own), and for the few milliseconds between the end of a lease and the answer of the look that goes out then. Of that
     * last, short one nobody is told.
     *
     * @return the last known state
     */
    ElectionState state();

    /**
     * Waits until something has changed since a call of this method last returned true, at first since this observer was
     * made. Changes that have come together count as one. Made for one thread; others take observers of their own.
     *
     * @param atMost how long to wait
     * @return true if something has changed; false if the time was up, or this observer is closed
     * @throws InterruptedException if this thread was interrupted while it waited
     */
    boolean awaitChange(Duration atMost) throws InterruptedException;

    /**
     * Has {@code listener} told the present state, and then every change, until this observer is closed. A listener that is
     * slow hears of every change that was found meanwhile, in order.
     *
     * @param listener told each state
     */
    void onChange(Consumer<ElectionState> listener);

    /**
     * Tells {@code subscriber} the present state, and then changes, as fast as it asks for them: of the changes that come
     * while it does not ask only the latest is kept. Completes when this observer is closed, and never fails.
     *
     * @param subscriber who is told
     * @throws NullPointerException if there is none
     */
    @Override
    void subscribe(Flow.Subscriber<? super ElectionState> subscriber);

    /** Stops watching, completes subscribers, and lets those who wait go. Does not wait for a listener that is running. */
    @Override
    void close();
}
