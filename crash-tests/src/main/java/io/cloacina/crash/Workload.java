package io.cloacina.crash;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.DatabaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the application does in a child: it submits in every way there is, and interferes with what it submitted. */
final class Workload {
    /** More than this are not left waiting: what was submitted shall end while processes are still being killed. */
    private static final int MAX_UNFINISHED = 200;

    private static final List<String> USUAL = Stream.concat(
                    Stream.of("single", "chain", "fan", "wide", "flaky", "slow", "effects", "losing"),
                    WaitingWorkflows.NAMES.stream())
            .toList();
    private static final int RECENT = 50;
    private static final int KEYS = 2_000;
    private static final long DRAIN_MILLIS = 200;

    private final Order order;
    private final Engine engine;
    private final History history;
    private final Child.Suicide suicide;
    private final Application application;
    private final Signaller signaller;
    private final Deque<UUID> recent = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean draining;
    private volatile boolean stopped;
    private int token;

    Workload(Order order, Engine engine, History history, Child.Suicide suicide) {
        this.order = order;
        this.engine = engine;
        this.history = history;
        this.suicide = suicide;
        this.application = new Application(order.url());
        this.signaller = new Signaller(engine, history);
    }

    void start() {
        begin("submit", this::submitOne, 1_000_000L / order.ratePerSecond());
        begin("interfere", this::interfere, 40_000);
        begin("signal", signaller::sendLate, 150_000);
    }

    /** Nothing new comes; paused executions go on. */
    void drain() throws InterruptedException, IOException {
        if (draining) {
            return;
        }
        draining = true;
        for (Thread thread : threads) {
            thread.join();
        }
        begin("resume", this::resumeAll, DRAIN_MILLIS * 1_000);
        begin("signal", random -> signaller.sendAll(), DRAIN_MILLIS * 1_000);
        Files.createFile(order.drained());
    }

    void stop() throws InterruptedException {
        draining = true;
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private interface Step {
        void run(Random random) throws InterruptedException;
    }

    private void begin(String name, Step step, long pauseMicros) {
        boolean whileDraining = draining;
        Thread thread = new Thread(() -> repeat(name, step, pauseMicros, whileDraining), "workload-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void repeat(String name, Step step, long pauseMicros, boolean whileDraining) {
        Random random = new Random(order.seed() + name.hashCode());
        try {
            while (!stopped && draining == whileDraining) {
                attempt(name, step, random);
                TimeUnit.MICROSECONDS.sleep(pauseMicros);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt(String name, Step step, Random random) throws InterruptedException {
        try {
            step.run(random);
        } catch (ExecutionStateException e) {
            // It ended meanwhile: that is how it may be.
        } catch (DatabaseException e) {
            // Reads say that the database is away; writes wait for it.
            if (!e.kind().isRetryable()) {
                history.write(History.Kind.PROBLEM, name + ": " + e);
            }
        } catch (CloacinaException e) {
            history.write(History.Kind.PROBLEM, name + ": " + e);
        }
    }

    private void submitOne(Random random) throws InterruptedException {
        if (token % 20 == 19) {
            awaitRoom();
        }
        String number = order.process() + "-" + token++;
        int way = random.nextInt(100);
        if (way < 15) {
            String key = "key-" + random.nextInt(KEYS);
            UUID id = engine.submit(Submission.of(usual(random))
                    .input(Map.of("token", number, WaitingWorkflows.CUSTOMER, customer(random)))
                    .idempotencyKey(key));
            suicide.pass(Point.AFTER_SUBMIT);
            history.write(History.Kind.SUBMITTED_WITH_KEY, id, key);
        } else if (way < 30) {
            join(number, random.nextInt(4) != 0);
        } else if (way < 40) {
            List<Submission> several = List.of(submission(random, number + "-a"), submission(random, number + "-b"));
            List<UUID> ids = engine.submitAll(several);
            suicide.pass(Point.AFTER_SUBMIT);
            for (int i = 0; i < ids.size(); i++) {
                submitted(
                        several.get(i),
                        ids.get(i),
                        String.valueOf(several.get(i).input().get("token")),
                        random);
            }
        } else {
            Submission one = submission(random, number);
            UUID id = engine.submit(way < 60 ? one.delay(Duration.ofMillis(random.nextInt(1_500))) : one);
            suicide.pass(Point.AFTER_SUBMIT);
            submitted(one, id, number, random);
        }
    }

    private static Submission submission(Random random, String number) {
        return Submission.of(usual(random))
                .input(Map.of("token", number, WaitingWorkflows.CUSTOMER, customer(random)))
                .priority(random.nextInt(3));
    }

    private static String customer(Random random) {
        return "c" + random.nextInt(WaitingWorkflows.CUSTOMERS);
    }

    private static String usual(Random random) {
        return USUAL.get(random.nextInt(USUAL.size()));
    }

    private void submitted(Submission submission, UUID id, String number, Random random) {
        history.write(History.Kind.SUBMITTED, id, number);
        if (submission.workflow().equals(WaitingWorkflows.SIGNALLED)) {
            signaller.sendEarly(id, random);
        }
        synchronized (recent) {
            recent.addLast(id);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        }
    }

    /** The order and its execution are there together, or neither is. */
    private void join(String number, boolean commits) {
        try (Connection connection = application.connect()) {
            connection.setAutoCommit(false);
            UUID id = engine.submit(
                    connection, Submission.of(MixedWorkflows.ORDER).input(Map.of("token", number)));
            Application.insertOrder(connection, number, id);
            if (commits) {
                connection.commit();
                suicide.pass(Point.AFTER_SUBMIT);
                history.write(History.Kind.JOINED, id, number);
            } else {
                connection.rollback();
                history.write(History.Kind.ROLLED_BACK, id);
            }
        } catch (SQLException e) {
            // The application's own connection was cut or the database is away: its transaction is rolled back, or it
            // is
            // not known whether it is committed. The tables will say, and must agree.
        }
    }

    private void awaitRoom() throws InterruptedException {
        while (!draining && unfinished() > MAX_UNFINISHED) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private int unfinished() {
        int running = engine.list(
                        ExecutionQuery.all().status(ExecutionStatus.RUNNING).limit(MAX_UNFINISHED + 1))
                .size();
        return running
                + engine.list(ExecutionQuery.all()
                                .status(ExecutionStatus.PENDING)
                                .limit(MAX_UNFINISHED + 1))
                        .size();
    }

    private void interfere(Random random) throws InterruptedException {
        int way = random.nextInt(10);
        if (way == 9) {
            // Who has paused some may have died before they went on.
            resumeAll(random);
            return;
        }
        if (way < 3) {
            List<Execution> failed = engine.list(
                    ExecutionQuery.all().status(ExecutionStatus.FAILED).limit(10));
            if (!failed.isEmpty()) {
                UUID id = failed.get(random.nextInt(failed.size())).id();
                history.write(History.Kind.RETRYING, id);
                engine.retry(id, RetryMode.evenAfterCompensation());
            }
            return;
        }
        UUID id;
        synchronized (recent) {
            if (recent.isEmpty()) {
                return;
            }
            id = List.copyOf(recent).get(random.nextInt(recent.size()));
        }
        if (way < 5) {
            engine.cancel(id);
            history.write(History.Kind.CANCELLED, id);
        } else {
            engine.pause(id, "for a moment");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
            engine.resume(id);
        }
    }

    private void resumeAll(Random random) {
        for (Execution paused :
                engine.list(ExecutionQuery.all().status(ExecutionStatus.PAUSED).limit(1_000))) {
            try {
                engine.resume(paused.id());
            } catch (ExecutionStateException e) {
                // Another process was faster.
            }
        }
    }
}
