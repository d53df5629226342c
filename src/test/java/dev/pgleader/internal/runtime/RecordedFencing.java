package dev.pgleader.internal.runtime;

import dev.pgleader.Fence;
import dev.pgleader.FencedFunction;
import dev.pgleader.FencedWork;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Fences nothing, and says what it was asked to do.
 *
 * @param told takes one line for each call
 */
record RecordedFencing(List<String> told) implements Fencing {

    @Override
    public void raise(Connection connection, Fence fence) {
        told.add("fence " + fence.election() + " " + fence.term());
    }

    @Override
    public <T extends @Nullable Object, X extends Exception> T inTransaction(
            DataSource dataSource, Fence fence, FencedFunction<T, X> work) {
        throw new UnsupportedOperationException("there is no database");
    }

    @Override
    public <X extends Exception> boolean once(Fence fence, String key, FencedWork<X> work) {
        told.add("once " + key + " " + fence.token());
        return true;
    }
}
