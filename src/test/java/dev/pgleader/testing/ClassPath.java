package dev.pgleader.testing;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What another JVM needs to run the classes of this one. */
public final class ClassPath {

    private ClassPath() {}

    /** Returns the class path; inside Maven it is the loader's, since the property has Maven's own only. */
    public static String current() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return loader instanceof URLClassLoader urls && urls.getURLs().length > 0
                ? Arrays.stream(urls.getURLs()).map(ClassPath::file).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        return Path.of(URI.create(url.toString())).toString();
    }
}
