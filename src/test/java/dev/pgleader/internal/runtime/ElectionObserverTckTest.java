package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.ElectionObserver;
import dev.pgleader.ElectionState;
import dev.pgleader.internal.election.Phase;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Sighting;
import dev.pgleader.testing.Leftovers;
import dev.pgleader.testing.PublisherRules;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** An observer is a publisher by all the rules of Reactive Streams; it is the real one, with its thread, without a database. */
class ElectionObserverTckTest {

    private static final long PATIENCE_SECONDS = 60;

    /** Makes the publisher. */
    public static class Observing extends FlowPublisherVerification<ElectionState> {

        private static final long PATIENCE_MS = 1000;
        private static final long SILENCE_MS = 50;
        private static final long COLLECTION_MS = 500;

        private final Ticker ticker = Ticker.system();
        private final Gallery gallery = new Gallery(ticker);

        /** For TestNG. */
        public Observing() {
            super(new TestEnvironment(PATIENCE_MS, SILENCE_MS), COLLECTION_MS);
        }

        @Override
        public Flow.Publisher<ElectionState> createFlowPublisher(long elements) {
            ObservedElection observed =
                    new ObservedElection("orders", ObservedElection.Self.NOBODY, ticker, Course.LEASE, Course.LEASE);
            return new Course(observed, gallery.admit(observed, () -> {}), ticker, elements);
        }

        /** There is none: an observer never fails. */
        @Override
        public Flow.@Nullable Publisher<ElectionState> createFailedFlowPublisher() {
            return null;
        }

        /** For TestNG: ends the thread. */
        @AfterClass
        public void end() {
            gallery.end();
        }
    }

    /**
     * An election that gets another leader as soon as everybody who subscribed has heard of the one before, so that nothing is
     * passed over, and whose observer is closed when it has told so many states. Adds no signal and takes none away.
     * Thread-safe.
     */
    private static final class Course implements Flow.Publisher<ElectionState> {

        static final Duration LEASE = Duration.ofHours(1);

        private final ObservedElection observed;
        private final ElectionObserver observer;
        private final Ticker ticker;
        private final Set<Relay> subscribed = new HashSet<>();
        private final Set<Relay> behind = new HashSet<>();
        private long left;
        private long term;

        Course(ObservedElection observed, ElectionObserver observer, Ticker ticker, long elements) {
            this.observed = observed;
            this.observer = observer;
            this.ticker = ticker;
            this.left = elements;
            if (elements == 0) {
                observer.close();
            }
        }

        /** The kit tries null as well, which is the observer's to refuse. */
        @Override
        @SuppressWarnings("NullAway")
        public void subscribe(Flow.@Nullable Subscriber<? super ElectionState> subscriber) {
            if (subscriber == null) {
                observer.subscribe(subscriber);
            } else {
                Relay relay = new Relay(this, subscriber);
                join(relay);
                observer.subscribe(relay);
            }
        }

        private synchronized void join(Relay relay) {
            subscribed.add(relay);
            behind.add(relay);
        }

        synchronized void leave(Relay relay) {
            subscribed.remove(relay);
            heard(relay);
        }

        synchronized void heard(Relay relay) {
            if (behind.remove(relay) && behind.isEmpty() && !subscribed.isEmpty()) {
                left--;
                if (left == 0) {
                    observer.close();
                } else {
                    term++;
                    behind.addAll(subscribed);
                    observed.saw(leader());
                }
            }
        }

        private Sighting leader() {
            Reading now = ticker.read();
            return Looks.leader(term, Phase.LEADING, LEASE, LEASE, now, now);
        }
    }

    /** Passes everything on, and tells the course of it. */
    private record Relay(Course course, Flow.Subscriber<? super ElectionState> to)
            implements Flow.Subscriber<ElectionState> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long more) {
                    subscription.request(more);
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                    course.leave(Relay.this);
                }
            });
        }

        @Override
        public void onNext(ElectionState state) {
            to.onNext(state);
            course.heard(this);
        }

        @Override
        public void onError(Throwable failure) {
            course.leave(this);
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }

    @TestFactory
    Stream<DynamicTest> observer_keepsTheRulesOfReactiveStreams() {
        return PublisherRules.check(Observing.class).tests();
    }

    /** Remembers on which thread it was told what. */
    private static final class Notes implements Flow.Subscriber<ElectionState> {

        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        final CompletableFuture<String> toldOn = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription made) {
            subscription.complete(made);
        }

        @Override
        public void onNext(ElectionState state) {
            toldOn.complete(Thread.currentThread().getName());
        }

        @Override
        public void onError(Throwable failure) {
            toldOn.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void askedForMoreThanThereAreNumbers_isTold_notOnTheThreadThatAsked() throws Exception {
        Observing observing = new Observing();
        Notes notes = new Notes();
        observing.createFlowPublisher(Long.MAX_VALUE).subscribe(notes);
        Flow.Subscription subscription = notes.subscription.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        // Nothing is there to be told until the observer's own thread finds it, whatever has been asked for by then.
        subscription.request(Long.MAX_VALUE - 1);
        subscription.request(Long.MAX_VALUE);

        assertEquals("pgleader-observer", notes.toldOn.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        observing.end();
    }

    @AfterEach
    void expectNoThread() {
        Leftovers.expectNoThreads();
    }
}
