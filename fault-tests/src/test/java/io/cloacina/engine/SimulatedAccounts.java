package io.cloacina.engine;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.run.Attempt;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What a runner knows of itself, compared with the rows. */
final class SimulatedAccounts {
    private final SimulatedRunner runner;

    SimulatedAccounts(SimulatedRunner runner) {
        this.runner = runner;
    }

    /** Its slots add up, and it knows what it holds: otherwise something would never end, or never begin. */
    void check(Slots slots, Map<String, Attempt> underWay, int givenBack, SimulatedRow.All now) {
        Simulated.require(
                slots.free() + underWay.size() + givenBack == slots.all(),
                () -> runner + " has " + slots.all() + " slots, " + slots.free() + " free, under way "
                        + underWay.keySet() + ", given back " + givenBack);
        if (!runner.mayHaveLostAnswers()) {
            String own = Simulated.hex(runner.lease().runner());
            now.tasks().values().stream()
                    .filter(row -> row.runner().equals(own))
                    .forEach(row -> Simulated.require(
                            underWay.values().stream()
                                    .map(Attempt::claim)
                                    .anyMatch(
                                            claim -> Simulated.hex(claim.task()).equals(row.id())
                                                    && claim.attempt() == row.attempt()),
                            () -> runner + " holds " + row + " and does not know it"));
        }
    }

    /** Whether it will look for tasks of the workflow with that priority, of its own accord. */
    boolean believesToWait(String workflow, int priority) {
        Map<Workflow, Integer> bounds = new TreeMap<>(Comparator.comparing(Workflow::name));
        runner.waiting().moveTo(bounds);
        runner.waiting().noteAll(bounds);
        int unknown = runner.waiting().takeUnknown();
        runner.waiting().noteUnknown(unknown);
        return unknown != ClaimableWorkflows.NOTHING
                || bounds.entrySet().stream()
                        .anyMatch(bound -> bound.getKey().name().equals(workflow) && bound.getValue() >= priority);
    }
}
