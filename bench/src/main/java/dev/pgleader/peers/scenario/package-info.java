/**
 * The cases. In each of them the systems take turns, so that whatever else the machine does disturbs all of them alike; what
 * takes seconds of waiting happens to all of them at the same time.
 */
package dev.pgleader.peers.scenario;
