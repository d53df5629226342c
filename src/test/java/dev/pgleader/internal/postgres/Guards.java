package dev.pgleader.internal.postgres;

import dev.pgleader.internal.runtime.Guard;

/** Guards for connections that no watchdog watches. */
final class Guards {

    /** Does nothing. */
    static final Guard NONE = new Guard() {
        @Override
        public void begin(Runnable abort) {}

        @Override
        public void end() {}
    };

    private Guards() {}
}
