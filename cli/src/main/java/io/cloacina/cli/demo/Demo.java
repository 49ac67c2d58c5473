package io.cloacina.cli.demo;

import io.cloacina.api.CloacinaException;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Progress;
import io.cloacina.cli.view.Screen;
import io.cloacina.cli.view.Times;
import io.cloacina.engine.Engine;
import io.cloacina.engine.Execution;
import io.cloacina.engine.TaskExecution;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.tables.ExecutionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Runs the workflow on a folder, or goes on with an execution that was not finished, and shows what happens. */
public final class Demo {
    private static final int SLOTS = 4;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Request request;
    private final Screen screen;
    private final Notes notes = new Notes();
    private final Clock clock = Clock.systemUTC();

    /** What is asked for. */
    public record Request(Path folder, String databaseUrl, Path reportFile, long pauseMillis) {}

    /** Takes a request and where to show things. */
    public Demo(Request request, Screen screen) {
        this.request = request;
        this.screen = screen;
    }

    /**
     * Does it; true if all tasks are completed.
     *
     * @throws CloacinaException if the folder or the report cannot be used
     * @throws io.cloacina.schema.database.DatabaseException if the database cannot
     */
    public boolean run() {
        Instant begun = clock.instant();
        DatabaseUrl database = DatabaseUrl.parse(request.databaseUrl());
        DemoFiles files = DemoFiles.check(request.folder(), request.reportFile(), database);
        try (Engine engine = Engine.builder(request.databaseUrl())
                .workflow(FolderWorkflow.define(request.pauseMillis(), notes))
                .slots(SLOTS)
                .start()) {
            greet(files.folder(), database);
            UUID id = unfinished(engine, files.folder())
                    .map(execution -> goOn(engine, execution, begun))
                    .orElseGet(() -> begin(engine, files));
            Execution done = watch(engine, id, begun);
            conclude(engine, done, files.folder());
            screen.line("");
            screen.line(
                    "Finished in " + Format.duration(Duration.between(begun, clock.instant())) + "; the report is in "
                            + Format.printable(request.reportFile().toString()) + ".");
            new NextSteps(request, database).lines().forEach(screen::line);
            screen.flush();
            return done.status() == ExecutionStatus.COMPLETED;
        }
    }

    private void greet(Path folder, DatabaseUrl database) {
        screen.line(screen.style().strong("A report on the files of " + Format.printable(folder.toString())));
        screen.line("  state    " + Format.printable(database.toString()));
        screen.line("  report   " + Format.printable(request.reportFile().toString()));
        screen.line("  process  " + ProcessHandle.current().pid());
    }

    /** Another folder's execution may be unfinished in the same database: the input tells them apart. */
    private static Optional<Execution> unfinished(Engine engine, Path folder) {
        return engine.unfinished(FolderWorkflow.NAME).stream()
                .filter(execution -> execution.version().equals(FolderWorkflow.VERSION))
                .filter(execution -> FolderWorkflow.isFor(folder, engine.context(execution.id())))
                .findFirst();
    }

    private UUID goOn(Engine engine, Execution execution, Instant begun) {
        List<TaskExecution> tasks = engine.tasks(execution.id());
        long before =
                tasks.stream().filter(task -> isFinishedBefore(task, begun)).count();
        screen.line("");
        screen.line("continuing execution " + execution.id() + ": " + before + " of " + tasks.size()
                + " tasks were finished before");
        return execution.id();
    }

    private UUID begin(Engine engine, DemoFiles files) {
        UUID id = engine.submit(FolderWorkflow.NAME, FolderWorkflow.input(files.folder(), files.leftOut()));
        screen.line("");
        screen.line("new execution " + id + ": " + engine.tasks(id).size() + " tasks");
        return id;
    }

    private Execution watch(Engine engine, UUID id, Instant begun) {
        List<TaskExecution> before = engine.tasks(id).stream()
                .filter(task -> isFinishedBefore(task, begun))
                .toList();
        Progress progress = new Progress(screen, task -> notes.of(id, task.name()), Times.local(), before);
        Optional<Execution> done;
        do {
            progress.show(engine.tasks(id));
            done = engine.await(id, BETWEEN_LOOKS);
        } while (done.isEmpty());
        progress.show(engine.tasks(id));
        progress.end();
        return done.get();
    }

    private void conclude(Engine engine, Execution done, Path folder) {
        List<TaskExecution> tasks = engine.tasks(done.id());
        Optional<FolderSummary> found = done.status() == ExecutionStatus.COMPLETED
                ? Optional.of(FolderWorkflow.summary(engine.context(done.id())))
                : Optional.empty();
        String name = folder.toString();
        try {
            Files.writeString(request.reportFile(), Markdown.of(FolderReport.full(name, done, tasks, found)));
        } catch (IOException e) {
            throw new CloacinaException(
                    "the report " + request.reportFile() + " cannot be written: " + Unreadable.reason(e), e);
        }
        screen.line("");
        new PlainText(screen.style()).of(FolderReport.brief(name, tasks, found)).forEach(screen::line);
    }

    private static boolean isFinishedBefore(TaskExecution task, Instant begun) {
        return task.isFinished()
                && Objects.requireNonNullElse(task.completedAt(), begun).isBefore(begun);
    }
}
