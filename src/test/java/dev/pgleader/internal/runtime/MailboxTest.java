package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MailboxTest {

    private final Machines machines = new Machines();
    private final Conductor conductor = machines.start(
                    new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1)), Machine.TIMINGS)
            .conductor;
    private final Mailbox mailbox = new Mailbox();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void end() {
        conductor.end();
    }

    @Test
    void whatHasCome_isDoneInItsOrder() throws Exception {
        mailbox.post(body -> done.add("one"));
        mailbox.post(body -> done.add("two"));

        mailbox.deliver(conductor, 0);
        mailbox.deliver(conductor, 0);

        assertEquals(List.of("one", "two"), done);
    }

    /** As work does that stands in one election after the other, and events that come from a hundred thousand of them. */
    @Test
    void whatComesMeanwhile_isLeftForTheNextTime_soThatTheLoopGoesOn() throws Exception {
        mailbox.post(new Consumer<>() {
            @Override
            public void accept(Conductor body) {
                done.add("again");
                mailbox.post(this);
            }
        });

        mailbox.deliver(conductor, 0);
        mailbox.deliver(conductor, 0);

        assertEquals(List.of("again", "again"), done);
    }

    @Test
    void moreThanAHeartbeatWouldWaitFor_isDoneInParts() throws Exception {
        for (int i = 0; i < Mailbox.MOST + 1; i++) {
            mailbox.post(body -> done.add("one"));
        }

        mailbox.deliver(conductor, 0);
        assertEquals(Mailbox.MOST, done.size());
        mailbox.deliver(conductor, 0);
        assertEquals(Mailbox.MOST + 1, done.size());
    }
}
