package io.cloacina.examples;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.time.Clock;
import java.time.Duration;

/** An engine with everything said that is worth saying when one puts it to work; what is not said has a default. */
public final class Kept {
    private Kept() {}

    /** Starts it on a database. */
    static Engine start(String url, WorkflowDefinition workflow, Clock clock) {
        return Engine.builder(url)
                .workflow(workflow)
                .slots(64) // tasks at once in this process
                .lease(Duration.ofSeconds(20)) // silent for longer: others take its tasks
                .pollInterval(Duration.ofSeconds(5)) // a backstop, not the heartbeat of the work
                .retention(Duration.ofDays(7)) // finished executions, with all their rows
                .unavailableAfter(Duration.ofHours(6)) // nobody has the workflow in that version
                .grace(Duration.ofSeconds(30)) // close() waits that long for running tasks
                .clock(clock)
                .start();
    }

    /** An archive instead: nothing is ever removed. */
    static Engine startArchive(String url, WorkflowDefinition workflow) {
        return Engine.builder(url).workflow(workflow).keepForever().start();
    }
}
