package dev.pgleader.faults;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace that reaches this machine over a cable of its own, so that packet filters inside it concern nobody
 * else. Needs root. One thread at a time.
 */
final class Namespace implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final String outerAddress;
    private final Undoing undoing;

    private Namespace(String name, String outerAddress, Undoing undoing) {
        this.name = name;
        this.outerAddress = outerAddress;
        this.undoing = undoing;
    }

    /** Finds 256 addresses, of those that are set aside for tests of networks (RFC 2544), that nobody here uses. */
    static String freeNetwork() throws IOException, InterruptedException {
        String used = Command.run("ip", "-o", "-4", "address");
        while (true) {
            String network = "198.18." + ThreadLocalRandom.current().nextInt(256) + ".";
            if (!used.contains(" " + network)) {
                return network;
            }
        }
    }

    /**
     * Makes a namespace.
     *
     * @param network what {@link #freeNetwork} has found
     * @param number tells the namespaces on one network apart, from 0 to 63
     */
    static Namespace open(String network, int number) throws IOException, InterruptedException {
        String id = ProcessHandle.current().pid() + "n" + COUNT.getAndIncrement();
        String name = "pgleader-" + id;
        String outer = "pgl" + id;
        String inner = "pgi" + id;
        String outerAddress = network + (4 * number + 1);
        // The end of the one cable takes the other end along; a namespace lives on for as long as a process is in it.
        Undoing undoing = Undoing.by("ip link delete " + outer + "; ip netns delete " + name
                + "; ! ip netns list | grep -q '^" + name + "\\b'");
        try {
            Command.run("ip", "netns", "add", name);
            Command.run("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
            Command.run("ip", "address", "add", outerAddress + "/30", "dev", outer);
            Command.run("ip", "link", "set", outer, "up");
            Command.run("ip", "-n", name, "address", "add", network + (4 * number + 2) + "/30", "dev", inner);
            Command.run("ip", "-n", name, "link", "set", inner, "up");
            Command.run("ip", "-n", name, "link", "set", "lo", "up");
            return new Namespace(name, outerAddress, undoing);
        } catch (IOException | InterruptedException failed) {
            undoing.close();
            throw failed;
        }
    }

    /** Returns the address outside that processes inside can reach. */
    String outerAddress() {
        return outerAddress;
    }

    /** Returns the command that executes another one inside, in its own place. */
    List<String> entering() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Drops every packet, in both directions. */
    void dropAll() throws IOException, InterruptedException {
        filter("-A", "INPUT", "-j", "DROP");
        filter("-A", "OUTPUT", "-j", "DROP");
    }

    /** Answers every segment that comes in with a reset, which its sender gets. */
    void rejectIncoming() throws IOException, InterruptedException {
        filter("-A", "INPUT", "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset");
    }

    /** Answers every segment that would go out with a reset, which its sender gets. */
    void rejectOutgoing() throws IOException, InterruptedException {
        filter("-A", "OUTPUT", "-p", "tcp", "-j", "REJECT", "--reject-with", "tcp-reset");
    }

    /** Lets everything through again. */
    void mend() throws IOException, InterruptedException {
        filter("-F");
    }

    private void filter(String... rule) throws IOException, InterruptedException {
        String[] words = new String[6 + rule.length];
        System.arraycopy(new String[] {"ip", "netns", "exec", name, "iptables", "-w"}, 0, words, 0, 6);
        System.arraycopy(rule, 0, words, 6, rule.length);
        Command.run(words);
    }

    @Override
    public void close() {
        undoing.close();
    }
}
