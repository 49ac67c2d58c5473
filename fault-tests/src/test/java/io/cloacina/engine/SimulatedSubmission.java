package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Somebody submits one or two executions, and must be told the right ids. */
final class SimulatedSubmission {
    private final Simulation simulation;
    private final SimulatedRunner runner;
    private final Random random;

    SimulatedSubmission(Simulation simulation, SimulatedRunner runner, Random random) {
        this.simulation = simulation;
        this.runner = runner;
        this.random = random;
    }

    /** Submits, in the transaction that records some ends. */
    void run(List<Outcome> outcomes, SimulatedRunner.Fate fate) {
        List<Workflow> workflows = List.copyOf(runner.workflows().submitted());
        UniversalTimestamp at = runner.clock().timestamp();
        List<PreparedExecution> all = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
            Workflow workflow = workflows.get(random.nextInt(workflows.size()));
            Map<String, @Nullable Integer> values = SimulatedWorkflow.randomValues(random, false);
            ObjectNode input = JsonContext.object(JsonMapping.PLAIN, values, "the input", 1_000_000);
            int delay = random.nextInt(5) == 0 ? 5 + random.nextInt(30) : 0;
            all.add(new PreparedExecution(
                    UniversalUuid.v7(),
                    workflow,
                    input,
                    values.isEmpty() ? null : Simulated.json(values),
                    random.nextInt(4) == 0 ? "key" + random.nextInt(3) : null,
                    random.nextInt(4) == 0 ? Map.of("label", "value" + random.nextInt(3)) : Map.of(),
                    random.nextInt(3) == 0 ? random.nextInt(5) - 2 : 0,
                    delay == 0 ? null : at.plus(Duration.ofSeconds(delay)),
                    null,
                    null,
                    ExecutionOrigin.SUBMIT,
                    null,
                    null));
        }
        Write.Submit submit = new Write.Submit(all);
        runner.write("submits", outcomes, new ArrayList<>(List.of(submit)), fate);
        if (runner.isAlive() && runner.unanswered().stream().noneMatch(group -> group.contains(submit))) {
            answered(submit);
        }
    }

    private void answered(Write.Submit submit) {
        List<String> ids;
        try {
            ids = submit.result().stream().map(Simulated::hex).toList();
        } catch (RuntimeException e) {
            simulation.refused(runner, e);
            return;
        }
        List<String> expected = submit.submissions().stream()
                .map(simulation.reference()::executionOf)
                .toList();
        Simulated.require(ids.equals(expected), () -> "submitted as " + ids + " instead of " + expected);
    }
}
