package io.cloacina.cli;

import io.cloacina.cli.demo.Demo;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Screen;
import io.cloacina.schema.database.DatabaseUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        header = "Run a real workflow: a report on the files of a folder.",
        description = {
            "",
            "Scans FOLDER, reads its files in batches, four at a time, finds duplicates, the",
            "largest files and the lines per language, and joins them into a report. Its",
            "state is in a database at every moment: kill it with -9 and start it again,",
            "and it continues where it was.",
            "",
            "Left out: symbolic links, hidden folders, folders named target, and the",
            "database and the report themselves."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina demo                      this folder",
            "  cloacina demo ~/music --report music.md",
            "  cloacina demo --pause 1000         slow enough to be killed",
            "  cloacina demo --database postgresql://me@localhost/app",
            "",
            "Exit codes:",
            "  0   the report is complete",
            "  1   a task failed; the report has the task and the reason"
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FOLDER",
            arity = "0..1",
            defaultValue = ".",
            description = "The folder to report on. Default: the current one.")
    @SuppressWarnings("NullAway.Init") // has a default
    private Path folder;

    @Option(
            names = "--database",
            paramLabel = "URL",
            defaultValue = "sqlite:cloacina-demo.db",
            description = {
                "Where the state is kept: sqlite:FILE or",
                "postgresql://USER@HOST/DATABASE.",
                "Default: ${DEFAULT-VALUE}"
            })
    @SuppressWarnings("NullAway.Init") // has a default
    private String databaseUrl;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            defaultValue = "cloacina-report.md",
            description = "The Markdown file to write. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // has a default
    private Path report;

    @Option(
            names = "--pause",
            paramLabel = "MILLIS",
            defaultValue = "0",
            description = {"Pause before the scan and each batch, to have time to", "kill it. Default: ${DEFAULT-VALUE}"
            })
    private long pauseMillis;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        if (pauseMillis < 0) {
            throw new ParameterException(spec.commandLine(), "--pause must be 0 or more, not " + pauseMillis);
        }
        String shownUrl = shown(databaseUrl);
        String command = spec.root().commandLine().getParseResult().originalArgs().stream()
                .map(word -> quoted(word.replace(databaseUrl, shownUrl)))
                .collect(Collectors.joining(" ", "./cloacina ", ""));
        Demo.Request request = new Demo.Request(
                folder, databaseUrl, report, Duration.ofMillis(pauseMillis), command, quoted(shownUrl));
        return new Demo(request, Screen.of(spec.commandLine().getOut())).run() ? ExitCode.FINE : ExitCode.FOUND_FAULTS;
    }

    /** A URL with a password is not shown. */
    static String shown(String url) {
        return DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres server
                        && server.settings().keySet().stream()
                                .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("password"))
                ? "URL"
                : url;
    }

    /** As one word of a shell. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+")
                ? word
                : "'" + Format.printable(word).replace("'", "'\\''") + "'";
    }
}
