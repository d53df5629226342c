package dev.pgleader.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Whether this machine lets itself be hurt: tries once whatever the faults will need, and says what is missing. */
final class Preflight {

    private static final String PACKAGES = "apt-get install -y iproute2 iptables libfaketime pgbouncer util-linux";

    private Preflight() {}

    /**
     * Tries everything.
     *
     * @throws AssertionError naming all that is missing and how to get it
     */
    static void require() throws IOException, InterruptedException {
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            throw new AssertionError("real faults cannot be made here:\n  " + String.join("\n  ", missing)
                    + "\nOn Debian and Ubuntu, as root: " + PACKAGES);
        }
    }

    static List<String> missing() throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        if (!System.getProperty("os.name").equals("Linux")) {
            missing.add("Linux: signals, namespaces and packet filters are its own");
            return missing;
        }
        if (!Command.run("id", "-u").equals("0")) {
            missing.add("root: namespaces, packet filters and mounts need it");
        }
        for (Tool tool : TOOLS) {
            if (Command.attempt("sh", "-c", "command -v " + tool.name()).status() != 0) {
                missing.add("the command " + tool.name() + ", from the package " + tool.origin());
            }
        }
        if (Ground.SteppedClock.LIBRARIES.stream().noneMatch(Files::exists)) {
            missing.add("libfaketime.so.1, from the package libfaketime: none of " + Ground.SteppedClock.LIBRARIES);
        }
        if (missing.isEmpty()) {
            attempt(
                    missing,
                    "network namespaces with packet filters (privileged container?)",
                    Preflight::filterPackets);
            attempt(missing, "mounts of file systems in memory (privileged container?)", Preflight::mount);
        }
        return missing;
    }

    /**
     * A command that is needed. Immutable.
     *
     * @param origin the package that has it
     */
    private record Tool(String name, String origin) {}

    private static final List<Tool> TOOLS = List.of(
            new Tool("ip", "iproute2"),
            new Tool("iptables", "iptables"),
            new Tool("unshare", "util-linux"),
            new Tool("mount", "mount"),
            new Tool("pgbouncer", "pgbouncer"),
            new Tool("mountpoint", "util-linux"));

    private static void attempt(List<String> missing, String what, Trial trial)
            throws IOException, InterruptedException {
        try {
            trial.make();
        } catch (IOException refused) {
            missing.add(what + ": " + refused.getMessage());
        }
    }

    /** Something that may be refused. */
    @FunctionalInterface
    private interface Trial {
        void make() throws IOException, InterruptedException;
    }

    private static void filterPackets() throws IOException, InterruptedException {
        try (Namespace namespace = Namespace.open(Namespace.freeNetwork(), 0)) {
            namespace.dropAll();
            namespace.mend();
            namespace.rejectIncoming();
            namespace.rejectOutgoing();
        }
    }

    private static void mount() throws IOException, InterruptedException {
        try (SmallDisk disk = SmallDisk.mount(1)) {
            disk.fill();
        }
    }
}
