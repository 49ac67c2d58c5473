package io.cloacina.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what was measured as it comes in, 100 columns wide, and keeps the figures. */
final class Report {
    private static final double MOST_RATIO = 1.10;
    private static final double MOST_BYTES = 100;

    private static final String HEADING = "  %-8s %11s %11s  %-6s %-11s %9s %9s %6s";
    private static final String ROW = "  %-8s %,11.0f %,11.0f  %-6.3f %-11s %,9.0f %,9.0f %,6.0f";

    private final PrintWriter out;
    private final List<Figure> figures = new ArrayList<>();

    Report(PrintWriter out) {
        this.out = out;
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }

    void heading(Setup setup, String product) {
        line("");
        line("%s (%s)", setup.label(), product);
        line(HEADING, "", "floor ns", "layer ns", "ratio", "(of forks)", "floor B", "layer B", "more");
    }

    void comparison(Setup setup, Comparison c) {
        Operation operation = c.operation();
        double morePerRow = c.moreBytes() / operation.rows();
        line(
                ROW,
                operation.label(),
                c.floorNanos().median(),
                c.layerNanos().median(),
                c.ratios().median(),
                String.format(
                        Locale.ROOT,
                        "%.2f-%.2f",
                        c.ratios().minimum(),
                        c.ratios().maximum()),
                c.floorBytes().median(),
                c.layerBytes().median(),
                c.moreBytes());
        // Where a disk or a network decides, a ratio says little about the layer: it has no target there.
        boolean ratioTarget = setup == Setup.SQLITE_MEMORY;
        String ratioVerdict = ratioTarget ? "ratio " + verdict(c.ratios().median(), MOST_RATIO, "%.2f") + "; " : "";
        String bytes = operation.rows() == 1 ? "more B " : "more B per row ";
        line("  %-8s %s%s%s", "", ratioVerdict, bytes, verdict(morePerRow, MOST_BYTES, "%.0f"));
        String name = setup.label() + "." + operation.label();
        figures.add(new Figure(
                name,
                c.layerNanos().median(),
                "ns",
                c.floorNanos().median(),
                c.ratios().median(),
                ratioTarget ? MOST_RATIO : null));
        figures.add(new Figure(
                name + ".bytes",
                c.layerBytes().median(),
                "B",
                c.floorBytes().median(),
                c.layerBytes().median() / c.floorBytes().median(),
                MOST_BYTES * operation.rows()));
    }

    /** @param cpu processor time of the same, where it was measured: it says how much of the rest was waiting for others */
    void millis(String name, String what, Samples wall, @Nullable Samples cpu, double target) {
        line(
                "  %-36s %7.2f ms (%.1f-%.1f)%s",
                what,
                wall.median(),
                wall.minimum(),
                wall.maximum(),
                cpu == null ? "" : String.format(Locale.ROOT, ", cpu %.1f", cpu.median()));
        line("           %s", verdict(wall.median(), target, "%.0f ms"));
        figures.add(new Figure(name, wall.median(), "ms", null, null, target));
    }

    private static String verdict(double value, double most, String format) {
        return "target <= " + String.format(Locale.ROOT, format, most) + ": " + (value <= most ? "ok" : "missed");
    }
}
