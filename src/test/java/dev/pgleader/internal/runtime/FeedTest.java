package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Looks.TERM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.ElectionState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A subscriber is told no more than it asks for, the latest first of all, and nothing once it has had enough. */
class FeedTest {

    private final Stage stage = new Stage();
    private final Dispatch dispatch = stage.dispatch;
    private final RecordedSubscriber subscriber = new RecordedSubscriber(0);
    private final Feed feed = new Feed(subscriber, dispatch);

    // What is asked for

    @Test
    void nothingAskedFor_nothingIsTold() {
        feed.begin();
        feed.offer(term(1));
        dispatch.turn();

        assertEquals(feed, subscriber.subscription());
        assertEquals(List.of(), subscriber.told);
        assertFalse(feed.isOver());
    }

    @Test
    void askedFor_isToldByTheNextTurn_andNotByWhoeverAsked() {
        feed.begin();
        feed.offer(term(1));

        feed.request(1);
        assertEquals(List.of(), subscriber.told);

        dispatch.turn();
        assertEquals(told(1), subscriber.told);
    }

    @Test
    void askedForSoMany_isToldSoMany_andTheRestWhenItAsksAgain() {
        feed.begin();
        turnAfter(() -> feed.request(1));
        turnAfter(() -> feed.request(1));
        feed.offer(term(1));
        feed.offer(term(2));
        feed.offer(term(3));
        assertEquals(told(1, 2), subscriber.told);

        turnAfter(() -> feed.request(1));

        assertEquals(told(1, 2, 3), subscriber.told);
    }

    @Test
    void nothingAskedForMeanwhile_onlyTheLatestIsTold_andCountsAsOne() {
        feed.begin();
        IntStream.rangeClosed(1, 9).forEach(each -> feed.offer(term(each)));

        turnAfter(() -> feed.request(2));
        feed.offer(term(10));
        feed.offer(term(11));

        assertEquals(told(9, 10), subscriber.told);
    }

    @Test
    void whatWasTold_isNotToldAgain() {
        feed.begin();
        turnAfter(() -> feed.request(1));
        feed.offer(term(1));

        turnAfter(() -> feed.request(5));

        assertEquals(told(1), subscriber.told);
    }

    @Test
    void askedForWithoutBound_isToldEverything_howeverOftenItAsks() {
        feed.begin();
        for (long more : List.of(Long.MAX_VALUE - 1, 5L, Long.MAX_VALUE)) {
            turnAfter(() -> feed.request(more));
        }

        IntStream.rangeClosed(1, 50).forEach(each -> feed.offer(term(each)));

        assertEquals(50, subscriber.told.size());
    }

    @Test
    void askedForMoreWhileItIsTold_isNotToldBeforeItHasReturned_howeverLongThatGoesOn() {
        int all = 20_000;
        List<String> order = new ArrayList<>();
        feed.begin();
        subscriber.whenTold = () -> {
            int count = subscriber.told.size();
            if (count < all) {
                dispatch.execute(() -> feed.offer(term(count)));
                feed.request(1);
            }
            order.add("returned");
            assertEquals(subscriber.told.size(), order.size(), "told while it was being told");
        };
        feed.offer(term(0));

        feed.request(1);
        for (int turns = 0; turns < all * 2 && subscriber.told.size() < all; turns++) {
            dispatch.turn();
        }

        assertEquals(all, order.size());
    }

    // What ends it

    @Test
    void cancelled_isToldNothing_whateverWaitedAndWhateverItAsksFor() {
        feed.begin();
        feed.offer(term(1));
        feed.request(1);

        feed.cancel();
        feed.cancel();
        feed.request(1);
        turnAfter(() -> feed.request(0));
        feed.offer(term(2));
        feed.complete();

        assertEquals(List.of(), subscriber.told);
        assertTrue(feed.isOver());
    }

    @Test
    void cancelledWhileItIsTold_thatWasTheLast() {
        feed.begin();
        subscriber.whenTold = feed::cancel;
        turnAfter(() -> feed.request(Long.MAX_VALUE));

        feed.offer(term(1));
        feed.offer(term(2));

        assertEquals(told(1), subscriber.told);
    }

    @Test
    void askedForNothingOrLess_isToldThatThisIsWrong_byTheNextTurn_andNothingMore() {
        for (long wrong : List.of(0L, -1L, Long.MIN_VALUE)) {
            RecordedSubscriber each = new RecordedSubscriber(0);
            Feed wronged = new Feed(each, dispatch);
            wronged.begin();
            wronged.offer(term(1));

            wronged.request(wrong);
            wronged.request(1);
            assertEquals(List.of(), each.told);
            dispatch.turn();
            wronged.complete();

            assertEquals(
                    List.of("asked for " + wrong + " states; rule 3.9 of Reactive Streams wants a positive number"),
                    each.told);
            assertTrue(wronged.isOver());
        }
    }

    @Test
    void complete_isToldOnce_andWhatWaitedIsNotToldAnyMore() {
        feed.begin();
        feed.offer(term(1));

        feed.complete();
        feed.complete();
        turnAfter(() -> feed.request(1));
        feed.offer(term(2));

        assertEquals(List.of("complete"), subscriber.told);
        assertTrue(feed.isOver());
    }

    // Subscribers that fail

    @Test
    void subscriberThatFails_inWhateverItIsTold_isLoggedOnce_andToldNothingMore() {
        List<Consumer<Feed>> everySignal = List.of(
                Feed::begin,
                failing -> failing.offer(term(1)),
                failing -> turnAfter(() -> failing.request(0)),
                Feed::complete);
        for (Consumer<Feed> signal : everySignal) {
            Failing failing = new Failing();
            Feed failed = new Feed(failing, dispatch);
            turnAfter(() -> failed.request(5));

            try (CapturedLog log = new CapturedLog()) {
                signal.accept(failed);
                failed.offer(term(2));
                failed.complete();

                assertEquals(1, log.lines("a subscriber failed").size());
            }
            assertEquals(1, failing.told);
            assertTrue(failed.isOver());
        }
    }

    /** A subscriber that fails, whatever it is told. */
    private static final class Failing implements Flow.Subscriber<ElectionState> {

        private int told;

        private void fail() {
            told++;
            throw new AssertionError("planted");
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            fail();
        }

        @Override
        public void onNext(ElectionState state) {
            fail();
        }

        @Override
        public void onError(Throwable why) {
            fail();
        }

        @Override
        public void onComplete() {
            fail();
        }
    }

    private void turnAfter(Runnable event) {
        stage.turnAfter(event);
    }

    /** Returns that there is a leader, another one for each number. */
    private ElectionState term(int number) {
        stage.observed.saw(stage.looks.leader(TERM + number));
        return stage.observed.state();
    }

    private static List<String> told(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(each -> "follower of there (leading, term " + (TERM + each) + ")")
                .toList();
    }
}
