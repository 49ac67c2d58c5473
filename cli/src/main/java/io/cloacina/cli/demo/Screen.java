package io.cloacina.cli.demo;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Map;

/** Where a command writes: whether lines may be written over, and whether colours are wanted. */
public final class Screen {
    private final PrintStream out;
    private final boolean isLive;
    private final Style style;

    private Screen(PrintStream out, boolean isLive, boolean hasColours) {
        this.out = out;
        this.isLive = isLive;
        this.style = new Style(hasColours);
    }

    /** The standard output of this process. */
    public static Screen of(PrintStream out) {
        return of(out, isTerminal(), System.getenv());
    }

    static Screen of(PrintStream out, boolean isTerminal, Map<String, String> environment) {
        boolean isLive = isTerminal && !environment.getOrDefault("TERM", "").equals("dumb");
        // https://no-color.org: present and not empty, whatever its value
        boolean isColourRefused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(out, isLive, isLive && !isColourRefused);
    }

    void line(String text) {
        out.println(text);
    }

    /** Writes text as it is, control sequences and all, and sends it off. */
    public void raw(String text) {
        out.print(text);
        out.flush();
    }

    void flush() {
        out.flush();
    }

    /** Whether lines may be written over. */
    public boolean isLive() {
        return isLive;
    }

    Style style() {
        return style;
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull") // it is null on the older ones
    private static boolean isTerminal() {
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
