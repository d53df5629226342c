package dev.pgleader.internal.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pgleader.LossReason;
import dev.pgleader.internal.election.Loss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users are told is what the core has decided. */
class ReasonsTest {

    @ParameterizedTest
    @EnumSource
    void loss_isToldByItsName(Loss loss) {
        assertEquals(LossReason.valueOf(loss.name()), Reasons.of(loss));
    }
}
