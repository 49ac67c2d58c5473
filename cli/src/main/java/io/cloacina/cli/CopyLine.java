package io.cloacina.cli;

import io.cloacina.cli.view.Screen;
import io.cloacina.schema.copy.CopyProgress;
import java.util.Locale;

/** On a terminal, one line that says how far a copy is, written over and over again. */
final class CopyLine implements CopyProgress {
    private static final String ERASE = "\r\u001b[K";

    private final Screen screen;
    private boolean isShown;

    CopyLine(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void reached(Step step, String table, long rows, long of) {
        isShown = true;
        String verb = step == Step.COPYING ? "copying" : "comparing";
        screen.raw(ERASE + String.format(Locale.ROOT, "%s %s: %,d of %,d rows", verb, table, rows, of));
    }

    /** Removes the line. */
    void end() {
        if (isShown) {
            screen.raw(ERASE);
        }
    }
}
