package dev.pgleader;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Pools that cannot be seen to be what they are, and so cannot be passed by. */
final class HiddenPool {

    private HiddenPool() {}

    /** Returns a data source that gives the connections of {@code pool} and hides whose they are. */
    static DataSource over(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isWrapperFor" -> false;
                    case "unwrap" -> throw new SQLException("wraps nothing");
                    default -> {
                        try {
                            yield method.invoke(pool, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }
                });
    }
}
