package dev.pgleader.internal.runtime;

import dev.pgleader.internal.election.Command;
import dev.pgleader.internal.election.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of elections that this process has won: writes that their leaders are ready to serve, and empties them. Loop
 * thread only.
 */
final class HeldRows {

    /** How many rows one statement writes, so that a heartbeat need not wait for long behind it. */
    private static final int MOST_WRITTEN = 500;

    private final Ticker ticker;
    private final Orders orders;
    private final Round round;

    HeldRows(Ticker ticker, Orders orders, Round round) {
        this.ticker = ticker;
        this.orders = orders;
        this.round = round;
    }

    /** Writes that leaders are ready to serve. */
    void lead(Session session) throws SessionException {
        Map<Contender, Command.Lead> asked = orders.drain(Command.Lead.class, MOST_WRITTEN);
        List<Session.Held> held = new ArrayList<>(asked.size());
        asked.forEach((contender, lead) ->
                held.add(held(contender, lead.tenure().term(), lead.tenure().session())));
        Set<String> led = Round.orNothing(() -> session.lead(held)).orElse(Set.of());
        Reading now = ticker.read();
        asked.forEach((contender, lead) -> {
            if (led.contains(contender.election())) {
                contender.step(
                        round,
                        now,
                        (state, me, at) -> state.led(me, lead.tenure().term(), at));
            }
        });
    }

    /** Empties rows whose work has stopped. */
    void vacate(Session session) throws SessionException {
        Map<Contender, Command.Vacate> asked = orders.drain(Command.Vacate.class, MOST_WRITTEN);
        List<Session.Vacation> vacations = new ArrayList<>(asked.size());
        asked.forEach((contender, vacate) -> vacations.add(new Session.Vacation(
                held(contender, vacate.term(), vacate.session()), vacate.loss(), vacate.successor())));
        released(
                asked.keySet(), Round.orNothing(() -> session.vacate(vacations)).orElse(Set.of()));
    }

    /** Empties rows whose work may still be running. */
    void detach(Session session) throws SessionException {
        Map<Contender, Command.Detach> asked = orders.drain(Command.Detach.class, MOST_WRITTEN);
        List<Session.Vacation> vacations = new ArrayList<>(asked.size());
        asked.forEach((contender, detach) -> vacations.add(new Session.Vacation(
                new Session.Held(
                        contender.election(),
                        detach.holder().orElse(contender.candidate().id()),
                        detach.term(),
                        detach.session()),
                detach.loss(),
                Optional.empty())));
        released(
                asked.keySet(), Round.orNothing(() -> session.detach(vacations)).orElse(Set.of()));
    }

    private void released(Set<Contender> asked, Set<String> released) {
        Reading now = ticker.read();
        for (Contender contender : asked) {
            if (released.contains(contender.election())) {
                contender.step(round, now, (state, me, at) -> state.vacated(me, at));
            } else {
                contender.step(round, now, (state, me, at) -> state.vacateRefused(me, at));
            }
        }
    }

    private static Session.Held held(Contender contender, long term, int session) {
        return new Session.Held(contender.election(), contender.candidate().id(), term, session);
    }
}
