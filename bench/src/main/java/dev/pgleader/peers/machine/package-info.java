/** Servers and processes: what a case needs to let something happen, and what the measured values depend on. */
package dev.pgleader.peers.machine;
