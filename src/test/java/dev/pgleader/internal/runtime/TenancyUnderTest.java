package dev.pgleader.internal.runtime;

import dev.pgleader.ElectionConfig;
import dev.pgleader.LeadFunction;
import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Loss;
import dev.pgleader.internal.election.Reading;
import dev.pgleader.internal.election.Tenure;
import java.time.Duration;

/** A real leadership for tests outside this package, and a way to look at it that changes nothing. */
public final class TenancyUnderTest {

    private static final Duration MOMENT = Duration.ofNanos(1);

    private final Ticker ticker;
    private final Tenancy tenancy;

    /** Told what becomes of the work. */
    public interface Owner {
        /** The work is ready to lead. */
        void recovered();

        /** The work threw an exception. */
        void failed();

        /** The time was over, and the work has been cancelled for it. */
        void expired();

        /** All of the cancelled work has returned. */
        void stopped();

        /** The watchdog may have to come by earlier than it was told. */
        void alarmSet();
    }

    /** Begins a leadership. */
    public TenancyUnderTest(
            String election, Tenure tenure, ElectionConfig config, Ticker ticker, Fencing fence, Owner owner) {
        this.ticker = ticker;
        this.tenancy = new Tenancy(election, tenure, config, ticker, fence, new TenancyEvents() {
            @Override
            public void recovered(Tenancy mine) {
                owner.recovered();
            }

            @Override
            public void failed(Tenancy mine) {
                owner.failed();
            }

            @Override
            public void expired(Tenancy mine) {
                owner.expired();
            }

            @Override
            public void stopped(Tenancy mine) {
                owner.stopped();
            }

            @Override
            public void alarmSet(Tenancy mine) {
                owner.alarmSet();
            }

            @Override
            public void beat(Runnable then) {
                throw new UnsupportedOperationException("nobody can wait here");
            }

            @Override
            public void aside(Runnable task) {
                task.run();
            }
        });
    }

    Tenancy tenancy() {
        return tenancy;
    }

    /** Starts the work. */
    public void start(LeadFunction lead) {
        tenancy.start(lead);
    }

    /** Believes for longer. */
    public void extend(Tenure longer) {
        tenancy.extend(longer.trust());
    }

    /** Ends the leadership. */
    public void cancel(Loss why) {
        tenancy.cancel(LossReason.valueOf(why.name()));
    }

    /** Does what the watchdog does when it comes by; returns whether the leadership was over. */
    public boolean inspect() {
        boolean wasOver = tenancy.isCancelled();
        tenancy.attend(ticker.read());
        tenancy.alarms().failure().ifPresent(thrown -> {
            throw new IllegalStateException(thrown);
        });
        return !wasOver && tenancy.isCancelled();
    }

    /** Asks as a user would, which settles the matter for good where the answer is no. */
    public boolean isHeld() {
        return tenancy.isHeld();
    }

    /** Returns what the leadership would answer if it were asked now. */
    public boolean wouldSayHeld() {
        Reading justBefore = tenancy.deadline().at().plus(MOMENT.negated());
        return !tenancy.isOver(justBefore) && !ticker.hasPassed(tenancy.deadline());
    }

    /** Returns when the watchdog is to come by. */
    public Reading nextDue() {
        return tenancy.alarms().nextDue().at();
    }

    /** Returns when it is over if it is not extended. */
    public Reading deadline() {
        return tenancy.deadline().at();
    }

    /** Returns the term. */
    public long term() {
        return tenancy.term();
    }

    /** Returns whether the work was cancelled. */
    public boolean isCancelled() {
        return tenancy.isCancelled();
    }

    /** Returns whether the work was cancelled and all of it has returned. */
    public boolean hasStopped() {
        return tenancy.work().hasStopped();
    }
}
