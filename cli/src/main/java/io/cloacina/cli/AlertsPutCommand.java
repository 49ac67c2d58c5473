package io.cloacina.cli;

import io.cloacina.api.AlertKind;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AlertRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        header = "Store an alert, or change the one of that name.",
        description = {
            "",
            "The options of each kind:",
            "  failure-rate     --percent, --executions, --duration, optional --workflow:",
            "                   the percentage of failures within the duration is higher,",
            "                   among at least that many ended executions",
            "  oldest-ready     --duration: a task has been ready for longer",
            "  stranded         --executions: more unfinished executions have a version",
            "                   that no live runner has",
            "  schedule-late    --duration: a schedule is late by more",
            "  execution-ended  --status, optional --workflow: each execution that ends in",
            "                   that state; needs 'cloacina events --enable'",
            "",
            "With --key-file the URL and the secret are stored encrypted; nothing shows the",
            "secret."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina alerts put failing --kind failure-rate --percent 20 --executions 10 \\",
            "      --duration 1h --url https://example.com/hook --database sqlite:app.db",
            "  cloacina alerts put stuck --kind oldest-ready --duration 15m \\",
            "      --url https://example.com/hook --secret-file secret.txt",
            "  cloacina alerts put failed-orders --kind execution-ended --workflow order \\",
            "      --status failed --url https://example.com/hook",
            "",
            "Exit codes:",
            "  0   it is stored",
            "  3   there is no such workflow"
        })
final class AlertsPutCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the alert.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            converter = Values.AlertKinds.class,
            description = "The kind, see above.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private AlertKind kind;

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The URL to send messages to by POST: http or https.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String url;

    @Option(
            names = "--workflow",
            paramLabel = "WORKFLOW",
            description = "Only executions of this workflow. Default: all")
    private @Nullable String workflow;

    @Option(names = "--percent", paramLabel = "N", description = "The percentage of failures to exceed, 0 to 99.")
    private int percent;

    @Option(names = "--executions", paramLabel = "N", description = "A number of executions, up to 1,000.")
    private int executions;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Values.Spans.class,
            description = "Such as 30s, 15m or 1h.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            converter = Values.Statuses.class,
            description = {"completed, failed or cancelled; may be given", "several times."})
    private List<ExecutionStatus> statuses = new ArrayList<>();

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "A file with the secret that signs the messages, as",
                "in Standard Webhooks; - is stdin. Default: the",
                "secret of the existing alert, or no signature."
            })
    private @Nullable String secretFile;

    @Override
    int run(Engine engine, Output output) {
        if (workflow != null) {
            WorkflowOptions.requireStored(engine, workflow);
        }
        AlertRule rule = new AlertRule(
                name, kind, AlertRule.parsedUrl(url), workflow, percent, executions, duration, Set.copyOf(statuses));
        if (secretFile == null) {
            engine.alerts().put(rule);
        } else {
            engine.alerts().put(rule, Values.secret(ErrorCodes.INVALID_ALERT, secretFile));
        }
        AlertCommand.tell(
                engine,
                name,
                "stored alert " + Format.printable(name) + "; 'cloacina alerts test' sends a message",
                output);
        return ExitCode.FINE;
    }
}
