package dev.pgleader.peers.scenario;

import dev.pgleader.peers.machine.Lab;
import dev.pgleader.peers.result.Results;

/** Lets something happen to leaders again and again. */
public interface Scenario {

    /**
     * Measures. May leave processes behind, which the lab ends.
     *
     * @param lab servers and processes
     * @param effort how much to measure
     * @param results where the values go
     * @throws Exception if something could not be measured
     */
    void measure(Lab lab, Effort effort, Results results) throws Exception;
}
