package dev.pgleader.internal.runtime;

/** Told what becomes of a leadership and its work; called on any thread. */
interface TenancyEvents {

    /** The work is ready to lead. */
    void recovered(Tenancy tenancy);

    /** The work threw an exception. */
    void failed(Tenancy tenancy);

    /** Trust ran out, and the work has been cancelled for it. */
    void expired(Tenancy tenancy);

    /** The work was cancelled and all of it has returned. */
    void stopped(Tenancy tenancy);

    /** Something may be due earlier than the watchdog knows. */
    void alarmSet(Tenancy tenancy);

    /** Has a heartbeat sent, and {@code then} run when it was answered or has failed, or cannot be sent any more. */
    void beat(Runnable then);

    /** Has something done, on another thread, that may block since it calls what the user has given. Takes no lock. */
    void aside(Runnable task);
}
