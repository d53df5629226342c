package dev.pgleader.testing.memory;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.SessionException;
import dev.pgleader.testing.memory.Faults.Act;
import dev.pgleader.testing.memory.Faults.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A simulated listening connection. One thread. */
final class InMemoryListener implements Listener {

    private final InMemoryServer server;
    private final Faults faults;
    private final Map<String, News> heard = new LinkedHashMap<>();
    private boolean over;

    InMemoryListener(InMemoryServer server, Faults faults) {
        this.server = server;
        this.faults = faults;
        server.listen(this);
    }

    void hear(String election, News news) {
        if (faults.strike(Act.NOTICE).outcome() == Outcome.ANSWERED) {
            heard.put(election, news);
        }
    }

    void cutOff() {
        over = true;
    }

    @Override
    public Map<String, News> await(Duration atMost) throws SessionException {
        requireConnected();
        if (heard.isEmpty()) {
            faults.elapse(atMost);
            requireConnected();
        }
        Map<String, News> announced = new LinkedHashMap<>(heard);
        heard.clear();
        return announced;
    }

    @Override
    public void ping() throws SessionException {
        requireConnected();
        if (faults.strike(Act.PING).outcome() != Outcome.ANSWERED) {
            throw Route.unreachable("no sign of life");
        }
    }

    private void requireConnected() throws SessionException {
        if (over) {
            throw Route.unreachable("the listener was cut off");
        }
    }

    @Override
    public void abort() {
        close();
    }

    @Override
    public void close() {
        over = true;
        server.forget(this);
    }
}
