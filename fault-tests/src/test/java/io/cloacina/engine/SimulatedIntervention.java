package io.cloacina.engine;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;

/** Somebody cancels, pauses, resumes or retries an execution; what is refused must be refused for a reason. */
final class SimulatedIntervention {
    private final Simulation simulation;
    private final SimulatedRunner runner;
    private final String target;
    private final UniversalUuid id;

    SimulatedIntervention(Simulation simulation, SimulatedRunner runner, String target) {
        this.simulation = simulation;
        this.runner = runner;
        this.target = target;
        this.id = Simulated.id(target);
    }

    /** Does one of them, in the transaction that records some ends. */
    void run(int any, List<Outcome> outcomes, SimulatedRunner.Fate fate) {
        SimulatedRow.OfExecution row =
                Simulated.known(simulation.reference().rows().executions().get(target), target);
        boolean isPaused = row.status().equals("Paused");
        boolean mayRetry = row.status().equals("Failed");
        if (any % 2 == 0 && (isPaused || mayRetry)) {
            write(isPaused ? "resumes" : "retries", true, outcomes, fate, isPaused ? this::resume : this::retry);
        } else if (any < 1) {
            write("cancels", !row.isFinished() || row.status().equals("Cancelled"), outcomes, fate, this::cancel);
        } else if (any < 4) {
            write("pauses", !row.isFinished(), outcomes, fate, this::pause);
        } else if (any < 8) {
            write("resumes", !row.isFinished(), outcomes, fate, this::resume);
        } else if (any < 9) {
            write("finds nobody for", true, outcomes, fate, this::fail);
        } else {
            write("retries", mayRetry, outcomes, fate, this::retry);
        }
    }

    void resumeIfPaused() {
        write("resumes", true, List.of(), SimulatedRunner.Fate.COMMITTED, this::resume);
    }

    private interface Doing {
        void on(UnitOfWork work);
    }

    private void write(String what, boolean isAllowed, List<Outcome> outcomes, SimulatedRunner.Fate fate, Doing doing) {
        boolean[] refused = {false};
        Write.Call<Boolean> call = new Write.Call<>(id, work -> {
            try {
                doing.on(work);
                return true;
            } catch (io.cloacina.api.CloacinaException e) {
                refused[0] = true;
                throw e;
            }
        });
        runner.write(what + " " + target, outcomes, new ArrayList<>(List.of(call)), fate);
        Simulated.require(
                refused[0] != isAllowed, () -> what + " " + target + (isAllowed ? " was refused" : " was not refused"));
    }

    private void cancel(UnitOfWork work) {
        runner.control().cancel(work, id);
        runner.step().cancelled = target;
    }

    private void fail(UnitOfWork work) {
        if (runner.control().fail(work, id, "nobody has it", "left")) {
            runner.step().failed = target;
        }
    }

    private void pause(UnitOfWork work) {
        runner.control().pause(work, id, null);
        runner.step().paused = target;
    }

    /** What is not paused is not resumed; it may have been paused since the first try. */
    private void resume(UnitOfWork work) {
        boolean isPaused = work.find(HistoryStore.FIND, id)
                .filter(execution -> execution.status() == ExecutionStatus.PAUSED)
                .isPresent();
        runner.control().resume(work, id);
        if (isPaused) {
            runner.step().resumed = target;
        }
    }

    private void retry(UnitOfWork work) {
        runner.control().retryFailed(work, id, RetryMode.evenAfterCompensation());
        runner.step().retried = target;
    }
}
