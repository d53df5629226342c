package dev.pgleader.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users get: runs after the jars were built. */
class PackagedJarsIT {

    private static final Path FOLDER = Path.of("target");

    @Test
    void everyJar_hasTheLicense() throws IOException {
        byte[] license = Files.readAllBytes(Path.of("LICENSE"));

        for (Path path : jars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                JarEntry entry = jar.getJarEntry("META-INF/LICENSE");
                assertNotNull(entry, path + " has no license");
                try (InputStream content = jar.getInputStream(entry)) {
                    assertArrayEquals(license, content.readAllBytes(), path + " has another license");
                }
            }
        }
    }

    @Test
    void jars_areThoseOfClassesSourcesAndJavadoc() throws IOException {
        List<String> kinds = jars().stream()
                .map(path -> path.getFileName().toString().replaceAll("^pgleader-[\\d.]+(-SNAPSHOT)?|[.]jar$", ""))
                .sorted()
                .toList();

        assertEquals(List.of("", "-javadoc", "-sources"), kinds);
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }
}
