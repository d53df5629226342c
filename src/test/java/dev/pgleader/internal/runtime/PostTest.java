package dev.pgleader.internal.runtime;

import static dev.pgleader.internal.runtime.Leaderships.TERM;
import static dev.pgleader.internal.runtime.Leaderships.TRUST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pgleader.LeadershipLostException;
import dev.pgleader.LossReason;
import dev.pgleader.ProcessState;
import dev.pgleader.Stint;
import dev.pgleader.testing.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a leadership gets from its callback thread to another that does the work: here, the test's own. */
@Timeout(30)
class PostTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Leaderships leaderships = new Leaderships();
    private final List<Thread> callbacks = new CopyOnWriteArrayList<>();
    private final Tenancy tenancy = leaderships.gained();

    @AfterEach
    void nothingIsLeftOver() throws InterruptedException {
        Thread.interrupted();
        tenancy.cancel(LossReason.CLOSED);
        for (Thread callback : callbacks) {
            callback.join();
        }
        assertFalse(AtWork.isOf(anybody -> true));
    }

    // Who gets it

    @Test
    void taken_workRunsOnThisThread_leadingFromTheBeginning() throws Exception {
        Post post = offered(tenancy);

        assertTrue(post.take());
        Thread worker = post.fill(leadership -> {
            assertSame(tenancy, leadership);
            assertEquals(ProcessState.LEADING, tenancy.phase());
            assertTrue(AtWork.isOf(tenancy::equals));
            return Thread.currentThread();
        });

        assertSame(Thread.currentThread(), worker);
        assertEquals(List.of("recovered"), leaderships.told);
    }

    @Test
    void lostBeforeItWasTaken_isWithdrawn_andTheCallbackReturns() throws Exception {
        Post post = offered(tenancy);

        tenancy.cancel(LossReason.SESSION_LOST);
        awaitStopped();

        assertFalse(post.take());
        assertEquals(List.of("stopped"), leaderships.told);
    }

    @Test
    void timeIsOver_beforeAnybodyHasCancelledIt_cannotBeTaken() throws Exception {
        Post post = offered(tenancy);

        leaderships.elapse(TRUST);

        assertFalse(post.take());
    }

    @Test
    void taken_cannotBeTakenAgain() throws Exception {
        Post post = taken(tenancy);

        assertFalse(post.take());

        post.fill(leadership -> true);
    }

    // How it ends

    @Test
    void lost_work_isInterrupted_andCountsAsRunningUntilItHasReturned() throws Exception {
        Post post = taken(tenancy);

        LeadershipLostException lost = lostIn(post, leadership -> {
            tenancy.cancel(LossReason.RESIGNED);
            awaitInterrupt();
            assertFalse(tenancy.work().hasStopped());
            throw new IOException("stops");
        });
        awaitStopped();

        assertEquals("orders", lost.election());
        assertEquals(TERM, lost.term());
        assertTrue(lost.getMessage().contains("RESIGNED"), lost.getMessage());
        assertInstanceOf(IOException.class, lost.getCause());
    }

    @Test
    void lost_workReturnsAllTheSame_resultDoesNotCount() throws Exception {
        Post post = taken(tenancy);

        LeadershipLostException lost = lostIn(post, leadership -> {
            tenancy.cancel(LossReason.DEPOSED);
            return "result";
        });

        assertTrue(lost.getMessage().contains("DEPOSED"), lost.getMessage());
        assertNull(lost.getCause());
    }

    @Test
    void timeOver_thoughNobodyHasInterruptedTheWork_resultDoesNotCount() throws Exception {
        Post post = taken(tenancy);

        LeadershipLostException lost = lostIn(post, leadership -> {
            leaderships.elapse(TRUST);
            return "result";
        });

        assertTrue(lost.getMessage().contains("EXPIRED"), lost.getMessage());
        assertFalse(Thread.interrupted());
    }

    @Test
    void returnedWhileHeld_lostAfterwards_resultStandsAndNobodyIsInterrupted() throws Exception {
        Post post = taken(tenancy);
        assertEquals("result", post.fill(leadership -> "result"));

        tenancy.cancel(LossReason.CLOSED);
        awaitStopped();

        assertFalse(Thread.interrupted());
    }

    @Test
    void workFails_whileHeld_sameObjectIsThrown() throws Exception {
        for (Throwable failure : List.of(new IOException("planted"), new AssertionError("planted"))) {
            Post post = taken(leaderships.gained());

            assertSame(failure, assertThrows(failure.getClass(), () -> post.fill(leadership -> failWith(failure))));
        }
    }

    // Interrupts

    @Test
    void lostWhileTheWorkReturns_nothingLeaks_overManyRounds() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            Tenancy fresh = leaderships.gained();
            Post post = taken(fresh);
            Thread losing = new Thread(() -> fresh.cancel(LossReason.SESSION_LOST), "losing");
            losing.start();
            int spins = round % 100 * 20;

            try {
                post.fill(leadership -> spin(spins));
            } catch (LeadershipLostException lost) {
                assertFalse(fresh.isHeld());
            }

            boolean leaked = Thread.interrupted();
            losing.join();
            callbacks.remove(callbacks.size() - 1).join();
            assertFalse(leaked || Thread.interrupted(), "round " + round);
        }
    }

    @Test
    void somebodyInterruptsTheCallbackThread_work_isLeftAlone() throws Exception {
        Post post = taken(tenancy);

        post.fill(leadership -> {
            Thread callback = callbacks.get(0);
            callback.interrupt();
            Waiting.until(BOUND, () -> !callback.isInterrupted(), () -> "does not notice");
            return true;
        });

        assertFalse(Thread.interrupted());
    }

    @Test
    void somebodyInterruptsTheWork_whileHeld_isTheirConcern() throws Exception {
        Post post = taken(tenancy);

        post.fill(leadership -> {
            Thread.currentThread().interrupt();
            return true;
        });

        assertTrue(Thread.interrupted());
    }

    @Test
    void somebodyInterruptsTheWork_whichStopsWhenItsTimeIsOver_isStillToBeHeard() throws Exception {
        Post post = taken(tenancy);

        LeadershipLostException lost = lostIn(post, leadership -> {
            leaderships.elapse(TRUST);
            throw new InterruptedException("by somebody else");
        });

        assertInstanceOf(InterruptedException.class, lost.getCause());
        assertTrue(Thread.interrupted());
    }

    @Test
    void lostInsideAnotherStint_thatIsLostAsWell_interruptReachesTheOuterOne() throws Exception {
        Tenancy inner = leaderships.gained();
        Post outerPost = taken(tenancy);
        Post innerPost = taken(inner);

        lostIn(outerPost, leadership -> {
            lostIn(innerPost, within -> {
                inner.cancel(LossReason.SESSION_LOST);
                awaitInterrupt();
                tenancy.cancel(LossReason.SESSION_LOST);
                awaitInterrupt();
                return "whatever";
            });
            assertTrue(Thread.currentThread().isInterrupted(), "the outer stint has not been told");
            return "whatever";
        });

        assertFalse(Thread.interrupted());
    }

    @Test
    void lostInsideAnotherStint_thatIsHeld_interruptDoesNotReachTheOuterOne() throws Exception {
        Tenancy inner = leaderships.gained();
        Post outerPost = taken(tenancy);
        Post innerPost = taken(inner);

        outerPost.fill(leadership -> {
            lostIn(innerPost, within -> {
                inner.cancel(LossReason.DEPOSED);
                awaitInterrupt();
                assertTrue(AtWork.isOf(tenancy::equals) && AtWork.isOf(inner::equals));
                return "whatever";
            });
            assertTrue(AtWork.isOf(tenancy::equals) && !AtWork.isOf(inner::equals));
            assertFalse(Thread.currentThread().isInterrupted());
            return true;
        });
    }

    @Test
    void lostInsideAFunction_thatIsCancelledAsWell_interruptReachesTheFunction() throws Exception {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        Tenancy outer = leaderships.gained();
        outer.start(leadership -> {
            Post post = taken(tenancy);
            lostIn(post, within -> {
                tenancy.cancel(LossReason.SESSION_LOST);
                awaitInterrupt();
                outer.cancel(LossReason.SESSION_LOST);
                awaitInterrupt();
                return "whatever";
            });
            told.complete(Thread.interrupted());
        });

        assertTrue(told.get(20, TimeUnit.SECONDS));
    }

    // Whoever does not stop

    @Test
    void workThatDoesNotReturn_isReported_withTheThreadThatItIsOn() throws Exception {
        Post post = taken(tenancy);

        post.fill(leadership -> {
            String name = Thread.currentThread().getName();
            Waiting.until(BOUND, () -> tenancy.work().whereabouts().startsWith(name + "\n"), () -> tenancy.work()
                    .whereabouts());
            return true;
        });
    }

    private Post taken(Tenancy gained) throws Exception {
        Post post = offered(gained);
        assertTrue(post.take());
        return post;
    }

    private Post offered(Tenancy gained) throws Exception {
        CompletableFuture<Post> offer = new CompletableFuture<>();
        Thread worker = Thread.currentThread();
        gained.start(leadership -> {
            callbacks.add(Thread.currentThread());
            Post post = new Post(AtWork.innermost().orElseThrow(), worker);
            offer.complete(post);
            post.stay();
        });
        return offer.get(20, TimeUnit.SECONDS);
    }

    private static LeadershipLostException lostIn(Post post, Stint<Object, ?> work) {
        return assertThrows(LeadershipLostException.class, () -> post.fill(work));
    }

    private static Object failWith(Throwable failure) throws IOException {
        if (failure instanceof IOException checked) {
            throw checked;
        }
        throw (Error) failure;
    }

    private static Object spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
        return times;
    }

    /** Waits for the next interrupt, and swallows it. */
    private static void awaitInterrupt() {
        assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await(20, TimeUnit.SECONDS));
    }

    private void awaitStopped() {
        Waiting.until(BOUND, () -> tenancy.work().hasStopped(), () -> "has not stopped");
    }
}
