package dev.pgleader.internal.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fenced work may call on its connection: each method of the interface, one by one. */
class FencedConnectionTest {

    /** What ends with the transaction, or changes nothing. */
    private static final Set<String> ALLOWED = Set.of(
            "clearWarnings",
            "createArrayOf",
            "createBlob",
            "createClob",
            "createNClob",
            "createSQLXML",
            "createStatement",
            "createStruct",
            "getAutoCommit",
            "getCatalog",
            "getClientInfo",
            "getHoldability",
            "getMetaData",
            "getNetworkTimeout",
            "getSchema",
            "getTransactionIsolation",
            "getTypeMap",
            "getWarnings",
            "isClosed",
            "isReadOnly",
            "isValid",
            "nativeSQL",
            "prepareCall",
            "prepareStatement",
            "releaseSavepoint",
            "setSavepoint");

    /** What would end the transaction, outlive it, or lead past the view. */
    private static final Set<String> REFUSED = Set.of(
            "abort",
            "beginRequest",
            "close",
            "commit",
            "endRequest",
            "setAutoCommit",
            "setCatalog",
            "setClientInfo",
            "setHoldability",
            "setNetworkTimeout",
            "setReadOnly",
            "setSchema",
            "setShardingKey",
            "setShardingKeyIfValid",
            "setTransactionIsolation",
            "setTypeMap",
            "unwrap");

    /** To a savepoint, and not as a whole. */
    private static final String ROLLBACK = "rollback";

    /** Answered by the view. */
    private static final String IS_WRAPPER_FOR = "isWrapperFor";

    private final List<String> reached = new ArrayList<>();
    private final FencedConnection fenced = new FencedConnection(proxy());

    @Test
    void everyMethodOfTheInterface_isKnownHere() {
        Set<String> unknown = new TreeSet<>();
        for (Method method : Connection.class.getMethods()) {
            String name = method.getName();
            if (!ALLOWED.contains(name)
                    && !REFUSED.contains(name)
                    && !name.equals(ROLLBACK)
                    && !name.equals(IS_WRAPPER_FOR)) {
                unknown.add(name);
            }
        }

        assertEquals(Set.of(), unknown, "decide whether fenced work may call these");
    }

    static Stream<Method> allowed() {
        return methods(ALLOWED);
    }

    static Stream<Method> refused() {
        return methods(REFUSED);
    }

    private static Stream<Method> methods(Set<String> names) {
        return Arrays.stream(Connection.class.getMethods()).filter(method -> names.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void whatStaysInTheTransaction_reachesTheDriver(Method method) throws Exception {
        method.invoke(fenced.view(), arguments(method));

        assertEquals(List.of(method.getName()), reached);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatOutlivesTheTransaction_isRefused_andReachesNothing(Method method) {
        Throwable refusal = refusalOf(method);

        if (method.getName().equals("setClientInfo")) {
            assertTrue(refusal instanceof SQLClientInfoException, refusal::toString);
        } else {
            assertTrue(refusal instanceof SQLFeatureNotSupportedException, refusal::toString);
        }
        assertTrue(String.valueOf(refusal.getMessage()).contains(method.getName()), refusal::toString);
        assertEquals(List.of(), reached);
    }

    @Test
    void rollback_isRefused_butToASavepoint() throws Exception {
        assertThrows(SQLFeatureNotSupportedException.class, () -> fenced.view().rollback());
        assertEquals(List.of(), reached);

        fenced.view().rollback(fenced.view().setSavepoint());

        assertEquals(List.of("setSavepoint", ROLLBACK), reached);
    }

    @Test
    void workIsOver_everythingButClosing_isRefused_asItsSignatureSays() {
        fenced.end();

        for (Method method : Connection.class.getMethods()) {
            String name = method.getName();
            if (!Set.of("close", "isClosed", "isValid", IS_WRAPPER_FOR).contains(name)) {
                Throwable refusal = refusalOf(method);
                assertTrue(refusal instanceof SQLException, () -> method + ": " + refusal);
            }
        }
        assertEquals(List.of(), reached);
    }

    private Throwable refusalOf(Method method) {
        InvocationTargetException thrown = assertThrows(
                InvocationTargetException.class,
                () -> method.invoke(fenced.view(), arguments(method)),
                method::toString);
        return Objects.requireNonNull(thrown.getCause());
    }

    private static @Nullable Object[] arguments(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(FencedConnectionTest::something)
                .toArray();
    }

    private static @Nullable Object something(Class<?> type) {
        return type == int.class ? (Object) 1 : type == boolean.class ? (Object) false : null;
    }

    private Connection proxy() {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    reached.add(method.getName());
                    return something(method.getReturnType());
                });
    }
}
