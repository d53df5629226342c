package dev.pgleader.faults.race;

import dev.pgleader.internal.runtime.Session;
import dev.pgleader.testing.Pause;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A session whose statements are sent late now and then, and whose answers come late. One thread, as the session itself. */
final class Detour implements InvocationHandler {

    private static final Set<String> ENDINGS = Set.of("close", "abort");
    private static final Set<String> STATEMENTS =
            Set.of("renew", "look", "bid", "register", "lead", "vacate", "detach", "enter");
    private static final int ONE_IN = 30;
    private static final int ONE_LONG_IN = 3;
    private static final int SHORT_MILLIS = 100;
    private static final int LONG_MILLIS = 300;

    private final Session session;
    private final Line line;
    private final RandomGenerator random;
    private final Runnable late;

    private Detour(Session session, Line line, RandomGenerator random, Runnable late) {
        this.session = session;
        this.line = line;
        this.random = random;
        this.late = late;
    }

    /**
     * Makes one.
     *
     * @param late is run whenever something is late
     */
    static Session around(Session session, Line line, RandomGenerator random, Runnable late) {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                new Detour(session, line, random, late));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (ENDINGS.contains(method.getName())) {
            line.end();
        }
        boolean isStatement = STATEMENTS.contains(method.getName());
        if (isStatement) {
            dawdle();
        }
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause() == null ? thrown : thrown.getCause();
        } finally {
            if (isStatement) {
                dawdle();
            }
        }
    }

    private void dawdle() throws InterruptedException {
        if (random.nextInt(ONE_IN) == 0) {
            late.run();
            Pause.millis(random.nextInt(random.nextInt(ONE_LONG_IN) == 0 ? LONG_MILLIS : SHORT_MILLIS));
        }
    }
}
