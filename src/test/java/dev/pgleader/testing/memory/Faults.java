package dev.pgleader.testing.memory;

import java.time.Duration;

/**
 * What goes wrong between one process and its database, statement by statement. An implementation may count or record the
 * statements as well.
 */
public interface Faults {

    /** Nothing ever goes wrong, and no time passes. */
    Faults NONE = act -> Fault.NONE;

    /**
     * Decides what becomes of a statement that sets out now.
     *
     * @param act what is asked of the server
     * @return what becomes of it
     */
    Fault strike(Act act);

    /**
     * Lets time pass for the process that waits for an answer. A simulation may let others act meanwhile.
     *
     * @param length how much
     */
    default void elapse(Duration length) {}

    /**
     * Has something reach the server after the process has given it up.
     *
     * @param effect what it does there
     */
    default void postpone(Runnable effect) {
        throw new UnsupportedOperationException("whoever says " + Outcome.LATE + " says when");
    }

    /** What can be asked of a server. */
    enum Act {
        /** Open a session. */
        OPEN_SESSION,
        /** Open a listener. */
        OPEN_LISTENER,
        /** Read rows. */
        LOOK,
        /** Make the session's row, and take the lock behind it. */
        ENTER,
        /** Extend the session's row. */
        RENEW,
        /** Remove the session's row. */
        LEAVE,
        /** Create rows. */
        REGISTER,
        /** Take elections. */
        BID,
        /** Say that leaders are ready. */
        LEAD,
        /** Empty rows as free ones. */
        VACATE,
        /** Empty rows as ones that must stand still. */
        DETACH,
        /** Announce. */
        ANNOUNCE,
        /** Ask leaders to resign. */
        ASK_TO_RESIGN,
        /** Put candidates on the list, or take them off it. */
        LIST,
        /** Ask for a sign of life. */
        PING,
        /** Close a connection: if this fails, the server goes on believing in the session. */
        CLOSE,
        /** The server's word that it has ended a session: if this fails, its client does not hear of it. */
        END,
        /** Deliver one announcement to one listener: if this fails, it is lost. */
        NOTICE
    }

    /** When a statement fails. */
    enum Outcome {
        /** It does not. */
        ANSWERED,
        /** It never reached the server. */
        LOST,
        /** It took effect, and the answer was lost. */
        ANSWER_LOST,
        /** The process gave it up, and it takes effect after that. */
        LATE,
        /**
         * It has begun, so that its snapshot is taken, and its server process stands still: the process gives it up, and it
         * takes effect when the server process goes on, if it ever does. Until then its lock stays held.
         */
        HALTED,
        /** It took effect, and its server process stands still for ever after, with its lock held. */
        STUCK
    }

    /**
     * What becomes of one statement.
     *
     * @param outcome whether and when it fails
     * @param beforeEffect the time until it reaches the server and sees what it is to see
     * @param inTheMiddle the time from then until it acts on that
     * @param afterEffect the time from its effect until the process knows the outcome
     */
    record Fault(Outcome outcome, Duration beforeEffect, Duration inTheMiddle, Duration afterEffect) {

        /** Answered, at once. */
        public static final Fault NONE = of(Outcome.ANSWERED);

        /** Without time in the middle. */
        public Fault(Outcome outcome, Duration beforeEffect, Duration afterEffect) {
            this(outcome, beforeEffect, Duration.ZERO, afterEffect);
        }

        /**
         * An outcome without delay.
         *
         * @param outcome the outcome
         * @return the fault
         */
        public static Fault of(Outcome outcome) {
            return new Fault(outcome, Duration.ZERO, Duration.ZERO);
        }

        /**
         * Answered, but slowly.
         *
         * @param beforeEffect the time until it takes effect
         * @param afterEffect the time from then until the answer
         * @return the fault
         */
        public static Fault delay(Duration beforeEffect, Duration afterEffect) {
            return new Fault(Outcome.ANSWERED, beforeEffect, afterEffect);
        }

        /**
         * Answered, by a server process that stood still between seeing and acting.
         *
         * @param length for so long
         * @return the fault
         */
        public static Fault inTheMiddle(Duration length) {
            return new Fault(Outcome.ANSWERED, Duration.ZERO, length, Duration.ZERO);
        }
    }
}
