package io.cloacina.cli.demo;

import static io.cloacina.cli.view.Format.bytes;
import static io.cloacina.cli.view.Format.count;

import io.cloacina.api.TaskStatus;
import io.cloacina.cli.demo.Batch.Unreadable;
import io.cloacina.cli.demo.FolderReport.Copies;
import io.cloacina.cli.demo.FolderReport.Language;
import io.cloacina.cli.demo.FolderReport.Summary;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.model.TaskExecution;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a report says: what was found in a folder, or why nothing was. */
final class ReportText {
    private static final int LANGUAGES_SHOWN = 15;
    private static final int GROUPS_SHOWN = 10;
    private static final int COPIES_SHOWN = 5;
    private static final int UNREADABLE_SHOWN = 20;

    private final Path folder;

    /** For a folder, to which all paths are relative. */
    ReportText(Path folder) {
        this.folder = folder;
    }

    /** What was found. */
    Document of(Summary found) {
        Document document = new Document();
        String totals = count(found.files(), "file") + ", " + bytes(found.bytes()) + ", " + count(found.lines(), "line")
                + " of text.";
        document.section(title(), totals);
        if (found.files() > 0) {
            addLanguages(document, found);
            Table largest = new Table(Table.number("Size"), Table.path("File"));
            found.largest().forEach(file -> largest.row(bytes(file.bytes()), shown(file.path())));
            document.section("Largest files", "", largest);
        }
        addCopies(document, found.copies());
        if (!found.unreadable().isEmpty()) {
            addUnreadable(document, found.unreadable());
        }
        return document;
    }

    /** Which tasks failed and why, and which did not run because of that. */
    Document ofFailure(List<TaskExecution> tasks) {
        String failed = tasks.stream()
                .filter(task -> task.status() == TaskStatus.FAILED)
                .map(task -> "Task " + task.name() + " failed: "
                        + Reasons.firstLine(Objects.requireNonNullElse(task.error(), "unknown")) + ". ")
                .collect(Collectors.joining());
        String skipped = tasks.stream()
                .filter(task -> task.status() == TaskStatus.SKIPPED)
                .map(TaskExecution::name)
                .collect(Collectors.joining(", "));
        return new Document()
                .section(title(), failed + (skipped.isEmpty() ? "" : "Not run because of that: " + skipped + "."));
    }

    private String title() {
        return "Report on " + folder;
    }

    private String shown(Path path) {
        return folder.relativize(path).toString().replace(folder.getFileSystem().getSeparator(), "/");
    }

    private static void addLanguages(Document document, Summary found) {
        Table table = new Table(
                Table.text("Language"),
                Table.number("Files"),
                Table.number("Lines"),
                Table.number("Size"),
                Table.number("Share of lines"));
        for (Language language : first(LANGUAGES_SHOWN, found.languages())) {
            table.row(
                    language.name(),
                    count(language.files()),
                    count(language.lines()),
                    bytes(language.bytes()),
                    Format.share(language.lines(), found.lines()));
        }
        int all = found.languages().size();
        document.section("Languages", all > LANGUAGES_SHOWN ? "Those with the most lines, of " + all + ":" : "", table);
    }

    private void addCopies(Document document, List<Copies> all) {
        if (all.isEmpty()) {
            document.section("Duplicates", "No two files have the same content, empty ones aside.");
            return;
        }
        long files = all.stream().mapToLong(copies -> copies.files().size()).sum();
        long wasted = all.stream().mapToLong(Copies::wastedBytes).sum();
        String text = count(files, "file") + " in " + count(all.size(), "group") + " of the same content: "
                + bytes(wasted) + " wasted." + (all.size() > GROUPS_SHOWN ? " Those that waste the most:" : "");
        Table table = new Table(Table.number("Wasted"), Table.number("Copies"), Table.path("File"));
        for (Copies copies : first(GROUPS_SHOWN, all)) {
            List<Path> paths = copies.files();
            table.row(bytes(copies.wastedBytes()), count(paths.size()), shown(paths.get(0)));
            paths.subList(1, Math.min(COPIES_SHOWN, paths.size())).forEach(path -> table.row("", "", shown(path)));
            if (paths.size() > COPIES_SHOWN) {
                table.row("", "", "and " + count(paths.size() - COPIES_SHOWN) + " more");
            }
        }
        document.section("Duplicates", text, table);
    }

    private void addUnreadable(Document document, List<Unreadable> all) {
        Table table = new Table(Table.path("Path"), Table.text("Why"));
        first(UNREADABLE_SHOWN, all).forEach(item -> table.row(shown(item.path()), item.reason()));
        String text = count(all.size(), "path") + " could not be read; no figure above includes what is there.";
        document.section("Unreadable", text, table);
    }

    private static <T> List<T> first(int most, List<T> all) {
        return all.subList(0, Math.min(most, all.size()));
    }
}
