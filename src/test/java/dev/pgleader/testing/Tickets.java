package dev.pgleader.testing;

import dev.pgleader.Ticket;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Looks at tickets without waiting for them. */
public final class Tickets {

    private Tickets() {}

    /** Returns whether {@code ticket} has its answer. */
    public static boolean isAnswered(Ticket<?> ticket) throws InterruptedException {
        try {
            ticket.await(Duration.ZERO);
            return true;
        } catch (TimeoutException open) {
            return false;
        }
    }
}
