package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkMeasureTest {
    @TempDir
    private Path folder;

    private ChunkMeasure measure(String... paths) {
        List<FoundFile> files =
                List.of(paths).stream().map(path -> new FoundFile(path, 0)).toList();
        return ChunkMeasure.of(folder, files, done -> {});
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "a, 1", "'a\n', 1", "'a\nb', 2", "'a\n\n', 2", "'\r\n\r\n', 2"})
    void countsLinesWhetherTheLastIsEndedOrNot(String content, long lines) throws IOException {
        Files.writeString(folder.resolve("a.txt"), content);

        assertThat(measure("a.txt").lines()).isEqualTo(lines);
    }

    @Test
    void countsLinesAcrossManyBuffers() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "0123456789\n".repeat(100_000));

        ChunkMeasure measure = measure("a.txt");

        assertThat(measure.lines()).isEqualTo(100_000);
        assertThat(measure.bytes()).isEqualTo(1_100_000);
    }

    @Test
    void theHashIsTheBeginningOfTheSha256() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "abc");

        assertThat(measure("a.txt").hashedFiles())
                .containsExactly(new HashedFile("ba7816bf8f01cfea414140de5dae2223", 3, "a.txt"));
    }

    @Test
    void aFileWithZeroBytesIsBinaryWhateverItsNameAndHasNoLines() throws IOException {
        Files.write(folder.resolve("a.java"), "a\n\0b\n".getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("b.java"), "a\n");

        assertThat(measure("a.java", "b.java").languages())
                .containsExactly(new LanguageTotal("Java", 1, 1, 2), new LanguageTotal(Language.BINARY, 1, 0, 5));
    }

    @Test
    void filesThatAreGoneOrBecameLinksAreCountedAndTheOthersRead() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "a");
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("a.txt"));

        ChunkMeasure measure = measure("gone.txt", "link.txt", "a.txt");

        assertThat(measure.files()).isEqualTo(1);
        assertThat(measure.unreadable().count()).isEqualTo(2);
        assertThat(measure.unreadable().first().get(0)).isEqualTo(new Unreadable.Item("gone.txt", "no longer there"));
    }

    @ParameterizedTest
    @CsvSource({
        "src/Main.java, Java",
        "A.JAVA, Java",
        "Dockerfile, Docker",
        "sub/Makefile, Make",
        "archive.tar.unknown, (other text)",
        "java, (other text)",
        ".java, Java",
        "no-extension, (other text)",
        "build.gradle.kts, Kotlin"
    })
    void theNameTellsTheLanguage(String path, String language) {
        assertThat(Language.of(path)).isEqualTo(language);
    }
}
