package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Flyway is optional for an embedder. What happens without it is seen through class loaders that leave it out. */
class SchemaWithoutFlywayTest {

    @Test
    void flywayMissing_migrate_saysWhatToAdd() throws Exception {
        try (URLClassLoader withoutFlyway = classPathWithout("flyway")) {
            Method migrate = withoutFlyway.loadClass(Schema.class.getName()).getMethod("migrate", DataSource.class);
            DataSource unused = new PGSimpleDataSource();

            InvocationTargetException thrown =
                    assertThrows(InvocationTargetException.class, () -> migrate.invoke(null, unused));

            Throwable refusal = Objects.requireNonNull(thrown.getCause());
            assertEquals(IllegalStateException.class, refusal.getClass());
            String message = String.valueOf(refusal.getMessage());
            assertTrue(message.contains("org.flywaydb:flyway-core"), message);
            assertTrue(message.contains("org.flywaydb:flyway-database-postgresql"), message);
        }
    }

    @Test
    void flywayWithoutItsPostgresModule_migrate_saysWhatToAdd() throws Exception {
        try (URLClassLoader halfFlyway = classPathWithout("flyway-database-postgresql")) {
            Method migrate = halfFlyway.loadClass(Schema.class.getName()).getMethod("migrate", DataSource.class);
            DataSource unused = new PGSimpleDataSource();

            InvocationTargetException thrown =
                    assertThrows(InvocationTargetException.class, () -> migrate.invoke(null, unused));

            assertInstanceOf(IllegalStateException.class, thrown.getCause());
        }
    }

    @Test
    void flywayMissing_script_isThereAllTheSame() throws Exception {
        try (URLClassLoader withoutFlyway = classPathWithout("flyway")) {
            Object script = withoutFlyway
                    .loadClass(Schema.class.getName())
                    .getMethod("script")
                    .invoke(null);

            assertEquals(Schema.script(), script);
        }
    }

    /** A class loader that sees this JVM's class path but for the jars whose names begin so. */
    private static URLClassLoader classPathWithout(String prefix) {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        URL[] urls = Arrays.stream(entries)
                .map(Path::of)
                .filter(entry -> !entry.getFileName().toString().startsWith(prefix))
                .map(SchemaWithoutFlywayTest::url)
                .toArray(URL[]::new);
        assertNotEquals(entries.length, urls.length, "no jar begins with " + prefix);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
