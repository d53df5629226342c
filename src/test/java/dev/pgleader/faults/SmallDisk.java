package dev.pgleader.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file system of its own, in memory and small, that can be filled to the last byte. Needs root. One thread at a time. */
final class SmallDisk implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    private final Path folder;
    private final Undoing undoing;

    private SmallDisk(Path folder, Undoing undoing) {
        this.folder = folder;
        this.undoing = undoing;
    }

    static SmallDisk mount(int megabytes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("pgleader-disk");
        // A server that is just ending keeps it busy for a moment.
        Undoing undoing = Undoing.by("for i in $(seq 100); do mountpoint -q '" + folder + "' || break; umount '"
                + folder + "' && break; sleep 0.2; done; rmdir '" + folder + "'");
        try {
            Command.run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "pgleader", "" + folder);
            Files.createDirectory(
                    folder.resolve("data"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new SmallDisk(folder, undoing);
        } catch (IOException | InterruptedException failed) {
            undoing.close();
            throw failed;
        }
    }

    /** Returns a folder on it with nothing in it at first. */
    Path folder() {
        return folder.resolve("data");
    }

    /** Writes until there is no room for another byte. */
    void fill() throws IOException {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(chunk);
            }
        } catch (IOException full) {
            if (Files.getFileStore(folder).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** Makes room again. */
    void clear() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    @Override
    public void close() {
        undoing.close();
    }
}
