package io.cloacina.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.Table;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static Document document(String path) {
        return new Document()
                .section("On my_folder", "3 files.")
                .section(
                        "Files",
                        "",
                        new Table(Table.number("Size"), Table.path("File"), Table.text("Why"))
                                .row("1,234 B", path, "a|b")
                                .row("5 B", "", ""));
    }

    @Test
    void as_markdown() {
        assertThat(document("src/__init__.py").markdown()).isEqualTo("""
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
    void a_path_may_hold_backticks_and_bars() {
        assertThat(document("`a`` | b").markdown()).contains("| ``` `a`` \\| b ``` |");
    }

    @Test
    void as_lines_of_a_terminal() {
        assertThat(document("src/__init__.py").lines(new Style(false), 80))
                .containsExactly(
                        "",
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
    void lines_of_a_terminal_are_never_longer_than_eighty_characters() {
        Document document = document("folder/".repeat(30) + "file.txt")
                .section(
                        "Words",
                        "many words ".repeat(50),
                        new Table(Table.path("Path"), Table.text("Why")).row("p/".repeat(90), "because ".repeat(20)));

        assertThat(document.lines(new Style(false), 80))
                .contains("  " + "many words ".repeat(7).strip())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).contains("...").endsWith("file.txt  a|b"));
    }

    @Test
    void colours_are_only_there_when_wanted() {
        assertThat(document("a").lines(new Style(true), 80).get(1)).isEqualTo("\u001b[1mOn my_folder\u001b[0m");
    }
}
