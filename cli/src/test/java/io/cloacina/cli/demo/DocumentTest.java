package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.Table;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static Document document(String path) {
        return new Document("On my_folder")
                .paragraph("3 files.")
                .heading("Files")
                .table(new Table(Table.number("Size"), Table.path("File"), Table.text("Why"))
                        .row("1,234 B", path, "a|b")
                        .row("5 B", "", ""));
    }

    @Test
    void asMarkdown() {
        assertThat(Markdown.of(document("src/__init__.py"))).isEqualTo("""
                # On my\\_folder

                3 files.

                ## Files

                | Size | File | Why |
                | ---: | --- | --- |
                | 1,234 B | `src/__init__.py` | a\\|b |
                | 5 B |  |  |
                """);
    }

    @Test
    void aPathMayHoldBackticksAndBars() {
        assertThat(Markdown.of(document("`a`` | b"))).contains("| ``` `a`` \\| b ``` |");
    }

    @Test
    void asLinesOfATerminal() {
        assertThat(new PlainText(new Style(false)).of(document("src/__init__.py")))
                .containsExactly(
                        "On my_folder",
                        "",
                        "  3 files.",
                        "",
                        "Files",
                        "",
                        "     Size  File             Why",
                        "  1,234 B  src/__init__.py  a|b",
                        "      5 B");
    }

    @Test
    void linesOfATerminalAreNeverLongerThanEightyCharacters() {
        Document document = document("folder/".repeat(30) + "file.txt")
                .paragraph("many words ".repeat(50))
                .table(new Table(Table.path("Path"), Table.text("Why")).row("p/".repeat(90), "because ".repeat(20)));

        assertThat(new PlainText(new Style(false)).of(document))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).contains("...").endsWith("file.txt  a|b"));
    }

    @Test
    void coloursAreOnlyThereWhenWanted() {
        assertThat(new PlainText(new Style(true)).of(document("a")).get(0)).isEqualTo("\u001b[1mOn my_folder\u001b[0m");
    }
}
