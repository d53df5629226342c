package dev.pgleader.testing.memory;

import dev.pgleader.Fence;
import dev.pgleader.FencedFunction;
import dev.pgleader.FencedWork;
import dev.pgleader.internal.runtime.Fencing;
import java.sql.Connection;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A fence is a statement on a user's own connection, of which none leads to a simulated database. */
final class NoJdbc implements Fencing {

    @Override
    public void raise(Connection connection, Fence fence) {
        throw refusal();
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(
            DataSource dataSource, Fence fence, FencedFunction<T, X> work) {
        throw refusal();
    }

    @Override
    public <X extends Exception> boolean once(Fence fence, String key, FencedWork<X> work) {
        throw refusal();
    }

    private static UnsupportedOperationException refusal() {
        return new UnsupportedOperationException("no JDBC connection leads to a simulated database");
    }
}
