package dev.pgleader.testing.mutation;

import dev.pgleader.Leader;
import dev.pgleader.testing.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * All classes of the project once more, main and test, with faults planted in them. They see each other and none of the
 * sound ones; libraries are the same for both. Thread-safe.
 *
 * <p>What runs in them and what asks have only the JDK's classes and the libraries' in common, and so has what they may
 * hand each other:
 *
 * <pre>{@code
 * try (MutatedClasses mutated = MutatedClasses.with(mutation)) {
 *     long failures = mutated.call("dev.pgleader.SomeCheck", "failures", Long.class, seed);
 * }
 * }</pre>
 */
public final class MutatedClasses implements AutoCloseable {

    private final MutatedLoader loader;
    private final @Nullable Path resources;

    private MutatedClasses(MutatedLoader loader, @Nullable Path resources) {
        this.loader = loader;
        this.resources = resources;
    }

    /**
     * Plants faults.
     *
     * @param mutations the faults; without any, the classes are the sound ones once more
     * @return the classes, which the caller closes
     * @throws IllegalStateException if a fault's original text is not where it should be
     * @throws IllegalArgumentException if the outcome does not compile
     */
    public static MutatedClasses with(Mutation... mutations) {
        return sharing(Set.of(), List.of(mutations));
    }

    /**
     * Plants faults, and leaves some packages out of it: such as those that run the server which all tests use.
     *
     * @param packages names of packages whose classes stay the sound ones, for both sides the same
     * @param mutations the faults
     * @return the classes, which the caller closes
     * @throws IllegalStateException if a fault's original text is not where it should be
     * @throws IllegalArgumentException if the outcome does not compile, or if a fault is in a shared package
     */
    public static MutatedClasses sharing(Set<String> packages, List<Mutation> mutations) {
        mutations.forEach(mutation -> requireUnshared(mutation, packages));
        try {
            Sources sources = Sources.read();
            mutations.stream().filter(Mutation::isCompiled).forEach(sources::plant);
            Map<Path, String> affected = sources.affected();
            Map<String, byte[]> compiled = affected.isEmpty() ? Map.of() : MemoryCompiler.compile(affected);
            Path resources = patchedResources(
                    mutations.stream().filter(each -> !each.isCompiled()).toList());
            ClassLoader parent = Objects.requireNonNull(MutatedClasses.class.getClassLoader());
            URL replaced = Leader.class.getProtectionDomain().getCodeSource().getLocation();
            return new MutatedClasses(new MutatedLoader(parent, compiled, packages, resources, replaced), resources);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireUnshared(Mutation mutation, Set<String> packages) {
        String folder = Objects.requireNonNull(mutation.path().getParent()).toString();
        for (String shared : packages) {
            if (mutation.isCompiled()
                    && folder.endsWith(Path.of(shared.replace('.', '/')).toString())) {
                throw new IllegalArgumentException("'" + mutation.name() + "' is in a shared package, " + shared);
            }
        }
    }

    private static @Nullable Path patchedResources(List<Mutation> mutations) throws IOException {
        if (mutations.isEmpty()) {
            return null;
        }
        Path original = Mutation.Root.MAIN_RESOURCES.folder();
        Path copy = Files.createTempDirectory("mutated-").resolve("resources");
        Folders.copy(original, copy);
        for (Mutation mutation : mutations) {
            Path file = copy.resolve(original.relativize(mutation.path()).toString());
            if (!Files.exists(file)) {
                throw new IllegalStateException("the list of mutations is stale: there is no " + mutation.file());
            }
            Files.writeString(file, mutation.appliedTo(Files.readString(file)));
        }
        return copy;
    }

    /**
     * The loader of these classes.
     *
     * @return a loader, usable until these are closed
     */
    public ClassLoader loader() {
        return loader;
    }

    /**
     * Calls a static method.
     *
     * @param type the full name of its class
     * @param method its name, which no other method of that class has
     * @param result what it returns: no class of ours
     * @param arguments what it takes
     * @param <T> what it returns
     * @return its result
     * @throws Exception what the method throws; an error is thrown as it is too
     */
    public <T> T call(String type, String method, Class<T> result, @Nullable Object... arguments) throws Exception {
        List<Method> named = Arrays.stream(loader.loadClass(type).getDeclaredMethods())
                .filter(each -> each.getName().equals(method) && !each.isSynthetic())
                .toList();
        if (named.size() != 1) {
            throw new IllegalArgumentException(type + " has " + named.size() + " methods '" + method + "'");
        }
        Method only = named.get(0);
        only.setAccessible(true);
        return inside(() -> foreign(result.cast(unwrapped(() -> only.invoke(null, arguments)))));
    }

    /**
     * Makes an object by the constructor without parameters, and calls it.
     *
     * @param type the full name of a class that implements {@link Callable}
     * @param result what it returns: no class of ours
     * @param <T> what it returns
     * @return its result
     * @throws Exception what the constructor or the call throws; an error is thrown as it is too
     */
    public <T> T call(String type, Class<T> result) throws Exception {
        var constructor = loader.loadClass(type).getDeclaredConstructor();
        constructor.setAccessible(true);
        return inside(() -> {
            Callable<?> made = (Callable<?>) unwrapped(constructor::newInstance);
            return foreign(result.cast(made.call()));
        });
    }

    /**
     * Runs something with these classes as the thread's own, as do the threads that it starts.
     *
     * @param action what to run
     * @param <T> what it returns
     * @return its result
     * @throws Exception what it throws
     */
    public <T> T inside(Callable<T> action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return action.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Object unwrapped(Callable<?> reflective) throws Exception {
        try {
            return reflective.call();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) Objects.requireNonNull(e.getCause());
        }
    }

    private <T> T foreign(T result) {
        if (result != null && result.getClass().getClassLoader() == loader) {
            throw new IllegalArgumentException("the result is of a mutated class: " + result.getClass());
        }
        return result;
    }

    /** Deletes what was written to disk. */
    @Override
    public void close() {
        if (resources != null) {
            try {
                Folders.delete(Objects.requireNonNull(resources.getParent()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
