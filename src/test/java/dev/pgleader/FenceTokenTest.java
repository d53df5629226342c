package dev.pgleader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Fence} as a text. */
class FenceTokenTest {

    @Test
    void token_isTheTermAndTheElection() {
        assertEquals("1000000000042@orders", new Fence("orders", 1_000_000_000_042L).token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "a@b", "@", "1@2@3", "Bestellungen für 'Ö'; drop table x", "\uD83D\uDC51", " x "})
    void anyElection_comesBackFromItsToken(String election) {
        Fence fence = new Fence(election, Long.MAX_VALUE);

        assertEquals(fence, Fence.parse(fence.token()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "orders",
                "@orders",
                "7@",
                "7@ ",
                "0@orders",
                "-7@orders",
                "x@orders",
                "7 @orders",
                "9223372036854775808@orders"
            })
    void otherText_isRefused_withTheText(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Fence.parse(text));

        assertTrue(String.valueOf(refusal.getMessage()).contains("'" + text + "'"), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "\uD800"})
    void electionThatCannotBe_isRefused(String election) {
        assertThrows(IllegalArgumentException.class, () -> new Fence(election, 1));
    }
}
