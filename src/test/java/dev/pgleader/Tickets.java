package dev.pgleader;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Looks at tickets without waiting for them. */
final class Tickets {

    private Tickets() {}

    static boolean isAnswered(Ticket<?> ticket) throws InterruptedException {
        try {
            ticket.await(Duration.ZERO);
            return true;
        } catch (TimeoutException open) {
            return false;
        }
    }
}
