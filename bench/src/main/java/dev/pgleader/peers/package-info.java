/**
 * Compares pgleader with other ways to elect a leader from Java.
 *
 * <p>{@link dev.pgleader.peers.Bench} is the program. A {@link dev.pgleader.peers.Series} is a system with settings; each of its
 * candidates is a JVM of its own ({@code candidate}), on a server of its own ({@code machine}). A case of {@code scenario} lets
 * something happen to leaders again and again, the systems taking turns, and keeps each measured value in {@code result}; {@code
 * page} makes the documentation's tables and plots of them.
 */
package dev.pgleader.peers;
