package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    void findsFilesOfAllFoldersInTheOrderOfTheirPaths() throws IOException {
        write("b.txt", "12");
        write("a/z.txt", "1");
        write("a/b/c.txt", "");

        assertThat(FolderScan.scan(folder, Set.of()).files())
                .containsExactly(new FoundFile("a/b/c.txt", 0), new FoundFile("a/z.txt", 1), new FoundFile("b.txt", 2));
    }

    @Test
    void leavesOutHiddenFoldersBuildOutputAndWhatItIsTold() throws IOException {
        write(".git/config", "x");
        write("module/target/classes/A.class", "x");
        write(".hidden-file", "x");
        write("target-practice/a.txt", "x");
        write("report.md", "x");

        assertThat(FolderScan.scan(folder, Set.of(folder.resolve("report.md"))).files())
                .extracting(FoundFile::path)
                .containsExactly(".hidden-file", "target-practice/a.txt");
    }

    @Test
    void aFolderNamedTargetIsScannedWhenItIsTheOneAskedFor() throws IOException {
        write("target/a.txt", "x");

        assertThat(FolderScan.scan(folder.resolve("target"), Set.of()).files())
                .extracting(FoundFile::path)
                .containsExactly("a.txt");
    }

    @Test
    void symbolicLinksAreNotFollowed() throws IOException {
        write("real/a.txt", "x");
        Files.createSymbolicLink(folder.resolve("loop"), folder);
        Files.createSymbolicLink(folder.resolve("link.txt"), folder.resolve("real/a.txt"));

        assertThat(FolderScan.scan(folder, Set.of()).files())
                .extracting(FoundFile::path)
                .containsExactly("real/a.txt");
    }

    @Test
    void aFolderThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> FolderScan.scan(folder.resolve("gone"), Set.of()))
                .isInstanceOf(NoSuchFileException.class);
    }
}
