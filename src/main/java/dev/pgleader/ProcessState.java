package dev.pgleader;

import java.util.Locale;

/** What this process is to an election, or what its leader is. The text form is the name in lower case. */
public enum ProcessState {
    /** Does not lead. Somebody else may, or nobody. */
    FOLLOWING,
    /** Was elected and is restoring its state; it should not serve yet. */
    RECOVERING,
    /** Leads. */
    LEADING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
