package io.cloacina.cli.demo;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import java.util.ArrayList;
import java.util.List;

/** A text with headings, paragraphs and tables, to be shown in several forms. Build it part by part; not thread safe. */
final class Document {
    /** A part. */
    sealed interface Block {}

    /** Begins a section. */
    record Heading(String text) implements Block {}

    /** Plain sentences. */
    record Paragraph(String text) implements Block {}

    /** A table. */
    record Grid(Table table) implements Block {}

    private final String title;
    private final List<Block> blocks = new ArrayList<>();

    Document(String title) {
        this.title = Format.printable(title);
    }

    Document heading(String text) {
        blocks.add(new Heading(text));
        return this;
    }

    Document paragraph(String text) {
        blocks.add(new Paragraph(Format.printable(text)));
        return this;
    }

    Document table(Table table) {
        blocks.add(new Grid(table));
        return this;
    }

    String title() {
        return title;
    }

    List<Block> blocks() {
        return List.copyOf(blocks);
    }
}
