package io.cloacina.cli.demo;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Progress;
import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Execution;
import io.cloacina.engine.TaskExecution;
import io.cloacina.schema.tables.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the report on an execution: what it found, or what failed, and how it was made. */
final class FolderReport {
    private static final int LANGUAGES_SHOWN = 15;

    private final Document document;

    private FolderReport(Document document) {
        this.document = document;
    }

    /** The report for a terminal, where the tasks were shown while they ran. */
    static Document brief(String folder, List<TaskExecution> tasks, Optional<FolderSummary> found) {
        FolderReport report = new FolderReport(new Document("Report on " + folder));
        found.ifPresent(report::findings);
        report.failures(tasks);
        return report.document;
    }

    /** The report for a file. */
    static Document full(String folder, Execution execution, List<TaskExecution> tasks, Optional<FolderSummary> found) {
        FolderReport report = new FolderReport(brief(folder, tasks, found));
        report.making(execution, tasks);
        return report.document;
    }

    private void findings(FolderSummary found) {
        document.paragraph(Format.count(found.files(), "file") + ", " + Format.bytes(found.bytes()) + ", "
                + Format.count(found.lines(), "line") + " of text.");
        languages(found);
        if (!found.largest().isEmpty()) {
            Table table = new Table(Table.number("Size"), Table.path("File"));
            found.largest().forEach(file -> table.row(Format.bytes(file.bytes()), file.path()));
            document.heading("Largest files").table(table);
        }
        duplicates(found.duplicates());
        unreadable(found.unreadable());
    }

    private void languages(FolderSummary found) {
        if (found.languages().isEmpty()) {
            return;
        }
        Table table = new Table(
                Table.text("Language"),
                Table.number("Files"),
                Table.number("Lines"),
                Table.number("Size"),
                Table.number("Share of lines"));
        List<LanguageTotal> all = found.languages();
        all.stream().limit(LANGUAGES_SHOWN).forEach(total -> add(table, total, found.lines()));
        List<LanguageTotal> rest = all.subList(Math.min(LANGUAGES_SHOWN, all.size()), all.size());
        if (!rest.isEmpty()) {
            add(
                    table,
                    new LanguageTotal(
                            "(" + rest.size() + " more)",
                            rest.stream().mapToLong(LanguageTotal::files).sum(),
                            rest.stream().mapToLong(LanguageTotal::lines).sum(),
                            rest.stream().mapToLong(LanguageTotal::bytes).sum()),
                    found.lines());
        }
        document.heading("Languages").table(table);
    }

    private static void add(Table table, LanguageTotal total, long allLines) {
        table.row(
                total.language(),
                Format.count(total.files()),
                Format.count(total.lines()),
                Format.bytes(total.bytes()),
                Format.share(total.lines(), allLines));
    }

    private void duplicates(Duplicates duplicates) {
        document.heading("Duplicates");
        if (duplicates.groups() == 0) {
            document.paragraph("No two files have the same content, empty ones aside.");
            return;
        }
        document.paragraph(Format.count(duplicates.files(), "file") + " in "
                + Format.count(duplicates.groups(), "group") + " of the same content: "
                + Format.bytes(duplicates.wastedBytes()) + " wasted."
                + (duplicates.groups() > duplicates.worst().size() ? " Those that waste the most:" : ""));
        Table table = new Table(Table.number("Wasted"), Table.number("Copies"), Table.path("File"));
        for (Duplicates.Group group : duplicates.worst()) {
            List<String> paths = group.paths();
            table.row(Format.bytes(group.wastedBytes()), Format.count(group.files()), paths.get(0));
            paths.stream().skip(1).forEach(path -> table.row("", "", path));
            if (group.files() > paths.size()) {
                table.row("", "", "and " + Format.count(group.files() - paths.size()) + " more");
            }
        }
        document.table(table);
    }

    private void unreadable(Unreadable unreadable) {
        if (unreadable.count() == 0) {
            return;
        }
        Table table = new Table(Table.path("Path"), Table.text("Why"));
        unreadable.first().forEach(item -> table.row(item.path(), item.reason()));
        document.heading("Unreadable")
                .paragraph(
                        unreadable.count() == 1
                                ? "1 file or folder could not be read; no figure above includes it."
                                : Format.count(unreadable.count())
                                        + " files or folders could not be read; no figure above includes them.")
                .table(table);
    }

    private void failures(List<TaskExecution> tasks) {
        List<TaskExecution> failed = tasks.stream()
                .filter(task -> task.status() == TaskStatus.FAILED)
                .toList();
        if (failed.isEmpty()) {
            return;
        }
        document.heading("What failed");
        failed.forEach(task -> document.paragraph("Task " + task.name() + " failed: " + reason(task)));
        String notRun = tasks.stream()
                .filter(task -> task.status() == TaskStatus.SKIPPED)
                .map(TaskExecution::name)
                .collect(Collectors.joining(", "));
        if (!notRun.isEmpty()) {
            document.paragraph("Not run because of that: " + notRun + ".");
        }
    }

    private void making(Execution execution, List<TaskExecution> tasks) {
        Table table =
                new Table(Table.text("Task"), Table.text("Status"), Table.number("Attempts"), Table.number("Time"));
        Instant now = Instant.EPOCH; // every task is finished
        tasks.forEach(task -> table.row(
                task.name(),
                task.status().label(),
                Format.count(task.attempt()),
                task.attempt() == 0 ? "" : Format.duration(Progress.duration(task, now))));
        Instant started = execution.startedAt();
        Instant completed = execution.completedAt();
        String took = started == null || completed == null
                ? ""
                : ", " + Format.duration(Duration.between(started, completed)) + " from its first task to its last";
        document.heading("How it was made")
                .paragraph("Execution " + execution.id() + " of workflow " + execution.workflow() + ", version "
                        + execution.version() + took + ".")
                .table(table);
    }

    private static String reason(TaskExecution task) {
        String error = task.error();
        return error == null ? "unknown" : Reasons.firstLine(error);
    }
}
