package dev.pgleader.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests their databases and closes them, with the check for leftovers: see {@link PostgresTest}. */
public final class PostgresExtension implements ParameterResolver, AfterEachCallback {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(PostgresExtension.class);

    /** For JUnit. */
    public PostgresExtension() {}

    /** The two kinds of database a test may have, one of each. */
    private enum Content {
        SCHEMA,
        NOTHING;

        TestDatabase create() {
            PostgresServer server = PostgresServer.shared();
            return this == SCHEMA ? server.createDatabase() : server.createEmptyDatabase();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        boolean oneTest = context.getTestMethod().isPresent();
        return type == PostgresServer.class || (type == TestDatabase.class && oneTest);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getParameter().getType() == PostgresServer.class) {
            return PostgresServer.shared();
        }
        Content content = parameter.isAnnotated(WithoutSchema.class) ? Content.NOTHING : Content.SCHEMA;
        return context.getStore(STORE).computeIfAbsent(content, Content::create, TestDatabase.class);
    }

    /** Runs after the test's own {@code @AfterEach} methods. */
    @Override
    public void afterEach(ExtensionContext context) {
        @Nullable AssertionError failure = null;
        for (Content content : List.of(Content.values())) {
            // Removed from the store, or JUnit would close it a second time.
            @Nullable TestDatabase database = context.getStore(STORE).remove(content, TestDatabase.class);
            failure = closing(database, failure);
        }
        if (failure != null) {
            throw failure;
        }
        Leftovers.expectNoThreads();
    }

    private static @Nullable AssertionError closing(@Nullable TestDatabase database, @Nullable AssertionError earlier) {
        try {
            if (database != null) {
                database.close();
            }
            return earlier;
        } catch (AssertionError e) {
            if (earlier != null) {
                e.addSuppressed(earlier);
            }
            return e;
        }
    }
}
