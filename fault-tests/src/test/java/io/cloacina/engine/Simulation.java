package io.cloacina.engine;

import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.run.Attempt;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.Removal;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a few runners on one database. The seed decides everything: which step comes next, how it ends, and who
 * dies. Steps are transactions, and nothing smaller is visible to another process.
 */
final class Simulation {
    private final Database database;
    private final Random random;
    private final List<String> trace = new ArrayList<>();
    private final SimulationReference reference = new SimulationReference();
    private final List<SimulatedWorkflow> workflows = new ArrayList<>();
    private final List<SimulatedRunner> runners = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private List<UniversalUuid> old = List.of();
    private int runnersBegun;
    private int steps;
    private final boolean stormy;
    private final boolean unlucky;
    private boolean calm;
    private @Nullable AssertionError fault;

    Simulation(Database database, long seed) {
        this.database = database;
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.stormy = seed % 4 == 0;
        this.unlucky = seed % 5 == 0;
        workflows.add(SimulatedWorkflow.random("left", random));
        workflows.add(SimulatedWorkflow.random("right", random));
        workflows.forEach(workflow -> trace.add(workflow.toString()));
    }

    SimulatedWorkflow workflow(String name) {
        return workflows.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    int steps() {
        return steps;
    }

    void tell(String what) {
        trace.add("   " + what);
    }

    String trace() {
        return String.join("\n", trace);
    }

    /** Lets things happen at random, then lets everything come to its end in peace. */
    void run(int randomSteps) {
        begin(2);
        for (int i = 0; i < randomSteps; i++) {
            List<SimulatedRunner> live = runners();
            if (live.isEmpty()) {
                begin(workflows.size());
            } else {
                anything(one(live));
            }
        }
        calm = true;
        new SimulatedEnd(this).run();
    }

    /** A runner of the first workflows begins. */
    SimulatedRunner begin(int has) {
        SimulatedClock clock = new SimulatedClock(() -> now);
        List<WorkflowDefinition> definitions = workflows.subList(0, has).stream()
                .map(workflow -> workflow.definition(context -> body(context, clock.instant())))
                .toList();
        SimulatedRunner runner =
                new SimulatedRunner("r" + runnersBegun++, this, database, definitions, 1 + random.nextInt(4), clock);
        runners.add(runner);
        happened(new SimulatedStep("begins with " + has + " workflows", runner));
        return runner;
    }

    List<SimulatedRunner> runners() {
        return runners.stream().filter(SimulatedRunner::isAlive).toList();
    }

    SimulationReference reference() {
        return reference;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private SimulatedRunner.Fate fate() {
        int any = calm ? 99 : random.nextInt(100);
        return any < 6
                ? SimulatedRunner.Fate.ROLLED_BACK
                : any < 10
                        ? SimulatedRunner.Fate.ANSWER_LOST
                        : any < 11
                                ? SimulatedRunner.Fate.DIES_BEFORE
                                : any < 12 ? SimulatedRunner.Fate.DIES_AFTER : SimulatedRunner.Fate.COMMITTED;
    }

    private void anything(SimulatedRunner runner) {
        if (stormy && random.nextInt(3) == 0) {
            // Most claims are taken away before anything comes of them, and taken again by those who have come back.
            SimulatedRunner unlucky = one(runners);
            expire(unlucky);
            runner.lookAtOthers();
            runner.others().stream()
                    .filter(other -> other.id().equals(unlucky.lease().runner()))
                    .forEach(other -> sweep(runner, other));
            runners().forEach(this::renew);
            return;
        }
        int any = random.nextInt(100);
        if (any < 10) {
            submit(runner);
        } else if (any < 20) {
            runner.write("claims", new ArrayList<>(List.of(new Write.Nudge())), fate());
        } else if (any < 42) {
            beginBody(runner);
        } else if (any < 62) {
            record(runner);
        } else if (any < 66) {
            if (!runner.unanswered().isEmpty()) {
                runner.write("tries again", runner.unanswered().remove(0), fate());
            }
        } else if (any < 74) {
            intervene(runner);
        } else if (any < 80) {
            wake(runner);
        } else if (any < 84) {
            poll(runner);
        } else if (any < 88) {
            runner.lookAtOthers();
        } else if (any < 92) {
            sweep(runner);
        } else {
            rarely(runner, random.nextInt(12));
        }
    }

    private void rarely(SimulatedRunner runner, int any) {
        if (any < 3) {
            expire(one(runners));
        } else if (any < 5) {
            renew(runner);
        } else if (any < 6) {
            runner.die();
            happened(new SimulatedStep("dies", null));
        } else if (any < 7) {
            if (runners().size() < 4) {
                begin(1 + random.nextInt(2));
            }
        } else if (any < 8) {
            reconcile(runner);
        } else if (any < 9) {
            runner.clock().set(random);
            happened(new SimulatedStep("sets its " + runner.clock(), runner));
        } else if (any < 10) {
            setClockOfDatabase();
        } else {
            remove(runner);
        }
    }

    private void submit(SimulatedRunner runner) {
        new SimulatedSubmission(this, runner, random).run(some(runner), fate());
    }

    private List<Outcome> some(SimulatedRunner runner) {
        List<Outcome> some = new ArrayList<>();
        runner.ended().forEach(finish -> {
            if (random.nextBoolean()) {
                some.add(finish);
            }
        });
        return some;
    }

    private void beginBody(SimulatedRunner runner) {
        List<Attempt> waiting = runner.toBegin();
        if (waiting.isEmpty()) {
            return;
        }
        Attempt attempt = one(waiting);
        int any = random.nextInt(20);
        if (any == 0) {
            runner.hang(attempt);
            happened(new SimulatedStep("hangs in " + SimulatedRunner.key(attempt.claim()), runner));
        } else if (any == 1) {
            runner.interrupt(attempt, Attempt.Interruption.CLOSING);
        } else {
            boolean isLost = unlucky && random.nextInt(3) > 0;
            runner.runBody(attempt, isLost ? SimulatedRunner.Fate.ROLLED_BACK : fate());
        }
    }

    /** The transaction of a body was lost so often that its attempt has failed, whatever the body did. */
    void lost(Attempt attempt) {
        String place = Simulated.hex(attempt.claim().execution()) + "/"
                + attempt.claim().taskName();
        reference.ran(place, attempt.claim().attempt(), new SimulationReference.Script(false, Map.of(), now));
        trace.add(
                "   the transaction of " + place + " attempt " + attempt.claim().attempt() + " is lost for good");
    }

    /** The work of all tasks. Whatever is wrong here would only fail the attempt: it is kept, and told afterwards. */
    private void body(TaskContext context, Instant at) throws Exception {
        String execution = Simulated.hex(UniversalUuid.of(context.executionId()));
        String place = execution + "/" + context.taskName();
        try {
            Map<String, Integer> seen = Simulated.input(JsonContext.parse(context.json(), place));
            var mayBeSeen = reference.mayBeSeen(execution, context.taskName());
            Simulated.require(
                    mayBeSeen.isEmpty() || mayBeSeen.contains(seen),
                    () -> place + " sees " + seen + " instead of " + mayBeSeen);
        } catch (AssertionError e) {
            fault = e;
        }
        Map<String, @Nullable Integer> values = SimulatedWorkflow.randomValues(random, true);
        boolean completes = random.nextInt(calm ? 6 : 3) > 0;
        reference.ran(place, context.attempt(), new SimulationReference.Script(completes, values, at));
        trace.add(
                "   body of " + place + " attempt " + context.attempt() + (completes ? " writes " + values : " fails"));
        values.forEach(context::put);
        if (workflow(context.workflow()).task(context.taskName()).transactional()) {
            try (PreparedStatement insert =
                    context.connection().prepareStatement("INSERT INTO simulated_ledger VALUES (?)")) {
                insert.setString(1, place);
                insert.executeUpdate();
            }
        }
        if (!completes) {
            throw new IllegalStateException("simulated");
        }
    }

    private void record(SimulatedRunner runner) {
        List<Outcome> some = some(runner);
        if (!some.isEmpty() && random.nextInt(10) == 0) {
            runner.writeOnceMore(some.get(0));
            // Its slot ends with it when it is recorded as the end of what runs here: that finds the claim gone.
        } else if (!some.isEmpty()) {
            runner.write(
                    "records "
                            + some.stream()
                                    .map(finish -> SimulatedRunner.key(finish.claim()))
                                    .toList(),
                    some,
                    List.of(),
                    fate());
        }
    }

    private void intervene(SimulatedRunner runner) {
        List<SimulatedRow.OfExecution> all =
                List.copyOf(reference.rows().executions().values());
        if (all.isEmpty()) {
            return;
        }
        SimulatedRow.OfExecution target = one(all);
        new SimulatedIntervention(this, runner, target.id()).run(random.nextInt(12), some(runner), fate());
    }

    void wake(SimulatedRunner runner) {
        now = now.plusSeconds(1 + random.nextInt(15));
        call(runner, "wakes what is due", runner.lease().runner(), fate(), work -> {
            work.list(ReadyStore.WAKE_DUE, new ReadyStore.Due(runner.clock().timestamp(), 500))
                    .forEach(woken -> runner.workflows()
                            .find(woken.workflow(), woken.version())
                            .ifPresentOrElse(
                                    found -> work.effects().ready(found, woken.priority()),
                                    work.effects()::othersShouldLook));
            runner.step().woke = true;
            return 0;
        });
    }

    void poll(SimulatedRunner runner) {
        runner.waiting().noteUnknown(ClaimableWorkflows.SUSPICION);
        runner.write("polls", new ArrayList<>(List.of(new Write.Nudge())), fate());
    }

    private void sweep(SimulatedRunner runner) {
        if (!runner.others().isEmpty()) {
            sweep(runner, one(runner.others()));
        }
    }

    void sweep(SimulatedRunner runner, RunnerStore.Known other) {
        call(runner, "sweeps " + Simulated.hex(other.id()), runner.lease().runner(), fate(), work -> {
            runner.step().swept = other;
            return runner.sweeper().recoverFrom(work, other);
        });
    }

    <R> void call(
            SimulatedRunner runner,
            String what,
            UniversalUuid execution,
            SimulatedRunner.Fate fate,
            Function<UnitOfWork, R> work) {
        runner.write(what, new ArrayList<>(List.of(new Write.Call<>(execution, work))), fate);
    }

    private void renew(SimulatedRunner runner) {
        runner.lease().renew();
        happened(new SimulatedStep("renews its lease", runner));
    }

    /** The leases of those who died are over. */
    void expireTheDead() {
        runners.stream().filter(runner -> !runner.isAlive()).forEach(this::expire);
    }

    private void expire(SimulatedRunner runner) {
        database.write(transaction -> {
            try (PreparedStatement update =
                    transaction.connection().prepareStatement("UPDATE runners SET lease_expires_at = ? WHERE id = ?")) {
                update.setString(1, Simulated.OVER);
                update.setBytes(2, runner.lease().runner().toBytes());
                return update.executeUpdate();
            } catch (SQLException e) {
                throw transaction.classify(e, "ending a lease");
            }
        });
        happened(new SimulatedStep("lease of " + runner + " is over", null));
    }

    /** By 25 years: no lease that is renewed is over by that. */
    private void setClockOfDatabase() {
        database.write(transaction -> {
            try (Statement update = transaction.connection().createStatement()) {
                return update.executeUpdate("UPDATE runners SET heartbeat_at = '2001-01-01T00:00:00.000000Z',"
                        + " lease_expires_at = '2001-01-01T01:00:00.000000Z' WHERE lease_expires_at > '"
                        + Simulated.OVER + "'");
            } catch (SQLException e) {
                throw transaction.classify(e, "setting the clock of the database");
            }
        });
        happened(new SimulatedStep("the clock of the database is set", null));
    }

    void reconcile(SimulatedRunner runner) {
        runner.reconcile();
        happened(new SimulatedStep("compares what it holds", runner));
    }

    /** Looks what is old, or removes what was when somebody looked; meanwhile it may have been opened again. */
    private void remove(SimulatedRunner runner) {
        if (old.isEmpty()) {
            old = database.list(HistoryStore.OLDEST, new HistoryStore.After(UniversalUuid.NIL, 4)).stream()
                    .filter(each -> each.completedAt() != null)
                    .map(HistoryStore.Aged::id)
                    .toList();
        } else {
            remove(runner, old);
            old = List.of();
        }
    }

    void remove(SimulatedRunner runner, List<UniversalUuid> some) {
        call(runner, "removes " + some, UniversalUuid.v7(), fate(), work -> {
            runner.step().removed = some.stream()
                    .map(Simulated::hex)
                    .filter(reference::isFinished)
                    .collect(Collectors.toSet());
            return Removal.remove(work.transaction(), some);
        });
    }

    /** A write was refused: that happens to a runner whose row is gone, until it renews its lease. */
    void refused(SimulatedRunner runner, Throwable error) {
        trace.add("   refused: " + error.getMessage());
        Simulated.require(
                !reference
                                .rows()
                                .leases()
                                .containsKey(Simulated.hex(runner.lease().runner()))
                        || error instanceof ExecutionStateException
                        || runner.mayHaveLostAnswers(),
                () -> runner + " was refused: " + error);
    }

    /** A step has happened: is everything as it must be? */
    void happened(SimulatedStep step) {
        steps++;
        trace.add(steps + " " + step);
        if (fault != null) {
            throw fault;
        }
        SimulatedRow.All rows = SimulatedRow.read(database, reference.rows());
        reference.check(
                step, rows, step.runner == null ? now : step.runner.clock().instant(), this);
        runners().forEach(runner -> runner.checkAccounts(rows));
    }

    void passTime(Duration time) {
        now = now.plus(time);
    }
}
