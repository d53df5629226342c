package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.testing.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ticket has one answer, and whoever gives it runs nothing of the user's. */
@Timeout(60)
class PromiseTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final Promise<String> promise = new Promise<>(executor::add, () -> told.add("kept"));

    @Test
    void open_hasNoAnswer_howeverShortlyOneLooks() {
        for (Duration length : List.of(Duration.ofNanos(1), Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThrows(TimeoutException.class, () -> promise.await(length));
        }
        assertEquals(List.of(), told);
    }

    @Test
    void kept_everybodyHasTheSameAnswer_howeverOftenAndHoweverLate() throws Exception {
        promise.keep("first");
        promise.keep("second");

        assertEquals("first", promise.await());
        assertEquals("first", promise.await(Duration.ZERO));
        assertEquals("first", promise.await(Duration.ofSeconds(-1)));
        assertEquals(List.of("kept"), told);
    }

    @Test
    void keptFromTheStart_isAnswered() throws Exception {
        Promise<Boolean> kept = Promise.kept(true);

        kept.keep(false);

        assertEquals(true, kept.await(Duration.ZERO));
    }

    @Test
    void kept_whatIsToFollow_isDoneByWhoeverAnswers_beforeHeGoesOn() {
        Promise<String> noted = new Promise<>(
                executor::add, () -> told.add(Thread.currentThread().getName()));

        noted.keep("answer");

        assertEquals(List.of(Thread.currentThread().getName()), told);
        assertEquals(0, executor.size());
    }

    @Test
    void whoeverWaits_isLetGoByTheAnswer() throws Exception {
        FutureTask<String> forEver = waiting(new FutureTask<>(promise::await), Thread.State.WAITING);
        FutureTask<String> forAWhile = waiting(new FutureTask<>(() -> promise.await(LONG)), Thread.State.TIMED_WAITING);

        promise.keep("answer");

        assertEquals("answer", forEver.get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertEquals("answer", forAWhile.get(LONG.toSeconds(), TimeUnit.SECONDS));
    }

    private static FutureTask<String> waiting(FutureTask<String> task, Thread.State how) {
        Thread thread = new Thread(task, "waiting");
        thread.start();
        Waiting.until(LONG, () -> thread.getState() == how, () -> thread + " does not wait");
        return task;
    }

    @Test
    void interruptedWhileHeWaits_isToldSo_andTheTicketStaysGood() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, promise::await);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> promise.await(LONG));

        promise.keep("answer");

        assertEquals("answer", promise.await());
    }

    // Stages

    @Test
    void stageOfAnOpenTicket_runsWhereItIsToldTo_andNotByWhoeverAnswers() {
        promise.ready().thenAccept(told::add);

        promise.keep("answer");
        assertEquals(List.of("kept"), told);

        runAll();
        assertEquals(List.of("kept", "answer"), told);
    }

    @Test
    void stageOfAnAnsweredTicket_runsAtOnce_onTheThreadThatAddsIt() {
        promise.keep("answer");

        promise.ready()
                .thenAccept(answer ->
                        told.add(answer + " on " + Thread.currentThread().getName()));

        assertEquals(List.of("kept", "answer on " + Thread.currentThread().getName()), told);
        assertEquals(0, executor.size());
    }

    @Test
    void stageThatFails_keepsNoOtherBack() {
        promise.ready().thenAccept(answer -> {
            throw new IllegalStateException("planted");
        });
        promise.ready().thenAccept(told::add);

        promise.keep("answer");
        runAll();

        assertEquals(List.of("kept", "answer"), told);
    }

    @Test
    void userWhoCompletesAStageHimself_answersNoTicket() throws Exception {
        CompletionStage<String> open = promise.ready();
        forge(open);
        assertThrows(TimeoutException.class, () -> promise.await(Duration.ZERO));
        promise.keep("answer");
        forge(promise.ready());
        runAll();

        assertEquals("answer", promise.await());
        for (CompletionStage<String> stage : List.of(open, promise.ready())) {
            assertEquals("answer", stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
    }

    /** Does to a stage what its type does not offer. */
    private static void forge(CompletionStage<String> stage) {
        if (stage instanceof CompletableFuture<String> future) {
            assertThrows(UnsupportedOperationException.class, () -> future.complete("forged"));
            assertThrows(UnsupportedOperationException.class, () -> future.obtrudeValue("forged"));
        }
        stage.toCompletableFuture().complete("forged");
    }

    @Test
    void stageAfterOneThatFailed_hearsOfThat_whileTheTicketIsGood() throws Exception {
        CompletionStage<Integer> length = promise.ready().thenApply(Integer::parseInt);
        promise.keep("no number");
        runAll();

        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> length.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS));
        assertInstanceOf(NumberFormatException.class, failure.getCause());
        assertEquals("no number", promise.await());
    }

    private void runAll() {
        while (!executor.isEmpty()) {
            executor.remove().run();
        }
    }
}
