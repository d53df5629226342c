package dev.pgleader.testing.mutation;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The JDK's compiler, from texts to class files without touching the disk. */
final class MemoryCompiler {

    /** Kept open for the next mutants, since it takes a while to get to know the class path. */
    private static final StandardJavaFileManager DISK =
            ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, StandardCharsets.UTF_8);

    private MemoryCompiler() {}

    /**
     * Compiles against the class path of this JVM.
     *
     * @param sources file and text
     * @return name and content of every class
     * @throws IllegalArgumentException if a source has an error
     */
    static Map<String, byte[]> compile(Map<Path, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        synchronized (DISK) {
            Output output = new Output(DISK);
            List<String> options =
                    List.of("-proc:none", "-nowarn", "-Xlint:none", "-g", "-parameters", "-classpath", classPath());
            List<Source> units = new ArrayList<>();
            sources.forEach((file, text) -> units.add(new Source(file, text)));
            if (!compiler.getTask(null, output, diagnostics, options, null, units)
                    .call()) {
                throw new IllegalArgumentException("the mutant does not compile:\n" + errors(diagnostics));
            }
            return output.classes();
        }
    }

    private static String errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        return diagnostics.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }

    /** Inside Maven the loader knows it, since the property has Maven's own only. */
    private static String classPath() {
        return MemoryCompiler.class.getClassLoader() instanceof URLClassLoader urls
                ? Arrays.stream(urls.getURLs())
                        .map(MemoryCompiler::file)
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        return Path.of(URI.create(url.toString())).toString();
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class ClassFile extends SimpleJavaFileObject {

        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        ClassFile(String name) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return content;
        }
    }

    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ClassFile> files = new HashMap<>();

        Output(JavaFileManager disk) {
            super(disk);
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            files.forEach((name, file) -> classes.put(name, file.content.toByteArray()));
            return classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return files.computeIfAbsent(className, ClassFile::new);
        }
    }
}
