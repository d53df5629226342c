package dev.pgleader.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Code from a {@link Page}, compiled to be run. */
public final class Example {

    private Example() {}

    /**
     * Compiles a class against the class path of this JVM.
     *
     * @param name the class's name; it is in no package
     * @param source its text
     * @param folder where its class files are to be
     * @return the class
     * @throws IOException if the folder has no URL
     * @throws ClassNotFoundException if the text declares another class
     * @throws AssertionError if it does not compile, with the compiler's words
     */
    public static Class<?> compile(String name, String source, Path folder) throws IOException, ClassNotFoundException {
        StringWriter complaints = new StringWriter();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        complaints,
                        null,
                        null,
                        List.of("-d", folder.toString(), "-cp", ClassPath.current(), "-proc:none"),
                        null,
                        List.of(file))
                .call();
        assertTrue(compiled, complaints::toString);
        return load(name, folder);
    }

    /** Returns a class that was compiled into a folder. */
    static Class<?> load(String name, Path folder) throws IOException, ClassNotFoundException {
        URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, Example.class.getClassLoader());
        return loader.loadClass(name);
    }
}
