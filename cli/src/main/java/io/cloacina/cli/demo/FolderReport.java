package io.cloacina.cli.demo;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;

import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.cli.demo.Batch.Unreadable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A workflow that reports on the files of a folder.
 *
 * <p>Each method with {@code @Task} is a task. What it returns is stored in the database and passed to the tasks that ask for it,
 * so the parameters are the graph: {@code scan}, then {@code read} for each batch of files, then {@code languages}, {@code
 * largest} and {@code copies} side by side, then {@code summary}. If the process is killed, the next one continues with what was
 * not completed.
 */
@Workflow
final class FolderReport {
    private static final int LARGEST_BATCH = 500;
    private static final int FEWEST_BATCHES = 16;
    private static final int LARGEST_FILES = 10;

    private final Duration pause;

    /** The pause before the scan and before each batch leaves time to kill the process. */
    FolderReport(Duration pause) {
        this.pause = pause;
    }

    /** Finds the files, and divides them into batches. */
    @Task
    List<List<Path>> scan(@Input Path folder, @Input Set<Path> leftOut) throws Exception {
        Thread.sleep(pause.toMillis());
        return batches(FolderScan.files(folder, leftOut));
    }

    /** Reads the files of one batch. Four batches are read at once. */
    @Task
    Batch read(@ForEach(value = "scan", atOnce = 4) List<Path> files) throws Exception {
        Thread.sleep(pause.toMillis());
        return Batch.read(files);
    }

    /** Adds up the files of each language. The language with the most lines comes first. */
    @Task
    List<Language> languages(@From("read") List<Batch> batches) {
        return files(batches).collect(groupingBy(FileFacts::language)).values().stream()
                .map(Language::of)
                .sorted(comparingLong(Language::lines).reversed().thenComparing(Language::name))
                .toList();
    }

    /** Finds the largest files. */
    @Task
    List<FileFacts> largest(@From("read") List<Batch> batches) {
        return files(batches)
                .sorted(comparingLong(FileFacts::bytes).reversed().thenComparing(FileFacts::path))
                .limit(LARGEST_FILES)
                .toList();
    }

    /** Finds files with the same content, except empty ones. Those that waste the most space come first. */
    @Task
    List<Copies> copies(@From("read") List<Batch> batches) {
        return files(batches).filter(file -> file.bytes() > 0).collect(groupingBy(FileFacts::sha256)).values().stream()
                .filter(same -> same.size() > 1)
                .map(Copies::of)
                .sorted(comparingLong(Copies::wastedBytes).reversed().thenComparing(Copies::first))
                .toList();
    }

    /** Joins all of that. */
    @Task
    Summary summary(
            @From("read") List<Batch> batches,
            @From List<Language> languages,
            @From List<FileFacts> largest,
            @From List<Copies> copies) {
        List<FileFacts> files = files(batches).toList();
        List<Unreadable> unreadable =
                batches.stream().flatMap(batch -> batch.unreadable().stream()).toList();
        return new Summary(
                files.size(),
                sum(files, FileFacts::lines),
                sum(files, FileFacts::bytes),
                languages,
                largest,
                copies,
                unreadable);
    }

    /** All files of one language. */
    record Language(String name, long files, long lines, long bytes) {
        static Language of(List<FileFacts> files) {
            return new Language(
                    files.get(0).language(), files.size(), sum(files, FileFacts::lines), sum(files, FileFacts::bytes));
        }
    }

    /** Files with the same content, and how many bytes all but the first of them waste. */
    record Copies(List<Path> files, long wastedBytes) {
        static Copies of(List<FileFacts> same) {
            return new Copies(
                    same.stream().map(FileFacts::path).toList(), sum(same.subList(1, same.size()), FileFacts::bytes));
        }

        Path first() {
            return files.get(0);
        }
    }

    /** The report. */
    record Summary(
            long files,
            long lines,
            long bytes,
            List<Language> languages,
            List<FileFacts> largest,
            List<Copies> copies,
            List<Unreadable> unreadable) {}

    /**
     * A batch, not a file, is an element of the list: a run for each file would take longer to record than to do, and a list may
     * have 20,000 elements. A small folder has small batches, so that it is read in parallel too.
     */
    private static List<List<Path>> batches(List<Path> files) {
        int size = Math.max(1, Math.min(LARGEST_BATCH, files.size() / FEWEST_BATCHES));
        return IntStream.iterate(0, start -> start < files.size(), start -> start + size)
                .mapToObj(start -> files.subList(start, Math.min(start + size, files.size())))
                .toList();
    }

    private static Stream<FileFacts> files(List<Batch> batches) {
        return batches.stream().flatMap(batch -> batch.files().stream());
    }

    private static long sum(List<FileFacts> files, ToLongFunction<FileFacts> figure) {
        return files.stream().mapToLong(figure).sum();
    }
}
