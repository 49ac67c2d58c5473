/**
 * Measures the engine beside other libraries that run work durably in a Java process: {@link
 * io.cloacina.benchmarks.peers.PeersCommand} is the entry.
 *
 * <p>Invariants: each library works in a fresh JVM and an empty database, with none of the others beside it, and with commits as
 * durable as ours, which is looked up and not believed; they take turns within a round; it is counted how often each job ran.
 */
@NullMarked
package io.cloacina.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
