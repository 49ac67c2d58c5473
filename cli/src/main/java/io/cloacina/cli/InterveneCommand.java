package io.cloacina.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A command that does the same to one execution or several; a failure for one does not affect the others. */
abstract class InterveneCommand extends EngineCommand {
    /** The ids that were typed. */
    abstract List<String> ids();

    /** Does it to one. */
    abstract void intervene(Engine engine, UUID execution);

    /** What was done to one, such as {@code cancelled}. */
    abstract String done();

    /** Whether a runner does the rest. */
    boolean needsRunner() {
        return false;
    }

    @Override
    int run(Engine engine, Output output) {
        int code = ExitCode.FINE;
        List<JsonNode> changed = new ArrayList<>();
        ExecutionIds known = new ExecutionIds(engine);
        for (String typed : ids()) {
            try {
                Execution execution = known.find(typed);
                intervene(engine, execution.id());
                if (output.isJson()) {
                    changed.add(JsonOf.execution(engine.find(execution.id()).orElse(execution)));
                } else {
                    output.line(done() + " execution " + execution.id());
                }
                if (needsRunner()) {
                    new Watching(engine, output).warnIfAlone(execution.id());
                }
            } catch (DatabaseException e) {
                throw e;
            } catch (CloacinaException e) {
                output.flush();
                int its = Failures.report(e, spec().commandLine().getErr());
                code = code == ExitCode.FINE ? its : code;
            }
        }
        if (output.isJson()) {
            output.json(Json.array(changed, node -> node));
        }
        return code;
    }
}
