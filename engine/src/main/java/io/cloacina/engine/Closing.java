package io.cloacina.engine;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.run.Attempt;
import io.cloacina.engine.internal.run.Dispatcher;
import io.cloacina.engine.internal.run.EventPublisher;
import io.cloacina.engine.internal.run.TaskExecutor;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.WriteTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes an engine, even if threads hang: one thread of its own does it step by step, each step in a thread that it
 * waits for until a deadline that is set at the beginning. A step that does not end by then is logged once and
 * abandoned. A caller of close waits for all steps, unless the engine waits for the caller, which is a body or a
 * callback. Thread safe.
 */
final class Closing {
    /**
     * How much longer than the grace period closing may take: two seconds for bodies that are interrupted, and the rest
     * for commits, which take milliseconds, or a server that does not answer.
     */
    static final Duration EXTRA = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** How long a body may take to notice that it is interrupted. */
    private static final Duration TO_NOTICE = Duration.ofSeconds(2);

    /** The least time for each step that is not user code, even if there is no grace period. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** How long writes that the database refuses are retried. Their tasks run again later. */
    private static final Duration KEPT = Duration.ofSeconds(15);

    // When, after the grace period, the last writes, the lease, callbacks and the database are given up.
    private static final Duration WRITES = Duration.ofSeconds(4);
    private static final Duration LEASE = Duration.ofMillis(4_250);
    private static final Duration CALLBACKS = Duration.ofMillis(4_500);
    private static final Duration DATABASE = Duration.ofMillis(4_700);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CALL_TO_NOTICE = Duration.ofMillis(200);

    private final EngineRuntime runtime;
    private final SharedParts parts;
    private final TaskExecutor executor;
    private final Runnable atOnce;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Deadline end = Deadline.NEVER;
    private volatile int interrupted;

    /** @param atOnce runs first, in the thread that closes: it lets nothing more begin */
    Closing(EngineRuntime runtime, TaskExecutor executor, Runnable atOnce) {
        this.runtime = runtime;
        this.parts = runtime.parts();
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /** Starts closing at the first call; each call returns when closing has ended. */
    void close() {
        if (begun.compareAndSet(false, true)) {
            Deadline grace = Deadline.in(parts.settings().grace());
            end = grace.plus(EXTRA);
            atOnce.run();
            inThread("cloacina-close", () -> {
                try {
                    run(grace);
                } catch (Throwable e) { // the edge of a thread
                    LOG.error("closing failed", e);
                    runtime.leaveDatabase(LEAST);
                } finally {
                    ended.countDown();
                }
            });
        }
        if (parts.own().present() == null) {
            // The slack is for a busy machine on which the closing thread runs late.
            end.plus(LEAST).await(nanos -> ended.await(nanos, TimeUnit.NANOSECONDS));
        }
    }

    /** Whether closing has ended. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void run(Deadline grace) {
        Timer timer = parts.timer();
        WriteLanes lanes = runtime.lanes();
        Deadline writes = grace.plus(WRITES);
        lanes.keepUntil(grace.orEarlier(Deadline.in(KEPT)));
        timer.stopAllButHeart();
        // After this, claimed tasks are started, so that the dispatcher knows all of them.
        grace.orLater(Deadline.in(LEAST)).awaitEnd(inThread("cloacina-close-settle", lanes::settle));
        endBodies(grace);
        runtime.dispatcher().close();
        giveBackRest(writes);
        executor.close();
        step("maintenance", writes.orEarlier(Deadline.in(LEAST)), timer::awaitAllButHeart);
        boolean isWritten = step("storing pending writes", writes, lanes::close);
        List<String> hanging = lanes.giveUp();
        if (!isWritten) {
            LOG.warn("closing: the database does not answer {}: pending writes are not stored", hanging);
        }
        // The lease is kept until all work has ended: before, another runner must not take the tasks that run here.
        step("ending the lease, which will run out otherwise,", grace.plus(LEASE), this::endLease);
        step("sending notifications", grace.plus(LEASE), () -> {
            timer.stopNotifications();
            parts.notifier().flush();
        });
        callRest(grace);
        if (runtime.mode().runsTasks()) {
            LOG.info(
                    "stopped runner {}; {} tasks did not end within the grace",
                    parts.lease().runner(),
                    interrupted);
        }
        Deadline last = grace.plus(DATABASE);
        // Threads that have not ended by now lost their connections before, and are not waited for.
        boolean isAll = runtime.dispatcher().isIdle();
        runtime.leaveDatabase((isAll ? last : last.orEarlier(Deadline.in(LEAST))).left());
    }

    /** Lets running tasks end within the grace period, and interrupts the others. */
    private void endBodies(Deadline grace) {
        Dispatcher dispatcher = runtime.dispatcher();
        if (!hasCome(grace, dispatcher::isIdle, this::threadsOfBodies)) {
            interrupted = dispatcher.underWay().size();
            dispatcher.underWay().forEach(attempt -> attempt.interrupt(Attempt.Interruption.CLOSING));
            hasCome(Deadline.in(TO_NOTICE), dispatcher::isIdle, this::threadsOfBodies);
        }
    }

    private void giveBackRest(Deadline writes) {
        Dispatcher dispatcher = runtime.dispatcher();
        if (!dispatcher.isIdle()) {
            dispatcher.underWay().forEach(Closing::say);
            // Otherwise an open transaction would block all others on SQLite, and those that need its locks on
            // PostgreSQL.
            step("rolling back transactions of tasks that do not end", writes, this::cutOff);
            step(
                    "releasing tasks that do not end",
                    writes,
                    () -> dispatcher.giveBackAll(runtime.steps().committer()));
        }
    }

    private static void say(Attempt attempt) {
        Thread body = attempt.body();
        LOG.warn(
                "closing: task '{}' of execution {} {}; it may run again elsewhere",
                attempt.claim().taskName(),
                attempt.claim().execution(),
                body == null && attempt.begun() == 0
                        ? "has not begun: no thread was free for it"
                        : body == null
                                ? "is not over, because the database does not answer"
                                : how(body) + " (thread " + body.getName() + ")");
    }

    private static String how(@Nullable Thread thread) {
        return endsJvm(thread) ? "ends the program" : "does not end when it is interrupted";
    }

    /** The threads of the running attempts; null for an attempt that is not in its body. */
    private List<@Nullable Thread> threadsOfBodies() {
        List<@Nullable Thread> threads = new ArrayList<>();
        runtime.dispatcher().underWay().forEach(attempt -> threads.add(attempt.body()));
        return threads;
    }

    private void cutOff() {
        for (Attempt attempt : runtime.dispatcher().underWay()) {
            WriteTransaction transaction = attempt.transaction();
            if (transaction != null) {
                parts.database().cutOff(transaction);
            }
        }
    }

    private void endLease() {
        if (runtime.mode().runsTasks()) {
            parts.timer().stopHeart();
            parts.lease().end();
        }
    }

    /** Lets callbacks and listeners be called within the grace period, as bodies are. */
    private void callRest(Deadline grace) {
        EventPublisher publisher = runtime.publisher();
        Deadline last = grace.plus(CALLBACKS);
        Thread calling = inThread("cloacina-close-events", publisher::close);
        Deadline enough = grace.orLater(Deadline.in(LEAST)).orEarlier(last);
        if (hasCome(enough, () -> !calling.isAlive(), () -> callingThreads(publisher))) {
            return;
        }
        String who = publisher.currentCalls();
        String how = how(callingThreads(publisher).get(0));
        int undelivered = publisher.giveUp();
        boolean hasNoticed = last.orEarlier(Deadline.in(CALL_TO_NOTICE)).awaitEnd(calling);
        LOG.warn(
                "closing: {} {}; {} further events are not delivered",
                who,
                hasNoticed ? "took too long and was interrupted" : how,
                undelivered);
    }

    /** The threads that make a call; one null if there is none, because the publisher may be between two calls. */
    private static List<@Nullable Thread> callingThreads(EventPublisher publisher) {
        List<@Nullable Thread> calling = new ArrayList<>(publisher.callingThreads());
        return calling.isEmpty() ? Collections.singletonList(null) : calling;
    }

    /**
     * Waits until the condition holds; false if it does not by then. Stops waiting if all the given threads have called
     * {@link Runtime#exit}: they do not return before the shutdown hook that is closing here has returned.
     */
    private static boolean hasCome(
            Deadline deadline, BooleanSupplier seen, Supplier<List<@Nullable Thread>> waitedFor) {
        while (!deadline.isOver()) {
            if (deadline.orEarlier(Deadline.in(LOOK)).awaitSeen(seen)) {
                return true;
            }
            if (waitedFor.get().stream().allMatch(Closing::endsJvm)) {
                break;
            }
        }
        return seen.getAsBoolean();
    }

    private static boolean endsJvm(@Nullable Thread thread) {
        return thread != null
                && Stream.of(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                                && frame.getMethodName().equals("exit"));
    }

    /** Runs a step; false if it has not ended by the deadline. Then it is abandoned. A failed step has ended. */
    private boolean step(String what, Deadline deadline, Runnable doing) {
        Thread thread = inThread("cloacina-close-step", () -> {
            try {
                doing.run();
            } catch (Throwable e) { // a failed step must not prevent the next ones
                LOG.warn("closing: {} failed: {}", what, e.toString());
            }
        });
        boolean hasEnded = deadline.awaitEnd(thread);
        if (!hasEnded) {
            LOG.warn("closing: {} does not end and is abandoned", what);
        }
        return hasEnded;
    }

    private Thread inThread(String name, Runnable doing) {
        Thread thread = new Thread(() -> parts.own().run(OwnThreads.Work.OTHER, doing), name);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // no thread can be created: it runs in this one, without a limit of time
            doing.run();
        }
        return thread;
    }
}
