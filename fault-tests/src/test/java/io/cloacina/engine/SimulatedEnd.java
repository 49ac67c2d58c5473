package io.cloacina.engine;

import io.cloacina.engine.internal.run.Attempt;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What must come of any state: nobody dies any more, leases run out, time passes, and every execution ends. */
final class SimulatedEnd {
    private static final int MAX_ROUNDS = 100;

    private final Simulation simulation;
    private final SimulatedRunner fresh;

    SimulatedEnd(Simulation simulation) {
        this.simulation = simulation;
        this.fresh = simulation.begin(2);
    }

    void run() {
        int rounds = 0;
        while (!isOver()) {
            round();
            int number = ++rounds;
            Simulated.require(
                    number < MAX_ROUNDS,
                    () -> "this does not end: " + simulation.reference().rows());
        }
        simulation.remove(fresh, ids());
        Simulated.require(simulation.reference().rows().contexts() == 0, () -> "contexts are left");
    }

    private boolean isOver() {
        return simulation.reference().rows().executions().values().stream()
                .allMatch(SimulatedRow.OfExecution::isFinished);
    }

    private void round() {
        for (SimulatedRunner runner : simulation.runners()) {
            runner.hanging().forEach(attempt -> runner.runBody(attempt, SimulatedRunner.Fate.COMMITTED));
            while (!runner.unanswered().isEmpty()) {
                runner.write("tries again", runner.unanswered().remove(0), SimulatedRunner.Fate.COMMITTED);
            }
            runner.lease().renew();
            simulation.reconcile(runner);
        }
        simulation.expireTheDead();
        fresh.lookAtOthers();
        fresh.others().forEach(other -> simulation.sweep(fresh, other));
        simulation.reference().rows().executions().values().stream()
                .filter(row -> row.status().equals("Paused"))
                .forEach(row -> new SimulatedIntervention(simulation, fresh, row.id()).resumeIfPaused());
        drain();
        simulation.poll(fresh);
        drain();
        // Whatever a clock was set to when something was put off.
        simulation.passTime(Duration.ofDays(1));
        simulation.wake(fresh);
        drain();
    }

    /** All that the runners know of runs, without anybody looking for more. */
    private void drain() {
        boolean more = true;
        while (more) {
            more = false;
            for (SimulatedRunner runner : simulation.runners()) {
                more |= turn(runner);
            }
        }
    }

    private static boolean turn(SimulatedRunner runner) {
        List<Attempt> waiting = runner.toBegin();
        waiting.forEach(attempt -> runner.runBody(attempt, SimulatedRunner.Fate.COMMITTED));
        List<Outcome> ended = List.copyOf(runner.ended());
        if (!ended.isEmpty()) {
            runner.write("records all", ended, List.of(), SimulatedRunner.Fate.COMMITTED);
        }
        boolean mayClaim = runner.hasClaimable();
        if (mayClaim) {
            runner.write("claims", new ArrayList<>(List.of(new Write.Nudge())), SimulatedRunner.Fate.COMMITTED);
        }
        return mayClaim || !waiting.isEmpty() || !ended.isEmpty();
    }

    private List<UniversalUuid> ids() {
        return simulation.reference().rows().executions().keySet().stream()
                .map(Simulated::id)
                .toList();
    }
}
