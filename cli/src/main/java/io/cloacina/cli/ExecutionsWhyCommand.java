package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Times;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Reason;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.StatusJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        header = "Explain why tasks of an execution do not run, or how long they have run.",
        description = {
            "",
            "Prints a sentence for each task that has not ended. It reads the database alone:",
            "neither a runner nor the code of the workflow is needed."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions why 3fa94c21 --database sqlite:app.db",
            "  cloacina executions why 3fa94c21 --json | jq -r '.[].kind'",
            "",
            "Exit codes:",
            "  0   success, also when it has ended",
            "  3   there is no such execution"
        })
final class ExecutionsWhyCommand extends EngineCommand {
    @Parameters(paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    int run(Engine engine, Output output) {
        Execution execution = new ExecutionIds(engine).find(id);
        List<Reason> reasons = engine.why(execution.id());
        if (output.isJson()) {
            output.json(Json.array(reasons, StatusJson::reason));
        } else if (reasons.isEmpty()) {
            output.remark("execution " + execution.id() + " has ended: "
                    + execution.status().label().toLowerCase(Locale.ROOT));
        } else {
            reasons.forEach(reason -> output.wrapped(line(reason, output.times()), "    "));
        }
        return ExitCode.FINE;
    }

    /** The sentence of a reason has its instants in UTC; a person reads those of the machine's zone. */
    static String line(Reason reason, Times times) {
        String sentence = local(local(reason.sentence(), reason.since(), times), reason.until(), times);
        return Format.printable(reason.taskName() + ": " + sentence);
    }

    private static String local(String sentence, @Nullable Instant instant, Times times) {
        return instant == null
                ? sentence
                : sentence.replace(instant.truncatedTo(ChronoUnit.SECONDS).toString(), times.full(instant));
    }
}
