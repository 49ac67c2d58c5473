package io.cloacina.cli.demo;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.TableText;
import java.util.ArrayList;
import java.util.List;

/** A document as lines of a terminal, aligned, none longer than 80 characters. */
final class PlainText {
    static final int WIDTH = 80;

    private static final String INDENT = "  ";

    private final Style style;

    PlainText(Style style) {
        this.style = style;
    }

    List<String> of(Document document) {
        List<String> lines = new ArrayList<>();
        lines.add(style.strong(Format.cutInFront(document.title(), WIDTH)));
        for (Document.Block block : document.blocks()) {
            lines.add("");
            if (block instanceof Document.Heading heading) {
                lines.add(style.strong(heading.text()));
            } else if (block instanceof Document.Paragraph paragraph) {
                addWrapped(lines, paragraph.text());
            } else if (block instanceof Document.Grid grid) {
                lines.addAll(TableText.of(grid.table(), style, INDENT, WIDTH));
            }
        }
        return lines;
    }

    private static void addWrapped(List<String> lines, String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
                lines.add(INDENT + line);
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(INDENT + line);
    }
}
