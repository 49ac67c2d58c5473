package io.cloacina.cli;

import io.cloacina.api.ErrorCodes;
import io.cloacina.api.HookSignature;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Hook;
import io.cloacina.server.json.JsonOf;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        header = "Store a webhook, or change the one of that name.",
        description = {
            "",
            "Options that are left out get their defaults, whatever the hook had before; only",
            "its secret stays. With --key-file the secret is stored encrypted; no command and",
            "no server shows it."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina hooks put shop --workflow build --signature github \\",
            "      --secret-file secret.txt --database sqlite:app.db",
            "  cloacina hooks put paid --workflow invoice --signature stripe \\",
            "      --secret-file - --input order=/data/object/id",
            "",
            "Exit codes:",
            "  0   it is stored",
            "  3   there is no such workflow, or a new hook without a secret"
        })
final class HooksPutCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the hook: the end of its URL.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--workflow",
            required = true,
            paramLabel = "WORKFLOW",
            description = "The workflow that a delivery submits.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String workflow;

    @Option(
            names = "--signature",
            required = true,
            paramLabel = "FORM",
            converter = Values.Signatures.class,
            description = {"How deliveries are signed: github, stripe, or", "standard (Standard Webhooks)."})
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private HookSignature signature;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = {
                "A file with the secret that deliveries are signed",
                "with; - is stdin. Default: that of the hook of this",
                "name."
            })
    private @Nullable String secretFile;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "VALUE",
            description = {
                "A value of the input, NAME=POINTER: a JSON pointer",
                "into the body, such as order=/order/id; may be given",
                "several times. Default: body=, the whole body"
            })
    private Map<String, String> input = new LinkedHashMap<>();

    @Override
    int run(Engine engine, Output output) {
        WorkflowOptions.requireStored(engine, workflow);
        Hook hook = new Hook(name, workflow, signature, input.isEmpty() ? Hook.WHOLE_BODY : input);
        if (secretFile == null) {
            engine.hooks().change(hook);
        } else {
            engine.hooks().put(hook, Values.secret(ErrorCodes.INVALID_HOOK, secretFile));
        }
        if (output.isJson()) {
            output.json(JsonOf.hook(hook));
        } else {
            output.line("stored hook " + Format.printable(name) + "; deliveries go to /api/v1/hooks/" + path(name));
        }
        return ExitCode.FINE;
    }

    private static String path(String name) {
        return java.net.URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
