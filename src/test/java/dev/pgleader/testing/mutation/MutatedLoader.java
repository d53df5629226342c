package dev.pgleader.testing.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defines every class of ours anew, from a mutant's class file where there is one and from the parent's otherwise, so
 * that all of them see each other. Everything else is the parent's. Thread-safe.
 */
final class MutatedLoader extends ClassLoader {

    private static final String OURS = "dev.pgleader.";

    private final ClassLoader parent;
    private final Map<String, byte[]> compiled;
    private final Set<String> sharedPackages;
    private final @Nullable Path resources;
    private final String replacedLocation;

    /**
     * Takes what is different from the parent.
     *
     * @param compiled class files by class name
     * @param sharedPackages packages of ours that are the parent's all the same
     * @param resources a folder that stands for another one, if any
     * @param replaced the location which that folder stands for
     */
    MutatedLoader(
            ClassLoader parent,
            Map<String, byte[]> compiled,
            Set<String> sharedPackages,
            @Nullable Path resources,
            URL replaced) {
        super("mutated", parent);
        this.parent = parent;
        this.compiled = compiled;
        this.sharedPackages = sharedPackages;
        this.resources = resources;
        this.replacedLocation = replaced.toString();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || sharedPackages.contains(packageOf(name))) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = findClass(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] content = compiled.get(name);
        if (content == null) {
            content = parentsVersion(name);
        }
        return defineClass(name, content, 0, content.length);
    }

    private byte[] parentsVersion(String name) throws ClassNotFoundException {
        try (InputStream file = parent.getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL patched = patched(name);
        return patched == null ? super.getResource(name) : patched;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        URL patched = patched(name);
        if (patched == null) {
            return super.getResources(name);
        }
        List<URL> all = new ArrayList<>(List.of(patched));
        for (URL each : Collections.list(super.getResources(name))) {
            if (!each.toString().startsWith(replacedLocation)) {
                all.add(each);
            }
        }
        return Collections.enumeration(all);
    }

    private @Nullable URL patched(String name) {
        if (resources == null || name.isEmpty() || !Files.exists(resources.resolve(name))) {
            return null;
        }
        try {
            return resources.resolve(name).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
