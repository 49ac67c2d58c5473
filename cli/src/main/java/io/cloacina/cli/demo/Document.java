package io.cloacina.cli.demo;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Markdown;
import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.Table;
import io.cloacina.cli.view.TableText;
import java.util.ArrayList;
import java.util.List;

/** Sections with a heading, a sentence and a table, as lines of a terminal or as Markdown. Not thread safe. */
final class Document {
    private static final String INDENT = "  ";

    private final List<Section> sections = new ArrayList<>();

    private record Section(String heading, String text, Table table) {}

    /** Adds a section without a table; the first section is the title of the whole. */
    Document section(String heading, String text) {
        return section(heading, text, new Table());
    }

    /** Adds a section, whose text may be empty. */
    Document section(String heading, String text, Table table) {
        sections.add(new Section(Format.printable(heading), Format.printable(text), table));
        return this;
    }

    /** Aligned lines, none longer than {@code width} unless a single word is. */
    List<String> lines(Style style, int width) {
        List<String> lines = new ArrayList<>();
        for (Section section : sections) {
            lines.add("");
            lines.add(style.strong(Format.cutInFront(section.heading, width)));
            if (!section.text.isEmpty()) {
                lines.add("");
                lines.addAll(wrapped(section.text, width - INDENT.length()));
            }
            if (!section.table.rows().isEmpty()) {
                lines.add("");
                lines.addAll(TableText.of(section.table, style, INDENT, width));
            }
        }
        return lines;
    }

    private static List<String> wrapped(String text, int width) {
        return text.replaceAll("(.{1," + width + "}|\\S+)( +|$)", INDENT + "$1\n")
                .lines()
                .toList();
    }

    /** Markdown with the tables of GitHub. */
    String markdown() {
        List<String> lines = new ArrayList<>();
        for (Section section : sections) {
            lines.add((lines.isEmpty() ? "# " : "\n## ") + Markdown.escaped(section.heading));
            if (!section.text.isEmpty()) {
                lines.add("\n" + Markdown.escaped(section.text));
            }
            if (!section.table.rows().isEmpty()) {
                lines.add("");
                lines.addAll(Markdown.of(section.table));
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
