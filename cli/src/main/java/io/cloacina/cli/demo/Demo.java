package io.cloacina.cli.demo;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Graph;
import io.cloacina.cli.view.Progress;
import io.cloacina.cli.view.Screen;
import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.Times;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Runs the workflow on a folder, or continues an execution that was interrupted, and shows what happens. */
public final class Demo {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int WIDTH = 80;

    /** The facts about 100,000 files are about 20 MB of JSON; by default a task may return 4 MiB. */
    private static final int MAX_CONTEXT_BYTES = 128 << 20;

    private final Request request;
    private final Screen screen;
    private final WorkflowDefinition workflow;
    private final Instant begunAt = Instant.now();

    /**
     * What is asked for.
     *
     * @param command the whole command, as it can be shown
     * @param shownUrl the URL of the database, as it can be shown
     */
    public record Request(
            Path folder, String databaseUrl, Path reportFile, Duration pause, String command, String shownUrl) {}

    /** Takes a request and where to show things. */
    public Demo(Request request, Screen screen) {
        this.request = request;
        this.screen = screen;
        this.workflow = WorkflowDefinition.of(new FolderReport(request.pause()));
    }

    /**
     * Runs it, and returns whether all tasks completed.
     *
     * @throws CloacinaException if the folder or the report cannot be used
     * @throws io.cloacina.schema.database.DatabaseException if the database cannot
     */
    public boolean run() {
        DatabaseUrl database = DatabaseUrl.parse(request.databaseUrl());
        DemoFiles files = DemoFiles.check(request.folder(), request.reportFile(), database);
        try (Engine engine = Engine.builder(request.databaseUrl())
                .workflow(workflow)
                .maxContextBytes(MAX_CONTEXT_BYTES)
                .start()) {
            greet(files.folder(), database);
            UUID id = beginOrContinue(engine, files);
            Execution ended = watch(engine, id);
            report(engine, ended, files.folder());
            suggest(database, id);
            screen.flush();
            return ended.status() == ExecutionStatus.COMPLETED;
        }
    }

    private void greet(Path folder, DatabaseUrl database) {
        screen.line(screen.style().strong("A report on the files of " + Format.printable(folder.toString())));
        screen.line("  state    " + Format.printable(database.toString()));
        screen.line("  report   " + Format.printable(request.reportFile().toString()));
        screen.line("  process  " + ProcessHandle.current().pid());
        screen.line("");
    }

    private UUID beginOrContinue(Engine engine, DemoFiles files) {
        Optional<UUID> interrupted = interrupted(engine, files.folder());
        if (interrupted.isPresent()) {
            UUID id = interrupted.get();
            List<TaskExecution> tasks = engine.tasks(id);
            screen.line("continuing execution " + id + ": "
                    + finishedBefore(tasks).size() + " of " + tasks.size() + " tasks were finished before");
            return id;
        }
        UUID id = engine.submit(workflow.name(), Map.of("folder", files.folder(), "leftOut", files.leftOut()));
        screen.line("new execution " + id + ": " + engine.tasks(id).size() + " tasks");
        return id;
    }

    /** Executions of other folders may be unfinished in the same database: their input tells them apart. */
    private Optional<UUID> interrupted(Engine engine, Path folder) {
        ExecutionQuery query = ExecutionQuery.all()
                .workflow(workflow.name())
                .version(workflow.version())
                .unfinished();
        ExecutionPage page = engine.search(query);
        while (true) {
            for (Execution unfinished : page.executions()) {
                if (engine.context(unfinished.id()).get("folder", Path.class).equals(folder)) {
                    return Optional.of(unfinished.id());
                }
            }
            if (page.next() == null) {
                return Optional.empty();
            }
            page = engine.search(query.before(page.next()));
        }
    }

    private List<TaskExecution> finishedBefore(List<TaskExecution> tasks) {
        return tasks.stream()
                .filter(task -> task.completedAt() != null && task.completedAt().isBefore(begunAt))
                .toList();
    }

    private Execution watch(Engine engine, UUID id) {
        Progress progress = new Progress(screen, Times.local(), finishedBefore(engine.tasks(id)));
        while (engine.await(id, BETWEEN_LOOKS).isEmpty()) {
            progress.show(engine.tasks(id));
        }
        progress.show(engine.tasks(id));
        progress.end();
        return engine.await(id);
    }

    private void report(Engine engine, Execution ended, Path folder) {
        ReportText text = new ReportText(folder);
        List<TaskExecution> tasks = engine.tasks(ended.id());
        Document report = ended.status() == ExecutionStatus.COMPLETED
                ? text.of(engine.context(ended.id()).get("summary", FolderReport.Summary.class))
                : text.ofFailure(tasks);
        try {
            Files.writeString(request.reportFile(), report.markdown() + howItWasMade(ended, tasks));
        } catch (IOException e) {
            throw DemoFiles.unwritable(request.reportFile(), Batch.reason(e));
        }
        report.lines(screen.style(), Math.min(WIDTH, screen.width())).forEach(screen::line);
        screen.line("");
        screen.line("Finished in " + Format.duration(Duration.between(begunAt, Instant.now())) + "; the report is in "
                + Format.printable(request.reportFile().toString()) + ".");
    }

    private static String howItWasMade(Execution ended, List<TaskExecution> tasks) {
        return "\n## How it was made\n\nExecution " + ended.id() + " of workflow " + ended.workflow() + ", version "
                + ended.version() + ":\n\n```text\n"
                + String.join("\n", new Graph(new Style(false), WIDTH, Times.local()).of(tasks)) + "\n```\n";
    }

    private void suggest(DatabaseUrl database, UUID id) {
        String slow = request.pause().isZero() ? " --pause 1000" : "";
        screen.line("");
        screen.line("Try next:");
        screen.line("  Kill it with -9 while it runs, then run the same command again:");
        screen.line("    " + request.command() + slow);
        screen.line("  Look at it in the browser:");
        screen.line("    ./cloacina server --database " + request.shownUrl());
        screen.line("  Look at this execution, and check the tables against their definition:");
        screen.line(
                "    ./cloacina executions show " + id.toString().substring(24) + " --database " + request.shownUrl());
        screen.line("    ./cloacina schema check --database " + request.shownUrl());
        if (database instanceof DatabaseUrl.Sqlite) {
            screen.line("  Keep its state in PostgreSQL:");
            screen.line("    ./cloacina demo --database postgresql://USER@HOST/DATABASE");
        }
    }
}
