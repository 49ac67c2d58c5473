package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.cli.demo.FolderReport.Copies;
import io.cloacina.cli.demo.FolderReport.Language;
import io.cloacina.cli.demo.FolderReport.Summary;
import io.cloacina.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FolderReportTest {
    private final FolderReport report = new FolderReport(Duration.ZERO);

    private static FileFacts file(String path, String language, long bytes, long lines, String hash) {
        return new FileFacts(Path.of(path), language, bytes, lines, hash);
    }

    private static List<Batch> batches(FileFacts... files) {
        return List.of(new Batch(List.of(), List.of()), new Batch(List.of(files), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 1, 1", "20, 20, 1", "100, 17, 6", "1000, 17, 62", "8000, 16, 500", "8501, 18, 500"})
    void a_small_folder_has_small_batches_and_a_large_one_large_batches(
            int files, int batches, int largest, @TempDir Path folder) throws Exception {
        for (int i = 0; i < files; i++) {
            Files.createFile(folder.resolve("file" + i));
        }

        List<List<Path>> scanned = report.scan(folder, Set.of());

        assertThat(scanned).hasSize(batches);
        assertThat(scanned.stream().mapToInt(List::size).max().orElse(0)).isEqualTo(largest);
        assertThat(scanned.stream().flatMap(List::stream))
                .hasSize(files)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void the_language_with_the_most_lines_comes_first() {
        assertThat(report.languages(batches(
                        file("a.c", "C", 10, 1, "aa"),
                        file("b.java", "Java", 20, 2, "bb"),
                        file("c.java", "Java", 30, 3, "cc"))))
                .containsExactly(new Language("Java", 2, 5, 50), new Language("C", 1, 1, 10));
    }

    @Test
    void the_largest_files_are_ten_and_the_very_largest_is_first() {
        List<FileFacts> files = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            files.add(file("f" + i, "Text", i % 50, 0, "aa"));
        }

        assertThat(report.largest(batches(files.toArray(FileFacts[]::new))))
                .hasSize(10)
                .extracting(FileFacts::path)
                .startsWith(Path.of("f49"), Path.of("f99"), Path.of("f48"));
    }

    @Test
    void files_of_one_content_are_copies_and_those_that_waste_the_most_come_first() {
        assertThat(report.copies(batches(
                        file("a", "Text", 10, 0, "aa"),
                        file("b", "Text", 10, 0, "aa"),
                        file("c", "Text", 100, 0, "bb"),
                        file("d", "Text", 100, 0, "bb"),
                        file("e", "Text", 100, 0, "bb"),
                        file("f", "Text", 1000, 0, "cc"))))
                .containsExactly(
                        new Copies(List.of(Path.of("c"), Path.of("d"), Path.of("e")), 200),
                        new Copies(List.of(Path.of("a"), Path.of("b")), 10));
    }

    @Test
    void empty_files_are_not_copies_of_each_other() {
        assertThat(report.copies(batches(file("a", "Text", 0, 0, "ee"), file("b", "Text", 0, 0, "ee"))))
                .isEmpty();
    }

    /** The name is a URI in JSON, so it comes back as it was. */
    @ParameterizedTest
    @CsvSource({"'new\nline.txt'", "'%FF.txt'", "' '", "'ünïcödé.txt'", "'back\\slash'", "'\u001b[31m.txt'"})
    void a_file_of_any_name_is_read(String name, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve(name), "a\nb\n");

        assertThat(run(folder)).satisfies(found -> {
            assertThat(found.unreadable()).isEmpty();
            assertThat(found.largest()).extracting(FileFacts::path).containsExactly(file);
            assertThat(found.lines()).isEqualTo(2);
        });
    }

    private Summary run(Path folder) {
        try (Engine engine = Engine.builder("sqlite::memory:").workflow(report).start()) {
            UUID id = engine.submit("folder-report", Map.of("folder", folder, "leftOut", Set.of()));
            engine.await(id);
            return engine.context(id).get("summary", Summary.class);
        }
    }
}
