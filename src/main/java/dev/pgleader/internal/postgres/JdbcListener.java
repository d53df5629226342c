package dev.pgleader.internal.postgres;

import dev.pgleader.internal.election.News;
import dev.pgleader.internal.runtime.BusyException;
import dev.pgleader.internal.runtime.Listener;
import dev.pgleader.internal.runtime.SessionException;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.PGNotification;

/** The listening connection over JDBC. Listening thread only, except {@link #abort}. */
final class JdbcListener implements Listener {

    private final Wire wire;

    private JdbcListener(Wire wire) {
        this.wire = wire;
    }

    /** Listens to a channel on a session that is this connection's own. */
    static JdbcListener open(Wire wire, String channel) throws SessionException {
        try {
            wire.update("listen " + channel, statement -> {});
            wire.opened();
            return new JdbcListener(wire);
        } catch (BusyException busy) {
            throw new SessionException(Problems.doubtful("listening waited for a lock"), busy);
        }
    }

    @Override
    public Map<String, News> await(Duration atMost) throws SessionException {
        Map<String, News> news = new HashMap<>();
        for (PGNotification announcement : wire.notifications(atMost)) {
            String text = announcement.getParameter();
            news.put(Announcements.election(text), Announcements.news(text));
        }
        return news;
    }

    @Override
    public void ping() throws SessionException {
        try {
            wire.query("select 1", statement -> {}, ResultSet::next);
        } catch (BusyException impossible) {
            throw new SessionException(Problems.doubtful("a sign of life waited for a lock"), impossible);
        }
    }

    @Override
    public void abort() {
        wire.abort();
    }

    @Override
    public void close() {
        wire.close();
    }
}
