package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pgleader.internal.runtime.Guard;
import dev.pgleader.internal.runtime.SessionException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Connections that are not what they seem. */
class WireTest {

    @Test
    void connectionWrappedByAnotherLibrary_isRefusedInWords_andNotLeftOpen() {
        AtomicInteger closed = new AtomicInteger();
        PGConnection wrapped = (PGConnection) proxy(PGConnection.class, name -> {
            throw new UnsupportedOperationException(name);
        });
        Connection connection = (Connection) proxy(Connection.class, name -> switch (name) {
            case "isWrapperFor" -> true;
            case "unwrap" -> wrapped;
            case "close" -> closed.incrementAndGet();
            default -> throw new UnsupportedOperationException(name);
        });

        assertThrows(
                SessionException.class,
                () -> Wire.open(() -> connection, Duration.ofSeconds(1), Guard.NONE, "pgleader"));

        assertEquals(1, closed.get(), "closed");
    }

    private static Object proxy(Class<?> type, Function<String, @Nullable Object> behaviour) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> behaviour.apply(method.getName()));
    }
}
