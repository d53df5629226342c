package dev.pgleader.bench;

import java.util.List;

/** One case: something that happens to leaders again and again and is measured each time. */
interface Scenario {

    /** Returns the word by which the case is asked for. */
    String name();

    /** Measures, and leaves no process behind that would disturb the next case. */
    List<Figure> measure(Lab lab) throws Exception;
}
