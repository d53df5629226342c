package dev.pgleader.internal.runtime;

import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Loss;

/** The core's reasons in the users' words. */
final class Reasons {

    private Reasons() {}

    static LossReason of(Loss loss) {
        return switch (loss) {
            case RESIGNED -> LossReason.RESIGNED;
            case HANDED_OVER -> LossReason.HANDED_OVER;
            case PREEMPTED -> LossReason.PREEMPTED;
            case CLOSED -> LossReason.CLOSED;
            case FAILED -> LossReason.FAILED;
            case DEPOSED -> LossReason.DEPOSED;
            case EXPIRED -> LossReason.EXPIRED;
            case SESSION_LOST -> LossReason.SESSION_LOST;
        };
    }
}
