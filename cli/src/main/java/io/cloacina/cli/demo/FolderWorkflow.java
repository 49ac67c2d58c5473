package io.cloacina.cli.demo;

import io.cloacina.api.Context;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cli.view.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The workflow: {@code scan}, then eight {@code measure-N} side by side, then {@code languages}, {@code largest} and {@code
 * duplicates} side by side, then {@code report}.
 */
final class FolderWorkflow {
    static final String NAME = "folder-report";

    /** Changes whenever a task reads or writes something else: an unfinished execution stays with who can finish it. */
    static final String VERSION = "1";

    static final int CHUNKS = 8;

    private static final String FOLDER = "folder";
    private static final String LEFT_OUT = "left-out";
    private static final String SCANNED = "scanned";
    private static final String LANGUAGES = "languages";
    private static final String LARGEST = "largest";
    private static final String DUPLICATES = "duplicates";
    private static final String SUMMARY = "summary";

    private final long pauseMillis;
    private final Notes notes;

    private FolderWorkflow(long pauseMillis, Notes notes) {
        this.pauseMillis = pauseMillis;
        this.notes = notes;
    }

    /** The totals of a scan. */
    record Scanned(long files, long bytes, Unreadable unreadable) {}

    /** Defines it; every task begins with a pause and tells the notes what it does. */
    static WorkflowDefinition define(long pauseMillis, Notes notes) {
        FolderWorkflow tasks = new FolderWorkflow(pauseMillis, notes);
        String[] measures =
                IntStream.rangeClosed(1, CHUNKS).mapToObj(n -> "measure-" + n).toArray(String[]::new);
        WorkflowDefinition.Builder workflow = WorkflowDefinition.named(NAME).version(VERSION);
        workflow.task("scan", tasks.paused(tasks::scan));
        for (int number = 1; number <= CHUNKS; number++) {
            int chunk = number;
            workflow.task(
                    measures[number - 1],
                    tasks.paused(context -> tasks.measure(context, chunk)),
                    task -> task.after("scan"));
        }
        return workflow.task(LANGUAGES, tasks.paused(tasks::languages), task -> task.after(measures))
                .task(LARGEST, tasks.paused(tasks::largest), task -> task.after(measures))
                .task(DUPLICATES, tasks.paused(tasks::duplicates), task -> task.after(measures))
                .task("report", tasks.paused(tasks::report), task -> task.after(LANGUAGES, LARGEST, DUPLICATES))
                .build();
    }

    /** The input of an execution. */
    static Map<String, Object> input(Path folder, Set<Path> leftOut) {
        return Map.of(
                FOLDER,
                folder.toString(),
                LEFT_OUT,
                leftOut.stream().map(Path::toString).sorted().toList());
    }

    /** Whether an input was made for that folder. */
    static boolean isFor(Path folder, Context input) {
        return input.find(FOLDER, String.class)
                .filter(folder.toString()::equals)
                .isPresent();
    }

    /** What the last task wrote. */
    static FolderSummary summary(Context result) {
        return result.get(SUMMARY, FolderSummary.class);
    }

    private TaskBody paused(TaskBody body) {
        return context -> {
            if (pauseMillis > 0) {
                Thread.sleep(pauseMillis);
            }
            body.run(context);
        };
    }

    private void scan(TaskContext context) throws IOException {
        Path folder = folder(context);
        Set<Path> leftOut = Arrays.stream(context.get(LEFT_OUT, String[].class))
                .map(Path::of)
                .collect(Collectors.toUnmodifiableSet());
        FolderScan.Result found;
        try {
            found = FolderScan.scan(folder, leftOut);
        } catch (IOException e) {
            throw new IOException("the folder " + folder + " cannot be read: " + Unreadable.reason(e), e);
        }
        List<List<FoundFile>> chunks = Chunks.split(found.files(), CHUNKS);
        for (int number = 1; number <= CHUNKS; number++) {
            List<FoundFile> chunk = chunks.get(number - 1);
            context.put(
                    filesKey(number),
                    PackedLines.pack(chunk.stream().map(FoundFile::line).toList()));
        }
        long bytes = found.files().stream().mapToLong(FoundFile::bytes).sum();
        context.put(SCANNED, new Scanned(found.files().size(), bytes, found.unreadable()));
        notes.say(context, Format.count(found.files().size(), "file") + ", " + Format.bytes(bytes));
    }

    private void measure(TaskContext context, int number) {
        List<FoundFile> files = PackedLines.unpack(context.get(filesKey(number), String.class)).stream()
                .map(FoundFile::ofLine)
                .toList();
        String total = " of " + Format.count(files.size(), "file");
        ChunkMeasure measure =
                ChunkMeasure.of(folder(context), files, done -> notes.say(context, Format.count(done) + total));
        context.put(measureKey(number), measure);
        // Nobody needs the list any more.
        context.put(filesKey(number), null);
        notes.say(context, Format.count(measure.files(), "file") + ", " + Format.bytes(measure.bytes()));
    }

    private void languages(TaskContext context) {
        List<LanguageTotal> totals = LanguageTotal.sum(measures(context).stream()
                .flatMap(measure -> measure.languages().stream())
                .toList());
        context.put(LANGUAGES, totals);
        notes.say(context, Format.count(totals.size()) + " found");
    }

    private void largest(TaskContext context) {
        context.put(LARGEST, FolderSummary.largest(hashedFiles(context)));
    }

    private void duplicates(TaskContext context) {
        Duplicates duplicates = Duplicates.among(hashedFiles(context));
        context.put(DUPLICATES, duplicates);
        notes.say(context, Format.count(duplicates.groups(), "group"));
    }

    private void report(TaskContext context) {
        List<ChunkMeasure> measures = measures(context);
        Unreadable unreadable = context.get(SCANNED, Scanned.class).unreadable();
        for (ChunkMeasure measure : measures) {
            unreadable = unreadable.and(measure.unreadable());
        }
        context.put(
                SUMMARY,
                new FolderSummary(
                        measures.stream().mapToLong(ChunkMeasure::files).sum(),
                        measures.stream().mapToLong(ChunkMeasure::bytes).sum(),
                        measures.stream().mapToLong(ChunkMeasure::lines).sum(),
                        List.of(context.get(LANGUAGES, LanguageTotal[].class)),
                        List.of(context.get(LARGEST, FoundFile[].class)),
                        context.get(DUPLICATES, Duplicates.class),
                        unreadable));
    }

    private static Path folder(TaskContext context) {
        return Path.of(context.get(FOLDER, String.class));
    }

    private static List<HashedFile> hashedFiles(TaskContext context) {
        return measures(context).stream()
                .flatMap(measure -> measure.hashedFiles().stream())
                .toList();
    }

    private static List<ChunkMeasure> measures(TaskContext context) {
        List<ChunkMeasure> measures = new ArrayList<>();
        for (int number = 1; number <= CHUNKS; number++) {
            measures.add(context.get(measureKey(number), ChunkMeasure.class));
        }
        return measures;
    }

    private static String filesKey(int chunk) {
        return "files-" + chunk;
    }

    private static String measureKey(int chunk) {
        return "measured-" + chunk;
    }
}
