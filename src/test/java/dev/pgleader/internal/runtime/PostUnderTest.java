package dev.pgleader.internal.runtime;

/** A real leadership that its user fills, for tests outside this package that have no thread to wait on. */
public final class PostUnderTest {

    private final Post post;

    /** Offers a leadership to {@code worker}, as the callback thread does that then stays while it is open. */
    public PostUnderTest(TenancyUnderTest tenancy, Thread worker) {
        this.post = new Post(tenancy.tenancy(), worker);
        post.offer();
    }

    /** Returns whether the callback thread stays. */
    public boolean isOpen() {
        return post.isOpen();
    }

    /** Takes it, unless it is lost already; returns whether the work is to run now. */
    public boolean take() {
        return post.take();
    }

    /** Does the last moment of the work, and leaves; throws where the leadership was lost meanwhile. */
    public void leave() {
        post.fill(leadership -> true);
    }
}
