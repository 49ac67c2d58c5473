package io.cloacina.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.run.Attempt;
import io.cloacina.engine.internal.run.BodyTransactions;
import io.cloacina.engine.internal.run.ClaimCheck;
import io.cloacina.engine.internal.run.Dispatcher;
import io.cloacina.engine.internal.run.TaskPhases;
import io.cloacina.engine.internal.run.TaskRunner;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.ClaimFailedException;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.CompletionWaiters;
import io.cloacina.engine.internal.write.ContextLoader;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.GroupTransaction;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Lane;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.LeaseSweeper;
import io.cloacina.engine.internal.write.Liveness;
import io.cloacina.engine.internal.write.NotificationSender;
import io.cloacina.engine.internal.write.Notifier;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.Transactions;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.model.TransactionLostException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A process of the simulation: the real parts of an engine, and in place of lanes and threads somebody who says when a body
 * runs, what is written together, and what becomes of the transaction.
 */
final class SimulatedRunner {
    /** What becomes of a transaction that ran to its end. */
    enum Fate {
        COMMITTED,
        ROLLED_BACK,
        ANSWER_LOST,
        DIES_BEFORE,
        DIES_AFTER
    }

    private static final Timer TIMER = new Timer(true, new OwnThreads());

    private final String name;
    private final Simulation simulation;
    private final Database database;
    private final Workflows workflows;
    private final Lease lease;
    private final ClaimableWorkflows claimable = new ClaimableWorkflows();
    private final Slots slots;
    private final ContextLoader contexts;
    private final TaskRunner tasks;
    private final GroupTransaction groupTransaction;
    private final Steps steps;
    private final SimulatedClock clock;

    private final Map<String, Attempt> underWay = new TreeMap<>();
    private final Set<String> begun = new TreeSet<>();
    private final List<Outcome> ended = new ArrayList<>();
    private final List<List<Write>> unanswered = new ArrayList<>();
    private final Set<Outcome> givenBack = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<RunnerStore.Known> others = List.of();
    private boolean alive = true;
    private boolean lostAnswer;
    private SimulatedStep step;

    SimulatedRunner(
            String name,
            Simulation simulation,
            Database database,
            List<WorkflowDefinition> definitions,
            int slots,
            SimulatedClock clock) {
        this.name = name;
        this.simulation = simulation;
        this.clock = clock;
        this.database = database;
        this.workflows = new Workflows(definitions, 1_000, JsonMapping.PLAIN);
        this.lease = new Lease(
                database,
                Duration.ofHours(1),
                slots,
                false,
                workflows::json,
                new Notifier(new NotificationSender(text -> {}, (delay, work) -> {}, () -> 0)));
        this.slots = new Slots(slots);
        this.contexts = new ContextLoader(database);
        TransientRetry transientRetry = new TransientRetry(new CountDownLatch(1));
        Definitions stored = new Definitions(database, workflows, clock);
        TaskPhases phases = new TaskPhases(
                database,
                contexts,
                stored,
                transientRetry,
                clock,
                JsonMapping.PLAIN,
                new TaskPhases.Bounds(1_000_000, 1_000));
        Interceptors none = new Interceptors(List.of());
        this.tasks = new TaskRunner(contexts, phases, none, transientRetry, TIMER, clock, (claimed, at) -> {});
        Liveness liveness = new Liveness(Processes.OF_THIS_HOST, () -> true, () -> 0);
        this.steps = Steps.of(workflows, stored, lease, liveness, contexts, none, new CompletionWaiters(), true);
        this.groupTransaction = steps.groupTransaction();
        this.step = new SimulatedStep("begins", this);
        lease.register();
    }

    SimulatedClock clock() {
        return clock;
    }

    Lease lease() {
        return lease;
    }

    Workflows workflows() {
        return workflows;
    }

    ExecutionControl control() {
        return steps.control();
    }

    LeaseSweeper sweeper() {
        return steps.sweeper();
    }

    ClaimableWorkflows waiting() {
        return claimable;
    }

    /** What the transaction that is under way has done so far. */
    SimulatedStep step() {
        return step;
    }

    boolean isAlive() {
        return alive;
    }

    void die() {
        alive = false;
    }

    /** Attempts whose bodies have not begun. */
    List<Attempt> toBegin() {
        return underWay.entrySet().stream()
                .filter(each -> !begun.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Attempts whose bodies began and will not end by themselves. */
    List<Attempt> hanging() {
        return underWay.entrySet().stream()
                .filter(each -> begun.contains(each.getKey())
                        && ended.stream()
                                .noneMatch(outcome -> key(outcome.claim()).equals(each.getKey()))
                        && unanswered.stream()
                                .flatMap(List::stream)
                                .noneMatch(write -> write instanceof Write.AttemptEnd end
                                        && key(end.outcome().claim()).equals(each.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    List<Outcome> ended() {
        return ended;
    }

    List<List<Write>> unanswered() {
        return unanswered;
    }

    List<RunnerStore.Known> others() {
        return others;
    }

    void lookAtOthers() {
        others = database.list(RunnerStore.OTHERS, lease.runner());
        steps.sweeper().liveness().look(others);
    }

    boolean hasClaimable() {
        return !claimable.isEmpty() && slots.free() > 0;
    }

    void checkAccounts(SimulatedRow.All now) {
        new SimulatedAccounts(this).check(slots, underWay, givenBack.size(), now);
    }

    /** The body begins and is never heard of again. */
    void hang(Attempt attempt) {
        begun.add(key(attempt.claim()));
    }

    /** The body runs to its end; one that is transactional within the transaction that records it. */
    void runBody(Attempt attempt, Fate fate) {
        begun.add(key(attempt.claim()));
        TaskDefinition task = attempt.claimed().task();
        if (!task.isTransactional()) {
            ended.add(tasks.run(attempt));
            return;
        }
        try {
            boolean answered = transact(
                    "runs within its commit " + key(attempt.claim()),
                    List.of(),
                    fate,
                    1,
                    work -> {
                        Outcome outcome = tasks.runWithin(work.transaction(), attempt, task);
                        step.outcomes.add(outcome);
                        groupTransaction.run(work, List.of(Write.AttemptEnd.ofBody(outcome)));
                        if (!work.effects().recorded().contains(outcome)) {
                            throw new BodyTransactions.LostClaimException(outcome.claim());
                        }
                    },
                    () -> underWay.remove(key(attempt.claim())));
            if (!answered) {
                again(attempt, task, fate);
            }
        } catch (TaskRunner.BodyFailure e) {
            ended.add(e.outcome());
        } catch (BodyTransactions.LostClaimException e) {
            left(attempt.claim());
        } catch (RuntimeException e) { // as BodyTransactions does: that it cannot be stored is how the attempt ended
            ended.add(tasks.failed(attempt, task, e));
        }
    }

    /** As {@link BodyTransactions} does: a body whose transaction is lost runs again, a few times. */
    private void again(Attempt attempt, TaskDefinition task, Fate fate) {
        if (fate == Fate.ROLLED_BACK && attempt.begun() > BodyTransactions.REPETITIONS) {
            simulation.lost(attempt);
            DatabaseException lost = new DatabaseException(ErrorKind.SERIALIZATION, "lost on purpose", null);
            ended.add(tasks.unfinished(
                    attempt,
                    task,
                    new TransactionLostException(
                            attempt.claim().taskName(), attempt.claim().attempt(), lost)));
        } else {
            begun.remove(key(attempt.claim()));
        }
    }

    /** The engine closes, or the claim is gone: the attempt is given back, its body does not run or is not believed. */
    void interrupt(Attempt attempt, Attempt.Interruption why) {
        attempt.interrupt(why);
        begun.add(key(attempt.claim()));
        ended.add(tasks.failed(attempt, attempt.claimed().task(), new InterruptedException()));
    }

    /** Writes some ends, and perhaps something else, in one transaction. */
    void write(String what, List<Outcome> outcomes, List<Write> others, Fate fate) {
        List<Write> group = new ArrayList<>(others);
        for (Outcome outcome : outcomes) {
            ended.remove(outcome);
            group.add(new Write.AttemptEnd(outcome, new Ends()));
        }
        write(what, group, fate);
    }

    /** Writes as {@link Lane} does. */
    void write(String what, List<Write> group, Fate fate) {
        group.sort(Comparator.comparing(Write::execution));
        int lent =
                (int) group.stream().filter(Write.AttemptEnd.class::isInstance).count();
        try {
            boolean answered;
            try {
                answered = writeOnce(what, group, fate, lent, UnitOfWork::expectClaims);
            } catch (DatabaseException e) { // as Transactions does
                if (!Transactions.mayBeOfLostClaim(group, e)) {
                    throw e;
                }
                answered = writeOnce(what, group, fate, lent, work -> {});
            }
            if (!answered) {
                unanswered.add(group);
            }
        } catch (RuntimeException e) { // as Lane does: a bad member harms no other
            simulation.tell(this + " " + what + ": " + e);
            if (group.size() == 1) {
                group.get(0).failed(e instanceof ClaimFailedException claims ? claims.why() : e);
            } else {
                group.forEach(write -> write(what + " alone", new ArrayList<>(List.of(write)), Fate.COMMITTED));
            }
        }
    }

    private boolean writeOnce(String what, List<Write> group, Fate fate, int lent, Consumer<UnitOfWork> before) {
        return transact(
                what,
                group,
                fate,
                lent,
                work -> {
                    before.accept(work);
                    groupTransaction.run(work, group);
                },
                () -> group.forEach(Write::committed));
    }

    /** Records an end once more, which was recorded or refused before: no slot ends with it. */
    void writeOnceMore(Outcome outcome) {
        Write.AttemptEnd write = Write.AttemptEnd.ofBody(outcome);
        List<Write> group = new ArrayList<>(List.of(write));
        try {
            transact(
                    "records once more " + key(outcome.claim()),
                    group,
                    Fate.COMMITTED,
                    0,
                    work -> groupTransaction.run(work, group),
                    () -> {});
        } catch (RuntimeException e) { // its row is gone: it cannot claim
            simulation.refused(this, e);
        }
    }

    private boolean transact(
            String what, List<Write> group, Fate fate, int lent, Consumer<UnitOfWork> steps, Runnable answered) {
        ClaimBudget budget = new ClaimBudget(slots, claimable, true, lent);
        CommitEffects effects = new CommitEffects(budget, new UnpublishedSubmissions(true));
        step = new SimulatedStep(what, this);
        for (Write write : group) {
            if (write instanceof Write.AttemptEnd end) {
                step.outcomes.add(end.outcome());
            } else if (write instanceof Write.Submit submit) {
                step.submissions.addAll(submit.submissions());
            }
        }
        boolean committed = false;
        try {
            database.write(transaction -> {
                steps.accept(new UnitOfWork(transaction, clock, effects));
                if (fate == Fate.ROLLED_BACK || fate == Fate.DIES_BEFORE) {
                    throw new RolledBack();
                }
                return effects;
            });
            committed = true;
        } catch (RolledBack e) {
            step = new SimulatedStep(what + " (" + fate + ")", this);
        } finally {
            if (!committed || fate == Fate.ANSWER_LOST) {
                budget.rolledBack();
            }
        }
        alive = !(fate == Fate.DIES_BEFORE || fate == Fate.DIES_AFTER);
        boolean isAnswered = committed && fate == Fate.COMMITTED;
        lostAnswer |= fate == Fate.ANSWER_LOST;
        step.answerLost = fate == Fate.ANSWER_LOST;
        if (isAnswered) {
            answered.run();
            act(effects);
        }
        simulation.happened(step);
        return isAnswered;
    }

    /** As {@link Dispatcher} does. */
    private void act(CommitEffects effects) {
        effects.budget().committed();
        effects.heirs()
                .forEach((outcome, heirs) -> contexts.handOn(outcome, heirs).forEach(this::start));
        effects.claimed().forEach(this::start);
        effects.cancelled()
                .forEach(execution -> underWay.values().stream()
                        .filter(attempt -> attempt.claim().execution().equals(execution))
                        .forEach(attempt -> attempt.interrupt(Attempt.Interruption.LOST)));
    }

    private void start(Claimed claimed) {
        Simulated.require(
                underWay.put(key(claimed.claim()), new Attempt(claimed)) == null,
                () -> this + " began an attempt twice: " + claimed.claim());
    }

    /** As {@link Dispatcher} does; what is kept is recorded another time. */
    private final class Ends implements Write.AttemptEnd.Witness {
        @Override
        public void written(Outcome outcome) {
            if (!givenBack.remove(outcome)) {
                underWay.remove(key(outcome.claim()));
            }
        }

        @Override
        public boolean unwritable(Outcome outcome, Throwable error) {
            simulation.refused(SimulatedRunner.this, error);
            Attempt attempt = underWay.get(key(outcome.claim()));
            if (attempt == null || givenBack.contains(outcome)) {
                ended.add(outcome);
            } else {
                ended.add(tasks.instead(attempt, outcome, error).orElse(outcome));
            }
            return true;
        }

        @Override
        public void givenUp(Outcome outcome, Throwable error) {
            left(outcome.claim());
        }
    }

    private void left(Claim claim) {
        if (underWay.remove(key(claim)) != null) {
            slots.give(1);
        }
    }

    /** As {@link ClaimCheck#compare}; here nothing is just being claimed or finished. */
    void reconcile() {
        Set<String> held = new TreeSet<>();
        for (TaskStore.ClaimedTask each : database.list(TaskStore.CLAIMED_BY, lease.runner())) {
            Claim claim = each.claim();
            held.add(key(claim));
            if (!underWay.containsKey(key(claim)) && slots.take(1) == 1) {
                Workflow workflow =
                        workflows.find(each.workflow(), each.version()).orElseThrow();
                Outcome release = new Outcome(each.claimed(workflow), new Outcome.Released(), null);
                givenBack.add(release);
                ended.add(release);
            }
        }
        List.copyOf(hanging()).stream()
                .filter(attempt -> !held.contains(key(attempt.claim())))
                .forEach(attempt -> interrupt(attempt, Attempt.Interruption.LOST));
        lostAnswer = !(unanswered.isEmpty() && underWay.keySet().containsAll(held));
    }

    /** Nobody knows what it holds: somebody has to look. */
    boolean mayHaveLostAnswers() {
        return lostAnswer;
    }

    static String key(Claim claim) {
        return Simulated.hex(claim.task()) + "/" + claim.attempt();
    }

    @Override
    public String toString() {
        return name;
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RolledBack() {
            super("rolled back on purpose", null, false, false);
        }
    }
}
