package dev.pgleader.peers.page;

import dev.pgleader.peers.result.Samples;
import java.awt.Color;

/**
 * One row of a plot. Immutable.
 *
 * @param title the system
 * @param settings what of its settings matters here
 * @param samples the values, all of which are shown
 * @param tint whose they are
 */
record Strip(String title, String settings, Samples samples, Tint tint) {

    /** Whose values are shown, by colour. Blue and orange are told apart by those who do not see red and green. */
    enum Tint {
        /** The library's. */
        OURS(new Color(0x1f, 0x6f, 0xb4)),
        /** The library's of an earlier edition. */
        BEFORE(new Color(0x7f, 0xa8, 0xcc)),
        /** A peer's. */
        PEER(new Color(0xc4, 0x6a, 0x12));

        private final Color color;

        Tint(Color color) {
            this.color = color;
        }

        Color color() {
            return color;
        }

        /** Returns the colour for one of many values, which darkens where they lie on each other. */
        Color translucent() {
            return new Color(color.getRed(), color.getGreen(), color.getBlue(), 0x60);
        }
    }
}
