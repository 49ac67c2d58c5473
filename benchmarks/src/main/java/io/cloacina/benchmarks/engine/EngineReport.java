package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.ResultFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints figures as they come in, beside their targets, and keeps them. */
final class EngineReport {
    private final PrintWriter out;
    private final boolean isPostgres;
    private final List<Figure> figures = new ArrayList<>();

    EngineReport(PrintWriter out, boolean isPostgres) {
        this.out = out;
        this.isPostgres = isPostgres;
    }

    String backend() {
        return isPostgres ? "PostgreSQL" : "SQLite";
    }

    boolean isPostgres() {
        return isPostgres;
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }

    void heading(EngineSettings settings) {
        line("The engine on %s, %d slots, %s", backend(), settings.slots(), ResultFile.jdkInUse());
    }

    void figure(String name, double value, String unit) {
        figures.add(Figure.of(name, value, unit));
    }

    /** @param atLeast the target of the value, null if it has none */
    void atLeast(
            String name, double value, String unit, @Nullable Double floor, @Nullable Double ratio, double atLeast) {
        figures.add(new Figure(name, value, unit, floor, ratio, atLeast));
    }

    void atMost(String name, String what, double value, String unit, double target) {
        figures.add(new Figure(name, value, unit, null, null, target));
        line(
                "  %-44s %10.2f %-4s target <= %s: %s",
                what, value, unit, number(target), value <= target ? "met" : "missed");
    }

    /** A share with its target. */
    void share(String what, double share, double target) {
        line("  %-44s %10.3f      target >= %s: %s", what, share, number(target), share >= target ? "met" : "missed");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
