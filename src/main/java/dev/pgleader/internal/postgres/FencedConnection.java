package dev.pgleader.internal.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection as fenced work sees it: it lives inside one transaction and cannot leave it. Thread-safe.
 *
 * <p>Whatever would end the transaction, or outlive it, is refused. After {@link #end} nothing is done through the view any
 * more, nor through a statement that came from it: those are closed then, and their result sets with them. Statements are
 * views themselves, so that {@link Statement#getConnection()} gives this view; a result set is the driver's own, for speed,
 * and so is its {@code getStatement()}.
 *
 * <p>SQL text that ends the transaction ({@code commit}) cannot be kept from the database, but is noticed right after, where
 * the driver can be asked: then the view is dead, and the transaction counts as failed.
 */
final class FencedConnection {

    private static final Logger LOG = LoggerFactory.getLogger("dev.pgleader.Fence");

    /** What ends with the transaction, or changes nothing. Anything else is refused, were it new in JDBC. */
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
            "rollback",
            "setSavepoint");

    /** What leads from one object of the driver to another that could do something to the transaction. */
    private static final List<Class<?>> VIEWED =
            List.of(CallableStatement.class, PreparedStatement.class, Statement.class, DatabaseMetaData.class);

    private static final String CONNECTION_DOES_NOT_EXIST = "08003";
    private static final String INVALID_TRANSACTION_STATE = "25000";

    private final Connection connection;
    private final Connection view;

    /** One call at a time, so that none is under way when the work ends. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Open statements; guarded by the lock. */
    private final Set<Statement> statements = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What is in the way of any further call; guarded by the lock. */
    private @Nullable String over;

    /** Whether the work has ended the transaction by itself; guarded by the lock. */
    private boolean torn;

    FencedConnection(Connection connection) {
        this.connection = connection;
        this.view = viewOf(connection, Connection.class);
    }

    Connection view() {
        return view;
    }

    /** Lets nothing more be done through the view; waits for what another thread is doing. */
    void end() {
        lock.lock();
        try {
            if (over == null) {
                over = "the fenced transaction is over";
            }
            for (Statement statement : statements) {
                statement.close();
            }
        } catch (SQLException broken) {
            // The commit will tell.
            LOG.debug("a statement cannot be closed", broken);
        } finally {
            lock.unlock();
        }
    }

    /** Requires that the work is still in its transaction. */
    void requireTransaction() throws SQLException {
        lock.lock();
        try {
            if (torn) {
                throw new SQLException(String.valueOf(over), INVALID_TRANSACTION_STATE);
            }
        } finally {
            lock.unlock();
        }
    }

    private <T> T viewOf(Object target, Class<T> type) {
        InvocationHandler handler = (self, method, arguments) -> answer(self, target, method, arguments);
        return type.cast(
                Proxy.newProxyInstance(FencedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private @Nullable Object answer(Object self, Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> arguments != null && self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "fenced " + target;
            case "isWrapperFor" -> false;
            // For another thread, while one is busy.
            case "cancel" -> call(target, method, arguments);
            default -> inTurn(target, method, arguments);
        };
    }

    private @Nullable Object inTurn(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        lock.lock();
        try {
            return target == connection ? ofConnection(method, arguments) : ofStatement(target, method, arguments);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Object ofConnection(Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (over != null) {
            return switch (name) {
                case "isClosed" -> true;
                case "isValid" -> false;
                case "close" -> null;
                default -> throw asDeclared(method, new SQLException(over, CONNECTION_DOES_NOT_EXIST));
            };
        }
        if (!ALLOWED.contains(name) || (name.equals("rollback") && arguments == null)) {
            throw asDeclared(
                    method,
                    new SQLFeatureNotSupportedException("fenced work may not call " + name
                            + " on its connection: the transaction commits when the work returns, and is rolled back when it"
                            + " throws; what would outlive it is for \"set local\""));
        }
        return viewed(call(connection, method, arguments));
    }

    /** One method may throw less than the others. */
    private static SQLException asDeclared(Method method, SQLException refusal) {
        return method.getName().equals("setClientInfo")
                ? new SQLClientInfoException(refusal.getMessage(), refusal.getSQLState(), Map.of(), refusal)
                : refusal;
    }

    private @Nullable Object ofStatement(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "getConnection" -> view;
            case "unwrap" ->
                throw new SQLFeatureNotSupportedException("fenced work may not look behind its statements");
            case "isClosed" -> call(target, method, arguments);
            case "close" -> {
                statements.remove(target);
                yield call(target, method, arguments);
            }
            default -> worked(target, method, arguments);
        };
    }

    private @Nullable Object worked(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        if (over != null) {
            throw new SQLException(over, CONNECTION_DOES_NOT_EXIST);
        }
        Object result = viewed(call(target, method, arguments));
        if (method.getName().startsWith("execute") && FencedTransaction.isIn(TransactionState.IDLE, connection)) {
            torn = true;
            over = "fenced work has ended its own transaction: nothing more can be fenced";
            throw new SQLException(over, INVALID_TRANSACTION_STATE);
        }
        return result;
    }

    private @Nullable Object viewed(@Nullable Object result) {
        for (Class<?> type : VIEWED) {
            if (type.isInstance(result)) {
                if (result instanceof Statement statement) {
                    statements.add(statement);
                }
                return viewOf(result, type);
            }
        }
        return result;
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        }
    }
}
