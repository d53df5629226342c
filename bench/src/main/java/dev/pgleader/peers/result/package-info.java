/** Measured values, what they amount to, and how they compare with bounds and with each other. Pure, but for two files. */
package dev.pgleader.peers.result;
