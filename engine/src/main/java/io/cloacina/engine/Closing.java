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
 * How an engine ends, whatever hangs: one thread of its own does it, step by step, each in a thread that it waits for
 * until a moment which is known from the beginning; a step that does not end by then is logged once and left behind. A
 * caller of close waits for all of it, unless the engine waits for the caller: a body, a callback. Thread safe.
 */
final class Closing {
    /**
     * How much longer than the grace it may take. Two seconds are for bodies that are interrupted; a commit takes
     * milliseconds, and a server that does not answer within a few seconds will not.
     */
    static final Duration EXTRA = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    /** How long a body may take to notice that it is interrupted. */
    private static final Duration TO_NOTICE = Duration.ofSeconds(2);

    /** What has no grace gets as much: it is not user code. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** What the database refuses for so long will not succeed before the program ends; it runs again then. */
    private static final Duration KEPT = Duration.ofSeconds(15);

    // After the grace, when the last writes, the lease, callbacks and the database are given up.
    private static final Duration WRITES = Duration.ofSeconds(4);
    private static final Duration LEASE = Duration.ofMillis(4_250);
    private static final Duration TELLING = Duration.ofMillis(4_500);
    private static final Duration DATABASE = Duration.ofMillis(4_700);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration TELLER_TO_NOTICE = Duration.ofMillis(200);

    private final EngineRuntime runtime;
    private final SharedParts parts;
    private final TaskExecutor executor;
    private final Runnable atOnce;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Deadline end = Deadline.NEVER;
    private volatile int interrupted;

    /** @param atOnce what is done before all, by who closes first: nothing begins any more */
    Closing(EngineRuntime runtime, TaskExecutor executor, Runnable atOnce) {
        this.runtime = runtime;
        this.parts = runtime.parts();
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /** The first call begins it; each returns when it has ended. */
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
                } finally {
                    ended.countDown();
                }
            });
        }
        if (parts.own().present() == null) {
            // The slack is for a machine that is so busy that the thread which ends it comes late.
            end.plus(LEAST).await(nanos -> ended.await(nanos, TimeUnit.NANOSECONDS));
        }
    }

    /** Whether all has ended that ends. */
    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    private void run(Deadline grace) {
        Timer timer = parts.timer();
        WriteLanes lanes = runtime.lanes();
        Deadline writes = grace.plus(WRITES);
        lanes.keepUntil(grace.orEarlier(Deadline.in(KEPT)));
        timer.stopAllButHeart();
        // What was claimed before is started by then, so that the dispatcher is seen to run all of it.
        grace.orLater(Deadline.in(LEAST)).awaitEnd(inThread("cloacina-close-settle", lanes::settle));
        endBodies(grace);
        runtime.dispatcher().close();
        giveBackRest(writes);
        executor.close();
        step("maintenance", writes.orEarlier(Deadline.in(LEAST)), timer::awaitAllButHeart);
        boolean isWritten = step("writing what waits", writes, lanes::close);
        List<String> hanging = lanes.giveUp();
        if (!isWritten) {
            LOG.warn("closing: the database does not answer {}: pending writes are not stored", hanging);
        }
        // The lease lasts to the very end of the work: until then nobody else may take what runs here.
        step("ending the lease, which will run out otherwise,", grace.plus(LEASE), this::endLease);
        step("sending notifications", grace.plus(LEASE), () -> {
            timer.stopHints();
            parts.notifier().flush();
        });
        tellRest(grace);
        if (runtime.mode().runsTasks()) {
            LOG.info(
                    "stopped runner {}; {} tasks did not end within the grace",
                    parts.lease().runner(),
                    interrupted);
        }
        Deadline last = grace.plus(DATABASE);
        // What does not end by now lost its connection before, and is not worth waiting for.
        boolean isAll = runtime.dispatcher().isIdle();
        runtime.leaveDatabase((isAll ? last : last.orEarlier(Deadline.in(LEAST))).left());
    }

    /** Lets running tasks end within the grace, and interrupts those that do not. */
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
            // A transaction that does not end would hold up all others on SQLite, and its locks anybody.
            step("rolling back what does not end", writes, this::cutOff);
            step("giving back what does not end", writes, dispatcher::giveBackAll);
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

    /** Those of what is under way, null for what is not in its body. */
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

    /** Callbacks have the grace, as bodies do. */
    private void tellRest(Deadline grace) {
        EventPublisher publisher = runtime.publisher();
        Deadline last = grace.plus(TELLING);
        Thread telling = inThread("cloacina-close-events", publisher::close);
        Deadline enough = grace.orLater(Deadline.in(LEAST)).orEarlier(last);
        if (hasCome(enough, () -> !telling.isAlive(), () -> tellers(publisher))) {
            return;
        }
        String who = publisher.telling();
        String how = how(tellers(publisher).get(0));
        int untold = publisher.giveUp();
        boolean hasNoticed = last.orEarlier(Deadline.in(TELLER_TO_NOTICE)).awaitEnd(telling);
        LOG.warn(
                "closing: {} {}; {} further events are not delivered",
                who,
                hasNoticed ? "took too long and was interrupted" : how,
                untold);
    }

    /** A null for none: one may be between two calls. */
    private static List<@Nullable Thread> tellers(EventPublisher publisher) {
        List<@Nullable Thread> telling = new ArrayList<>(publisher.tellers());
        return telling.isEmpty() ? Collections.singletonList(null) : telling;
    }

    /**
     * Whether it has come by then. It is not waited for any longer when all threads that it waits for end the JVM:
     * these do not come back before the shutdown hook that closes here has returned.
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

    /** Whether it has ended by then, well or not; otherwise it is left behind. */
    private boolean step(String what, Deadline deadline, Runnable doing) {
        Thread thread = inThread("cloacina-close-step", () -> {
            try {
                doing.run();
            } catch (Throwable e) { // what cannot be done keeps nothing else from being done
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
        } catch (OutOfMemoryError e) { // the system has no thread left: better here than not at all
            doing.run();
        }
        return thread;
    }
}
