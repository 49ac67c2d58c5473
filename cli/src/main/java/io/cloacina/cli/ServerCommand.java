package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.server.Dashboard;
import io.cloacina.server.ServerSettings;
import io.cloacina.server.json.Json;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "server",
        header = "Serve the web page and the HTTP API of a database.",
        description = {
            "",
            "Runs no workflows itself: it shows what is in the database, submits, and acts",
            "on executions. Only this machine can reach it, and everybody there may do",
            "everything, unless there is a token; --host needs one. Ctrl-C or SIGTERM",
            "stops it."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina server --database sqlite:app.db",
            "  cloacina server --read-only --hide-data --port 9000",
            "  cloacina server --host 0.0.0.0 --token-file tokens --prefix /cloacina",
            "",
            "Exit codes:",
            "  2        failed; the reason is on stderr",
            "  130, 143 it was stopped by ctrl-C, or by SIGTERM"
        })
final class ServerCommand extends EngineCommand {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8400",
            description = "0 for any that is free. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = {"The address to listen on; 0.0.0.0: all of them.", "Default: ${DEFAULT-VALUE}"})
    @SuppressWarnings("NullAway.Init") // has a default
    private String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = {
                "The callers: a single token, or a line for each",
                "caller: NAME ROLE TOKEN; a role is read, operate or",
                "admin."
            })
    private @Nullable Path tokens;

    @Option(
            names = "--prefix",
            paramLabel = "PATH",
            defaultValue = "",
            description = "The prefix of all paths, such as /cloacina.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String prefix;

    @Option(names = "--read-only", description = "Refuse every change.")
    private boolean isReadOnly;

    @Option(names = "--hide-data", description = "Do not show inputs, outputs and the URLs of alerts.")
    private boolean hidesData;

    @Override
    int run(Engine engine, Output output) {
        ServerSettings settings = ServerSettings.defaults().readOnly(isReadOnly).hideData(hidesData);
        Dashboard dashboard = Dashboard.on(engine)
                .port(port)
                .host(host)
                .prefix(prefix)
                .settings(tokens == null ? settings : TokenFile.addTo(settings, tokens))
                .start();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(dashboard, engine, stopped), "cloacina-stop"));
        if (output.isJson()) {
            output.jsonLine(Json.fields().put("url", dashboard.uri().toString()));
        } else {
            output.line("serving at " + dashboard.uri());
            output.flush();
        }
        try {
            stopped.await();
        } catch (InterruptedException e) {
            dashboard.close();
            Thread.currentThread().interrupt();
        }
        return ExitCode.FINE;
    }

    /** In the thread that the JVM starts when it is told to end; it ends when this returns. */
    private static void stop(Dashboard dashboard, Engine engine, CountDownLatch stopped) {
        dashboard.close();
        engine.close();
        stopped.countDown();
    }
}
