package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {
    @TempDir
    private Path folder;

    private Batch read(String... names) throws Exception {
        return Batch.read(Stream.of(names).map(folder::resolve).toList());
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "a, 1", "'a\n', 1", "'a\nb', 2", "'a\n\n', 2", "'\r\n\r\n', 2"})
    void lines_are_counted_whether_the_last_is_ended_or_not(String content, long lines) throws Exception {
        Files.writeString(folder.resolve("a.txt"), content);

        assertThat(read("a.txt").files()).extracting(FileFacts::lines).containsExactly(lines);
    }

    @Test
    void a_large_file_is_read_to_its_end() throws Exception {
        Files.writeString(folder.resolve("a.txt"), "0123456789\n".repeat(100_000));

        FileFacts facts = read("a.txt").files().get(0);

        assertThat(facts.lines()).isEqualTo(100_000);
        assertThat(facts.bytes()).isEqualTo(1_100_000);
    }

    @Test
    void the_hash_is_the_beginning_of_the_sha_256() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "abc");

        assertThat(read("a.txt").files())
                .containsExactly(new FileFacts(file, "Text", 3, 1, "ba7816bf8f01cfea414140de5dae2223"));
    }

    @Test
    void a_file_with_zero_bytes_is_binary_whatever_its_name_and_has_no_lines() throws Exception {
        Files.write(folder.resolve("a.java"), "a\n\0b\n".getBytes(StandardCharsets.UTF_8));

        FileFacts facts = read("a.java").files().get(0);

        assertThat(facts.language()).isEqualTo("(binary)");
        assertThat(facts.lines()).isZero();
    }

    @Test
    void files_that_are_gone_or_became_links_are_named_and_the_others_read() throws Exception {
        Path file = Files.writeString(folder.resolve("a.txt"), "a");
        Files.createSymbolicLink(folder.resolve("link.txt"), file);

        Batch batch = read("gone.txt", "link.txt", "a.txt");

        assertThat(batch.files()).extracting(FileFacts::path).containsExactly(file);
        assertThat(batch.unreadable())
                .extracting(Batch.Unreadable::path)
                .containsExactly(folder.resolve("gone.txt"), folder.resolve("link.txt"));
        assertThat(batch.unreadable().get(0).reason()).isEqualTo("no longer there");
    }

    @ParameterizedTest
    @CsvSource({
        "src/Main.java, Java",
        "A.JAVA, Java",
        "Dockerfile, Docker",
        "sub/Makefile, Make",
        "CMakeLists.txt, CMake",
        "archive.tar.unknown, (other text)",
        "java, (other text)",
        ".java, Java",
        "no-extension, (other text)",
        "build.gradle.kts, Kotlin",
        "a.c, C",
        "notes.yml, YAML"
    })
    void the_name_tells_the_language(String path, String language) {
        assertThat(Languages.of(Path.of(path))).isEqualTo(language);
    }
}
