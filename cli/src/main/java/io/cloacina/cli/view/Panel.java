package io.cloacina.cli.view;

import java.util.List;

/** Lines that are written over by the next ones, where lines may be written over; not thread safe. */
public final class Panel {
    private final Screen screen;
    private int shown;

    /** Shows nothing yet. */
    public Panel(Screen screen) {
        this.screen = screen;
    }

    /** Shows these lines in place of those before. */
    public void show(List<String> lines) {
        if (!screen.isLive()) {
            lines.forEach(screen::line);
            screen.flush();
            return;
        }
        // One write, so that a terminal never shows half of it.
        String text = (shown > 0 ? "\u001b[" + shown + "A" : "") + "\r\u001b[J" + String.join("\n", lines) + "\n";
        shown = lines.size();
        screen.raw(text);
    }
}
