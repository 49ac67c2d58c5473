package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Sends signals: some before anybody waits, some twice, some never. What is sent to an execution is its own id. */
final class Signaller {
    private static final int SOME = 100;

    private final Engine engine;
    private final History history;

    Signaller(Engine engine, History history) {
        this.engine = engine;
        this.history = history;
    }

    /** To an execution that was just submitted: nobody waits yet, or hardly. */
    void sendEarly(UUID execution, Random random) {
        if (random.nextInt(3) == 0) {
            send(execution, WaitingWorkflows.GO);
        }
        for (String name : WaitingWorkflows.OPTIONAL) {
            if (random.nextInt(3) == 0) {
                send(execution, name);
            }
        }
    }

    /** To some of those that may wait, whoever submitted them. */
    void sendLate(Random random) {
        for (Execution execution : waiting(ExecutionStatus.RUNNING)) {
            int way = random.nextInt(8);
            if (way < 2) {
                send(execution.id(), WaitingWorkflows.GO);
            } else if (way == 2) {
                send(execution.id(), WaitingWorkflows.OPTIONAL.get(random.nextInt(WaitingWorkflows.OPTIONAL.size())));
            }
        }
    }

    /** To all that may wait, so that none waits forever. */
    void sendAll() {
        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (status.isFinished()) {
                continue;
            }
            for (Execution execution : waiting(status)) {
                send(execution.id(), WaitingWorkflows.GO);
            }
        }
    }

    private List<Execution> waiting(ExecutionStatus status) {
        return engine.list(ExecutionQuery.all()
                .workflow(WaitingWorkflows.SIGNALLED)
                .status(status)
                .limit(SOME));
    }

    /** Always with the same key, so that sending it again does nothing. */
    private void send(UUID execution, String name) {
        try {
            engine.signal(execution, name, execution.toString(), "key of " + name);
            history.write(History.Kind.SIGNALLED, execution, name);
        } catch (ExecutionStateException e) {
            // It ended meanwhile: that is how it may be.
        }
    }
}
