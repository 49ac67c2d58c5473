package io.cloacina.cli.view;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.Map;

/** Where a command writes: how wide it is, whether lines may be written over, and whether colours are wanted. */
public final class Screen {
    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 40;

    /** In a pipe nothing is shortened: its reader needs all of it. */
    private static final int NO_WIDTH = 100_000;

    private final PrintWriter out;
    private final boolean isTerminal;
    private final boolean isLive;
    private final Style style;
    private final int width;

    private Screen(PrintWriter out, boolean isTerminal, boolean isLive, boolean hasColours, int width) {
        this.out = out;
        this.isTerminal = isTerminal;
        this.isLive = isLive;
        this.style = new Style(hasColours);
        this.width = width;
    }

    /** The standard output of this process. */
    public static Screen of(PrintWriter out) {
        return of(out, isTerminalOfProcess(), System.getenv());
    }

    static Screen of(PrintWriter out, boolean isTerminal, Map<String, String> environment) {
        boolean isLive = isTerminal && !environment.getOrDefault("TERM", "").equals("dumb");
        // https://no-color.org: present and not empty, whatever its value
        boolean isColourRefused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        int width = isTerminal ? width(environment.getOrDefault("COLUMNS", "")) : NO_WIDTH;
        return new Screen(out, isTerminal, isLive, isLive && !isColourRefused, width);
    }

    private static int width(String columns) {
        return columns.matches("[1-9]\\d{1,3}") ? Math.max(LEAST_WIDTH, Integer.parseInt(columns)) : USUAL_WIDTH;
    }

    /** Writes a line. */
    public void line(String text) {
        out.println(text);
    }

    /** Writes text as it is, control sequences and all, and sends it off. */
    public void raw(String text) {
        out.print(text);
        out.flush();
    }

    /** Sends off what was written. */
    public void flush() {
        out.flush();
    }

    /** Whether a person looks at it. */
    public boolean isTerminal() {
        return isTerminal;
    }

    /** Whether lines may be written over. */
    public boolean isLive() {
        return isLive;
    }

    /** How parts of a line stand out. */
    public Style style() {
        return style;
    }

    /** How many characters a line may have. */
    public int width() {
        return width;
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull") // it is null on the older ones
    private static boolean isTerminalOfProcess() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            Method tells = Console.class.getMethod("isTerminal");
            return (Boolean) tells.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
