/**
 * What runs in the JVM of a candidate: {@link dev.pgleader.peers.candidate.Candidate} is the program, and each {@link
 * dev.pgleader.peers.candidate.Peer} stands in an election by one of the systems, as that system's documentation shows it.
 */
package dev.pgleader.peers.candidate;
