package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** The compatibility kit passes a sound publisher, and finds what is wrong with others. */
class PublisherRulesTest {

    private static final long SHORT_MS = 50;

    /** A publisher for each subscriber, the JDK's own. */
    public static class Sound extends FlowPublisherVerification<Long> {

        private static final long SILENCE_MS = 50;
        private static final int BUFFER = 4;

        private volatile boolean over;

        /** For TestNG. */
        public Sound() {
            this(500);
        }

        /** Waits so long for what is to come; little where it does not. */
        Sound(long patienceMs) {
            super(new TestEnvironment(patienceMs, SILENCE_MS));
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return subscriber -> {
                Objects.requireNonNull(subscriber);
                SubmissionPublisher<Long> publisher = new SubmissionPublisher<>(Sound::start, BUFFER);
                publisher.subscribe(told(subscriber));
                start(() -> feed(publisher, elements));
            };
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "publisher");
            thread.setDaemon(true);
            thread.start();
        }

        /** Waits for room, but not for ever: there are subscribers who neither ask nor cancel. */
        private void feed(SubmissionPublisher<Long> publisher, long elements) {
            long next = 0;
            while (next < elements && publisher.hasSubscribers() && !over) {
                boolean taken = publisher.offer(next, SILENCE_MS, TimeUnit.MILLISECONDS, null) >= 0;
                next += taken ? 1 : 0;
            }
            publisher.close();
        }

        /** For TestNG: ends who is still waiting. */
        @AfterClass
        public void end() {
            over = true;
        }

        /** Returns who is told in place of the subscriber, so that others can tell it something else. */
        Flow.Subscriber<? super Long> told(Flow.Subscriber<? super Long> subscriber) {
            return subscriber;
        }

        @Override
        public Flow.@Nullable Publisher<Long> createFailedFlowPublisher() {
            return null;
        }
    }

    /** Tells what it is told. */
    private static class Relay implements Flow.Subscriber<Long> {

        private final Flow.Subscriber<? super Long> to;

        Relay(Flow.Subscriber<? super Long> to) {
            this.to = to;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(Long element) {
            to.onNext(element);
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }

    /** Signals each element twice, whatever was asked for. */
    public static final class Pushing extends Sound {
        @Override
        Flow.Subscriber<? super Long> told(Flow.Subscriber<? super Long> subscriber) {
            return new Relay(subscriber) {
                @Override
                public void onNext(Long element) {
                    super.onNext(element);
                    super.onNext(element);
                }
            };
        }
    }

    /** Asks for itself, and tells its subscriber of no subscription. */
    public static final class Unannounced extends Sound {
        /** For TestNG. */
        public Unannounced() {
            super(SHORT_MS);
        }

        @Override
        Flow.Subscriber<? super Long> told(Flow.Subscriber<? super Long> subscriber) {
            return new Relay(subscriber) {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }
            };
        }
    }

    /** Accepts null for a subscriber. */
    public static final class Lenient extends Sound {
        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            Flow.Publisher<Long> strict = super.createFlowPublisher(elements);
            return (Flow.@Nullable Subscriber<? super Long> subscriber) -> {
                if (subscriber != null) {
                    strict.subscribe(subscriber);
                }
            };
        }
    }

    /** Does not say that it is at its end. */
    public static final class Endless extends Sound {
        /** For TestNG. */
        public Endless() {
            super(SHORT_MS);
        }

        @Override
        Flow.Subscriber<? super Long> told(Flow.Subscriber<? super Long> subscriber) {
            return new Relay(subscriber) {
                @Override
                public void onComplete() {}
            };
        }
    }

    /** Gives one element at most, so that there is nothing to check many rules with. */
    public static final class Brief extends Sound {
        @Override
        public long maxElementsFromPublisher() {
            return 1;
        }
    }

    @TestFactory
    Stream<DynamicTest> soundPublisher_keepsTheRules() {
        return PublisherRules.check(Sound.class).tests();
    }

    @Test
    void moreSignalledThanAskedFor_isFound() {
        assertFound(
                Pushing.class, "required_spec101_subscriptionRequestMustResultInTheCorrectNumberOfProducedElements");
    }

    @Test
    void noSubscriptionSignalled_isFound() {
        assertFound(Unannounced.class, "required_spec109_mustIssueOnSubscribeForNonNullSubscriber");
    }

    @Test
    void nullSubscriberAccepted_isFound() {
        assertEquals(
                List.of("required_spec109_subscribeThrowNPEOnNullSubscriber"),
                PublisherRules.check(Lenient.class).broken());
    }

    @Test
    void endNotSignalled_isFound() {
        assertFound(Endless.class, "required_spec105_mustSignalOnCompleteWhenFiniteStreamTerminates");
    }

    @Test
    void requiredRuleNotChecked_isFound() {
        PublisherRules rules = PublisherRules.check(Brief.class);

        DynamicTest last = rules.tests().reduce((former, latter) -> latter).orElseThrow();

        assertEquals(List.of(), rules.broken());
        AssertionError found = assertThrows(AssertionError.class, last.getExecutable());
        assertTrue(String.valueOf(found.getMessage()).contains("required_spec102"), found::getMessage);
    }

    private static void assertFound(Class<? extends Sound> wrong, String rule) {
        List<String> broken = PublisherRules.check(wrong).broken();

        assertTrue(broken.contains(rule), broken::toString);
    }
}
