package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderScanTest {
    @TempDir
    private Path folder;

    private void write(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void finds_files_of_all_folders_in_the_order_of_their_paths() throws IOException {
        write("b.txt", "12");
        write("a/z.txt", "1");
        write("a/b/c.txt", "");

        assertThat(FolderScan.files(folder, Set.of()))
                .containsExactly(folder.resolve("a/b/c.txt"), folder.resolve("a/z.txt"), folder.resolve("b.txt"));
    }

    @Test
    void leaves_out_hidden_folders_build_output_and_what_it_is_told() throws IOException {
        write(".git/config", "x");
        write("module/target/classes/A.class", "x");
        write(".hidden-file", "x");
        write("target-practice/a.txt", "x");
        write("report.md", "x");

        assertThat(FolderScan.files(folder, Set.of(folder.resolve("report.md"))))
                .containsExactly(folder.resolve(".hidden-file"), folder.resolve("target-practice/a.txt"));
    }

    @Test
    void a_folder_named_target_is_scanned_when_it_is_the_one_asked_for() throws IOException {
        write("target/a.txt", "x");

        assertThat(FolderScan.files(folder.resolve("target"), Set.of()))
                .containsExactly(folder.resolve("target/a.txt"));
    }

    @Test
    void symbolic_links_are_not_followed() throws IOException {
        write("real/a.txt", "x");
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("real/a.txt"));

        assertThat(FolderScan.files(folder, Set.of())).containsExactly(folder.resolve("real/a.txt"));
    }

    @Test
    void a_folder_that_is_not_there_is_an_error() {
        assertThatThrownBy(() -> FolderScan.files(folder.resolve("gone"), Set.of()))
                .hasMessageEndingWith("gone cannot be read: no longer there");
    }
}
