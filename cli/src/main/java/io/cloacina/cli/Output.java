package io.cloacina.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Screen;
import io.cloacina.cli.view.Style;
import io.cloacina.cli.view.Table;
import io.cloacina.cli.view.TableText;
import io.cloacina.cli.view.Times;
import io.cloacina.server.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What a command prints: lines for people, or JSON if {@code --json} was given. */
final class Output {
    private final Screen screen;
    private final PrintWriter err;
    private final boolean isJson;
    private final Times times = Times.local();

    Output(CommandLine command, boolean isJson) {
        this.screen = Screen.of(command.getOut());
        this.err = command.getErr();
        this.isJson = isJson;
    }

    boolean isJson() {
        return isJson;
    }

    Screen screen() {
        return screen;
    }

    Style style() {
        return screen.style();
    }

    Times times() {
        return times;
    }

    void line(String text) {
        screen.line(text);
    }

    void lines(List<String> lines) {
        lines.forEach(screen::line);
    }

    /** The result, as JSON that people can read too. */
    void json(JsonNode node) {
        screen.line(Json.indented(node));
    }

    /** One of many results, in one line. */
    void jsonLine(JsonNode node) {
        screen.line(node.toString());
        screen.flush();
    }

    void table(Table table) {
        lines(TableText.of(table, style(), "", screen.width()));
    }

    /** A text in lines that fit the screen; those after the first begin with the indentation. */
    void wrapped(String text, String indent) {
        lines(Format.wrapped(text, screen.width(), indent));
    }

    /** What a command shows: the first line. */
    void title(String text) {
        Format.wrapped(Format.printable(text), screen.width(), "  ").forEach(line -> line(style().strong(line)));
    }

    /**
     * A name with a value below the title; nothing if there is no value.
     *
     * @param column where the value begins, and continues in further lines
     */
    void fact(String name, @Nullable String value, int column) {
        if (value != null && !value.isEmpty()) {
            String line = "  " + name + " ".repeat(column - 2 - name.length()) + Format.printable(value);
            wrapped(line, " ".repeat(column));
        }
    }

    /** Remarks, which are not results, go to stderr. */
    void remark(String text) {
        screen.flush();
        Format.wrapped(text, screen.width(), "  ").forEach(err::println);
    }

    /** In a terminal the last group of an id: enough to name it again. */
    String id(UUID id) {
        String text = id.toString();
        return screen.isTerminal() ? text.substring(text.lastIndexOf('-') + 1) : text;
    }

    void flush() {
        screen.flush();
    }
}
