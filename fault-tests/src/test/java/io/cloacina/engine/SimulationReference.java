package io.cloacina.engine;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.PreparedExecution;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A second, simple opinion on what each step makes of the rows: it looks at all of them after every step, and knows of each
 * row what it must be now. Only which of the ready tasks were claimed is left to the engine.
 */
final class SimulationReference {
    private static final int MAX_RECOVERIES = 3;

    private final Map<String, SimulatedExecution> executions = new HashMap<>();
    private final Map<String, String> keys = new HashMap<>();
    private final Set<String> committed = new HashSet<>();
    private final Map<String, Script> scripts = new HashMap<>();
    private SimulatedRow.All before = SimulatedRow.All.NONE;

    /** What the body of an attempt did. */
    record Script(boolean completes, Map<String, @Nullable Integer> written, Instant endedAt) {}

    SimulatedRow.All rows() {
        return before;
    }

    /** The execution that a submission has in the end. */
    String executionOf(PreparedExecution submitted) {
        return submitted.key() == null
                ? Simulated.hex(submitted.id())
                : keys.getOrDefault(submitted.workflow().name() + "/" + submitted.key(), "");
    }

    boolean isFinished(String execution) {
        SimulatedRow.OfExecution row = before.executions().get(execution);
        return row != null && row.isFinished();
    }

    /** What the body of an attempt should see; with tasks that were opened again it may have begun before or after their end. */
    Set<Map<String, Integer>> mayBeSeen(String execution, String task) {
        SimulatedExecution expected = executions.get(execution);
        Set<Map<String, Integer>> all = new HashSet<>();
        if (expected == null) {
            return all;
        }
        List<String> uncertain = expected.everReopened.stream()
                .filter(expected.workflow.ancestors(expected.workflow.task(task))::contains)
                .filter(expected.outputs::containsKey)
                .toList();
        for (int subset = 0; subset < 1 << uncertain.size(); subset++) {
            Map<String, Map<String, @Nullable Integer>> outputs = new HashMap<>(expected.outputs);
            for (int i = 0; i < uncertain.size(); i++) {
                if ((subset >> i & 1) == 1) {
                    outputs.remove(uncertain.get(i));
                }
            }
            all.add(expected.workflow.seenBy(expected.workflow.task(task), expected.input, outputs));
        }
        return all;
    }

    void ran(String place, int attempt, Script script) {
        scripts.put(place + "/" + attempt, script);
    }

    /** Whether every row is what it must be after a step; then that is what the next step begins with. */
    void check(SimulatedStep step, SimulatedRow.All now, Instant clock, Simulation simulation) {
        step.submissions.forEach(submitted -> submitted(submitted, simulation));
        step.removed.forEach(this::removed);
        require(
                now.executions().keySet().equals(executions.keySet()),
                () -> "executions " + now.executions().keySet() + " instead of " + executions.keySet());
        intervene(step);
        Set<String> accepted = new HashSet<>();
        for (Outcome outcome : step.outcomes) {
            String place = Simulated.hex(outcome.claim().execution()) + "/"
                    + outcome.claim().taskName();
            SimulatedRow.OfTask row = before.tasks().get(place);
            if (row != null && isPaused(outcome.claim(), row) && accepted.add(place)) {
                accept(outcome, row, step, now, clock);
            }
        }
        for (SimulatedRow.OfTask row : now.tasks().values()) {
            if (!accepted.contains(row.place())) {
                check(row, step, now, clock);
            }
        }
        now.executions().values().forEach(row -> check(row, step, now));
        checkData(now);
        before = now;
    }

    private void submitted(PreparedExecution submitted, Simulation simulation) {
        String id = Simulated.hex(submitted.id());
        if (submitted.key() != null
                && keys.putIfAbsent(submitted.workflow().name() + "/" + submitted.key(), id) != null) {
            return;
        }
        SimulatedExecution expected = new SimulatedExecution(
                simulation.workflow(submitted.workflow().name()), Simulated.input(submitted.input()));
        for (SimulatedWorkflow.Task task : expected.workflow.tasks()) {
            SimulatedExecution.OfTask each = new SimulatedExecution.OfTask();
            each.maxAttempts = task.attempts();
            each.dueAt = task.before().isEmpty() && submitted.startAfter() != null
                    ? submitted.startAfter().toString()
                    : "";
            expected.tasks.put(task.name(), each);
            expected.opened.add(task.name());
        }
        executions.put(id, expected);
    }

    private void removed(String id) {
        executions.remove(id);
        keys.values().remove(id);
    }

    private void intervene(SimulatedStep step) {
        if (executions.containsKey(step.paused)) {
            expected(step.paused).paused = true;
        }
        for (String id : List.of(step.resumed, step.retried, step.cancelled, step.failed)) {
            if (executions.containsKey(id)) {
                expected(id).paused = false;
            }
        }
        if (!step.retried.isEmpty()) {
            reopen(step.retried);
        }
    }

    private void reopen(String id) {
        SimulatedExecution expected = expected(id);
        expected.opened = new TreeSet<>();
        for (SimulatedWorkflow.Task task : expected.workflow.tasks()) {
            SimulatedRow.OfTask row = before.task(id, task.name());
            if (row.isUnder("Failed")
                    || row.isUnder("Cancelled")
                    || (row.isUnder("Skipped") && task.before().stream().anyMatch(expected.opened::contains))) {
                expected.opened.add(task.name());
                SimulatedExecution.OfTask each = expected(row);
                each.maxAttempts = row.attempt() + task.attempts();
                each.failures = 0;
                each.recoveries = 0;
                each.dueAt = "";
            }
        }
        expected.everReopened.addAll(expected.opened);
    }

    private static boolean isPaused(Claim claim, SimulatedRow.OfTask row) {
        return row.isUnder("Running")
                && row.id().equals(Simulated.hex(claim.task()))
                && row.attempt() == claim.attempt()
                && row.runner().equals(Simulated.hex(claim.runner()));
    }

    /** The end of an attempt that was the current one: it must have been recorded, once. */
    private void accept(
            Outcome outcome, SimulatedRow.OfTask row, SimulatedStep step, SimulatedRow.All now, Instant clock) {
        SimulatedRow.OfTask after = now.task(row.execution(), row.name());
        if (step.ends(row.execution()) || isRecovered(row, step)) {
            // That came first in the transaction.
            check(after, step, now, clock);
            return;
        }
        require(committed.add(row.id() + "/" + row.attempt()), () -> "recorded a second time: " + row);
        SimulatedExecution execution = expected(row.execution());
        SimulatedExecution.OfTask task = expected(row);
        if (outcome.ending() instanceof Outcome.Released) {
            task.maxAttempts++;
            becomesReady(after, row.attempt(), "", step);
            return;
        }
        Script script = Simulated.known(scripts.get(row.place() + "/" + row.attempt()), "script of " + row);
        SimulatedWorkflow.Task definition = execution.workflow.task(row.name());
        if (script.completes) {
            if (!script.written.isEmpty()) {
                execution.outputs.put(row.name(), script.written);
            }
            ends(after, "Completed", row.attempt());
        } else if (++task.failures == definition.attempts()) {
            ends(after, "Failed", row.attempt());
        } else {
            int delay = definition.delaySeconds(task.failures);
            becomesReady(
                    after, row.attempt(), delay == 0 ? "" : Simulated.text(script.endedAt.plusSeconds(delay)), step);
        }
    }

    private boolean isRecovered(SimulatedRow.OfTask row, SimulatedStep step) {
        return step.swept != null
                && row.isUnder("Running")
                && row.runner().equals(Simulated.hex(step.swept.id()))
                && String.valueOf(step.swept.heartbeats())
                        .equals(before.heartbeats().get(row.runner()))
                && Simulated.isOver(step.swept.leaseExpiresAt().toString());
    }

    private void check(SimulatedRow.OfTask row, SimulatedStep step, SimulatedRow.All now, Instant clock) {
        SimulatedRow.OfTask old = before.tasks().get(row.place());
        SimulatedExecution execution = expected(row.execution());
        SimulatedExecution.OfTask task = expected(row);
        boolean isNew = old == null;
        boolean reopened = step.retried.equals(row.execution()) && execution.opened.contains(row.name());
        if (isNew || reopened || Objects.requireNonNull(old).isUnder("NotStarted")) {
            int attempt = isNew ? 0 : Objects.requireNonNull(old).attempt();
            if (step.ends(row.execution())) {
                ends(row, "Cancelled", attempt);
            } else {
                decide(row, attempt, step, now);
            }
        } else if (old.isFinished()) {
            ends(row, old.status(), old.attempt());
        } else if (step.ends(row.execution())) {
            ends(row, "Cancelled", old.attempt());
        } else if (old.isUnder("Ready")) {
            if (step.woke && !task.dueAt.isEmpty() && task.dueAt.compareTo(Simulated.text(clock)) <= 0) {
                task.dueAt = "";
                task.madeReadyBy = null;
            }
            becomesReady(row, old.attempt(), task.dueAt, step);
        } else if (!isRecovered(old, step)) {
            require(
                    row.isUnder("Running")
                            && row.attempt() == old.attempt()
                            && row.runner().equals(old.runner()),
                    () -> "nobody may end " + old + ", but now it is " + row);
        } else if (old.recoveries() < MAX_RECOVERIES) {
            task.maxAttempts++;
            task.recoveries++;
            execution.recoveries++;
            becomesReady(row, old.attempt(), "", step);
        } else if (Simulated.known(step.runner, "sweeper")
                .workflows()
                .find(execution.workflow.name(), "1")
                .isPresent()) {
            ends(row, "Failed", old.attempt());
        } else {
            require(row.equals(old), () -> "without the workflow this may not be ended: " + old + ", now " + row);
        }
    }

    /** A task that has not started: it waits for its dependencies, or its rule decides. */
    private void decide(SimulatedRow.OfTask row, int attempt, SimulatedStep step, SimulatedRow.All now) {
        SimulatedExecution execution = expected(row.execution());
        SimulatedWorkflow.Task task = execution.workflow.task(row.name());
        Map<String, String> ends = new HashMap<>();
        boolean allKnown = true;
        for (String ancestor : execution.workflow.ancestors(task)) {
            SimulatedRow.OfTask end = now.task(row.execution(), ancestor);
            ends.put(ancestor, end.status());
            allKnown &= end.isFinished();
        }
        int remaining = 0;
        int unmet = 0;
        for (String before : task.before()) {
            SimulatedRow.OfTask end = now.task(row.execution(), before);
            remaining += end.isFinished() ? 0 : 1;
            unmet += end.isFinished() && !end.isUnder("Completed") ? 1 : 0;
        }
        int waitsFor = remaining;
        require(row.remaining() == remaining, () -> "waits for " + waitsFor + ": " + row);
        int didNotComplete = unmet;
        require(row.unmet() == unmet || row.isUnder("Skipped"), () -> didNotComplete + " did not complete: " + row);
        boolean wasOpened = step.retried.equals(row.execution());
        if (remaining > 0) {
            require(row.isUnder("NotStarted") && row.attempt() == attempt, () -> "must wait: " + row);
        } else if (wasOpened || (!allKnown && !row.isUnder("Skipped"))) {
            becomesReady(row, attempt, expected(row).dueAt, step);
        } else if (!allKnown
                || !execution.workflow.runs(
                        task, ends, execution.workflow.seenBy(task, execution.input, execution.outputs))) {
            ends(row, "Skipped", attempt);
        } else {
            becomesReady(row, attempt, expected(row).dueAt, step);
        }
    }

    private void ends(SimulatedRow.OfTask row, String status, int attempt) {
        require(
                row.isUnder(status) && row.attempt() == attempt && row.runner().isEmpty(),
                () -> "must be " + status + " at attempt " + attempt + ": " + row);
    }

    /** Ready, or claimed already by the same transaction. */
    private void becomesReady(SimulatedRow.OfTask row, int attempt, String dueAt, SimulatedStep step) {
        SimulatedExecution.OfTask task = expected(row);
        SimulatedExecution execution = expected(row.execution());
        SimulatedRow.OfTask old = before.tasks().get(row.place());
        task.dueAt = dueAt;
        require(row.dueAt().equals(dueAt), () -> "must be due at '" + dueAt + "': " + row);
        boolean has = step.runner != null
                && step.runner.workflows().find(execution.workflow.name(), "1").isPresent();
        if (row.isUnder("Running")) {
            require(
                    has && row.runner().equals(step.claimant) && row.attempt() == attempt + 1,
                    () -> "wrongly claimed: " + row);
            require(dueAt.isEmpty() && !execution.paused && !row.paused(), () -> "must not start: " + row);
            execution.started = true;
            task.madeReadyBy = null;
            return;
        }
        require(
                row.isUnder("Ready") && row.attempt() == attempt && row.runner().isEmpty(),
                () -> "must be ready: " + row);
        boolean wasReady =
                old != null && old.isUnder("Ready") && old.dueAt().equals(dueAt) && old.paused() == row.paused();
        if (!wasReady) {
            task.madeReadyBy = has && !step.answerLost ? step.runner : null;
        }
        SimulatedRunner maker = task.madeReadyBy;
        if (maker != null && maker.isAlive() && dueAt.isEmpty() && !row.paused() && !maker.mayHaveLostAnswers()) {
            require(
                    new SimulatedAccounts(maker).believesToWait(execution.workflow.name(), row.priority()),
                    () -> maker + " forgot " + row);
        }
    }

    private void check(SimulatedRow.OfExecution row, SimulatedStep step, SimulatedRow.All now) {
        SimulatedExecution expected = expected(row.id());
        SimulatedRow.OfExecution old = before.executions().get(row.id());
        int unfinished = 0;
        int failed = 0;
        int ends = 0;
        for (SimulatedWorkflow.Task task : expected.workflow.tasks()) {
            SimulatedRow.OfTask each = now.task(row.id(), task.name());
            check(each, expected.tasks.getOrDefault(task.name(), new SimulatedExecution.OfTask()), expected.paused);
            failed += each.isUnder("Failed") ? 1 : 0;
            if (!each.isFinished()) {
                unfinished++;
                ends += expected.workflow.after(task).stream().noneMatch(next -> expected.opened.contains(next.name()))
                        ? 1
                        : 0;
            }
        }
        String status;
        if (unfinished > 0) {
            status = expected.paused ? "Paused" : expected.started ? "Running" : "Pending";
        } else if (old != null && old.isFinished() && !step.retried.equals(row.id())) {
            status = old.status();
        } else {
            status = step.cancelled.equals(row.id())
                    ? "Cancelled"
                    : failed > 0 || step.failed.equals(row.id()) ? "Failed" : "Completed";
            expected.paused = false;
        }
        require(row.status().equals(status), () -> "must be " + status + ": " + row);
        int leaves = ends;
        require(row.leavesRemaining() == ends, () -> leaves + " leaves remain: " + row);
        if (unfinished > 0) {
            int failures = failed;
            require(row.tasksFailed() == failed, () -> failures + " failed: " + row);
        }
        require(row.recoveries() == expected.recoveries, () -> expected.recoveries + " recoveries: " + row);
        require(unfinished == 0 || row.startedAt().isEmpty() || expected.started, () -> "has not started: " + row);
    }

    private static void check(SimulatedRow.OfTask row, SimulatedExecution.OfTask expected, boolean paused) {
        require(
                row.maxAttempts() == expected.maxAttempts && row.attempt() <= row.maxAttempts(),
                () -> "at most " + expected.maxAttempts + " attempts: " + row);
        require(
                row.recoveries() == expected.recoveries && row.recoveries() <= MAX_RECOVERIES,
                () -> expected.recoveries + " recoveries: " + row);
        require(row.runner().isEmpty() != row.isUnder("Running"), () -> "held by whom: " + row);
        require(row.isFinished() || row.paused() == paused, () -> "paused " + paused + ": " + row);
        require(row.isUnder("Ready") || row.dueAt().isEmpty(), () -> "waits for a time: " + row);
    }

    /** Outputs are what the bodies of recorded attempts wrote; transactional ones are in the ledger once. */
    private void checkData(SimulatedRow.All now) {
        Map<String, String> outputs = new TreeMap<>();
        Map<String, Integer> ledger = new TreeMap<>();
        int inputs = 0;
        for (var each : executions.entrySet()) {
            each.getValue()
                    .outputs
                    .forEach((task, values) -> outputs.put(each.getKey() + "/" + task, Simulated.json(values)));
            inputs += each.getValue().input.isEmpty() ? 0 : 1;
        }
        now.tasks().values().stream()
                .filter(row -> row.isUnder("Completed")
                        && expected(row.execution()).workflow.task(row.name()).transactional())
                .forEach(row -> ledger.put(row.place(), 1));
        require(now.outputs().equals(outputs), () -> "outputs " + now.outputs() + " instead of " + outputs);
        int contexts = inputs + outputs.size();
        require(now.contexts() == contexts, () -> now.contexts() + " contexts instead of " + contexts);
        Map<String, Integer> kept = new TreeMap<>(now.ledger());
        kept.keySet().retainAll(now.tasks().keySet());
        require(kept.equals(ledger), () -> "ledger " + kept + " instead of " + ledger);
    }

    private SimulatedExecution expected(String execution) {
        return Simulated.known(executions.get(execution), "execution " + execution);
    }

    private SimulatedExecution.OfTask expected(SimulatedRow.OfTask row) {
        return Simulated.known(expected(row.execution()).tasks.get(row.name()), row.name());
    }

    private static void require(boolean holds, java.util.function.Supplier<String> fault) {
        Simulated.require(holds, fault);
    }
}
