package dev.pgleader.faults;

import dev.pgleader.testing.TcpProxy;
import java.util.List;

/** The way of one process to the server. Closing it takes away what was built for it. */
interface Route extends AutoCloseable {

    /** What there is between the processes and the server. */
    enum Kind {
        /** Nothing: loopback. */
        DIRECT,
        /** A proxy for each process. */
        PROXIED,
        /** A network namespace for each process. */
        ISOLATED
    }

    String host();

    int port();

    /** Returns the command that executes the process where it can use this way. */
    List<String> entering();

    @Override
    void close();

    /** Over loopback. Immutable. */
    record Direct(int port) implements Route {

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public List<String> entering() {
            return List.of();
        }

        @Override
        public void close() {
            // Nothing was built.
        }
    }

    /** Through a proxy. */
    record Proxied(TcpProxy proxy) implements Route {

        @Override
        public String host() {
            return "127.0.0.1";
        }

        @Override
        public int port() {
            return proxy.port();
        }

        @Override
        public List<String> entering() {
            return List.of();
        }

        @Override
        public void close() {
            proxy.close();
        }
    }

    /** Out of a namespace. */
    record Isolated(Namespace namespace, int port) implements Route {

        @Override
        public String host() {
            return namespace.outerAddress();
        }

        @Override
        public List<String> entering() {
            return namespace.entering();
        }

        @Override
        public void close() {
            namespace.close();
        }
    }
}
