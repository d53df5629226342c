package dev.pgleader.internal.runtime;

import dev.pgleader.CandidateConfig;
import dev.pgleader.Leadership;
import dev.pgleader.LeadershipLostException;
import dev.pgleader.Stint;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A candidacy of which one thread waits for the outcome, to do the work itself. It is an ordinary candidacy whose function
 * offers each leadership as a {@link Post}.
 *
 * <p>To be used, and closed, by the thread that has begun it.
 */
public final class Campaign implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Stint");

    /** What the thread that waits is told. */
    private sealed interface News {

        /** The election was won. */
        record Elected(Post post) implements News {}

        /** This candidacy was closed, and will never be elected. */
        record Closed() implements News {}
    }

    private final Thread worker = Thread.currentThread();
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final Loop loop;
    private final Candidacy candidacy;

    /**
     * Stands in an election.
     *
     * @throws IllegalStateException if {@code loop} already stands in it, or is closed
     */
    public Campaign(Loop loop, String election, CandidateConfig candidate) {
        this.loop = loop;
        this.candidacy = loop.enter(election, candidate, this::lead);
        candidacy.end().thenRun(() -> news.add(new News.Closed()));
    }

    /** The function of the candidacy. On a callback thread. */
    private void lead(Leadership leadership) {
        Post post = new Post(AtWork.innermost().orElseThrow(), worker);
        news.add(new News.Elected(post));
        post.stay();
    }

    /**
     * Waits until elected, and does the work on this thread.
     *
     * @throws X when the work fails, in a leadership that is still held
     * @throws LeadershipLostException if the leadership was lost by the time at which the work returned or failed
     * @throws IllegalStateException if the elections are closed while it waits
     */
    public <T extends @Nullable Object, X extends Exception> T run(Stint<T, X> work) throws InterruptedException, X {
        return awaitPost().fill(work);
    }

    /**
     * Waits until elected, and does the work on this thread.
     *
     * @param atMost how long to wait; does not bound the work
     * @throws TimeoutException if this candidate was not elected in time; the work will never run
     * @throws X when the work fails, in a leadership that is still held
     * @throws LeadershipLostException if the leadership was lost by the time at which the work returned or failed
     * @throws IllegalStateException if the elections are closed while it waits
     */
    public <T extends @Nullable Object, X extends Exception> T run(Duration atMost, Stint<T, X> work)
            throws InterruptedException, TimeoutException, X {
        return awaitPost(atMost).fill(work);
    }

    /**
     * Does the work in one leadership after the other, and gives each up in between, until it returns false.
     *
     * @throws X when the work fails, in a leadership that is still held
     * @throws IllegalStateException if the elections are closed
     */
    public <X extends Exception> void repeat(Stint<Boolean, X> work) throws InterruptedException, X {
        Post post = awaitPost();
        while (isWantedAgain(post, work)) {
            if (post.isHeld()) {
                candidacy.resign();
            }
            post = awaitPost();
        }
    }

    private static <X extends Exception> boolean isWantedAgain(Post post, Stint<Boolean, X> work) throws X {
        try {
            return post.fill(work);
        } catch (LeadershipLostException lost) {
            if (!post.isMeantBy(lost)) {
                throw lost;
            }
            LOG.info("{}", lost.getMessage());
            LOG.debug("where the stint ended", lost);
            return true;
        }
    }

    private Post awaitPost() throws InterruptedException {
        Post post = offered(news.take());
        while (!post.take()) {
            post = offered(news.take());
        }
        return post;
    }

    private Post awaitPost(Duration atMost) throws InterruptedException, TimeoutException {
        long begin = System.nanoTime();
        long bound = TimeUnit.NANOSECONDS.convert(atMost);
        while (true) {
            @Nullable News next = news.poll(bound - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new TimeoutException("election '" + candidacy.election() + "': not elected within " + atMost
                        + loop.problem().map(problem -> "; " + problem).orElse(""));
            }
            Post post = offered(next);
            if (post.take()) {
                return post;
            }
        }
    }

    private Post offered(News next) {
        if (next instanceof News.Elected elected) {
            return elected.post();
        }
        throw new IllegalStateException(
                "closed while this thread was standing in the election '" + candidacy.election() + "'");
    }

    /** Gives up the leadership, if there is one, and ends the candidacy, as {@link Candidacy#close()} does. */
    @Override
    public void close() {
        candidacy.close();
    }
}
