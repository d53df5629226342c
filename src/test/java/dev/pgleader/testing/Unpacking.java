package dev.pgleader.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Unpacks an archive of programs ({@code .txz}) once into a folder that processes share. Of several that come at once one
 * unpacks, and the others wait for it. What a killed process left half done is done again.
 *
 * <p>Content is streamed: a JVM with a heap of a few dozen megabytes can unpack any archive. Thread-safe.
 */
final class Unpacking {

    private static final String UNFINISHED = ".unfinished";

    private final Archive archive;
    private final Path folder;

    /** Where an archive can be read from, any number of times. */
    @FunctionalInterface
    interface Archive {

        /** Opens it at its beginning. */
        InputStream open() throws IOException;
    }

    /** Of an archive into a folder that exists. */
    Unpacking(Archive archive, Path folder) {
        this.archive = archive;
        this.folder = folder;
    }

    /** Returns the folder with the whole content, named after that content; unpacks if it is not there. */
    Path home() throws IOException {
        Path home = folder.resolve("binaries-" + digest());
        if (!Files.exists(home)) {
            unpack(home);
        }
        return home;
    }

    /** The system takes the lock away from a process that ends, however it ends. */
    private void unpack(Path home) throws IOException {
        synchronized (Unpacking.class) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("unpacking.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!Files.exists(home)) {
                    deleteUnfinished();
                    Path unfinished = home.resolveSibling(home.getFileName() + UNFINISHED);
                    fill(unfinished);
                    Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
                }
                lock.release();
            }
        }
    }

    /** Only who holds the lock may have one, so whatever is there was left by a process that was killed. */
    private void deleteUnfinished() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + UNFINISHED)) {
            for (Path each : left) {
                Folders.delete(each);
            }
        }
    }

    /** Leaves nothing behind if it fails: on a full disk that is the room that others need. */
    private void fill(Path target) throws IOException {
        try {
            extract(target);
        } catch (IOException e) {
            try {
                Folders.delete(target);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private String digest() throws IOException {
        MessageDigest digest = sha256();
        try (InputStream packed = new DigestInputStream(archive.open(), digest)) {
            packed.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private void extract(Path target) throws IOException {
        Files.createDirectory(target);
        try (InputStream packed = new BufferedInputStream(archive.open());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
