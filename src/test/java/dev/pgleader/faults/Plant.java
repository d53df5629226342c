package dev.pgleader.faults;

/** What is wrong with the candidates on purpose, so that the judges have something to find. */
enum Plant {
    /** Nothing: the library as it is. */
    NONE,
    /** A leadership is claimed for longer than the library says that it is held. */
    CLAIMS_TOO_LONG,
    /** A deposed leader goes on with writes that it calls fenced and that are not. */
    WRITES_WITHOUT_FENCE
}
