package io.cloacina.examples;

import io.cloacina.api.ElementOutcome;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A list of any length: a task that runs once for each element, some at once, with the results in order. */
public final class WordCount {
    private WordCount() {}

    /** Counts the words of the text files of a folder; one that cannot be read is said, and harms no other. */
    @Workflow(name = "word-count")
    public static class Counting {
        @Task
        List<Path> list(@Input Path folder) throws IOException {
            try (var files = Files.list(folder)) {
                return files.sorted().toList();
            }
        }

        @Task
        long count(@ForEach(value = "list", atOnce = 4, collect = true) Path file) throws IOException {
            try (var lines = Files.lines(file)) {
                return lines.flatMap(line -> Stream.of(line.split("\\s+", -1)))
                        .filter(word -> !word.isBlank())
                        .count();
            }
        }

        @Task
        String report(@From("list") List<Path> files, @From("count") List<ElementOutcome<Long>> counts) {
            long words = counts.stream()
                    .filter(count -> !count.hasFailed())
                    .mapToLong(ElementOutcome::get)
                    .sum();
            long failed = counts.stream().filter(ElementOutcome::hasFailed).count();
            return words + " words in " + (files.size() - failed) + " files; " + failed + " could not be read";
        }
    }

    /** Arguments: the URL of a database, and a folder. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new Counting()).start()) {
            UUID id = engine.submit("word-count", Map.of("folder", arguments[1]));
            engine.await(id);
            System.out.println(engine.context(id).get("report", String.class));
        }
    }
}
