package io.cloacina.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what was measured as it comes in, 100 columns wide, and keeps the figures. */
final class Report {
    private static final double MOST_RATIO = 1.10;
    private static final double MOST_BYTES = 100;

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

    void heading(String backend, String what) {
        line("");
        line("%s (%s)", backend, what);
        line(
                "  %-8s %11s %11s  %-6s %-11s %-6s %8s %8s %6s",
                "", "floor ns", "layer ns", "ratio", "(quartiles)", "minima", "floor B", "layer B", "more");
    }

    /** @param ratioTarget whether the ratio has a target here: where a disk or a network decides it has none */
    void comparison(String backend, Comparison c, boolean ratioTarget) {
        Operation operation = c.operation();
        double morePerRow = c.moreBytes() / operation.rows();
        String verdicts = (ratioTarget ? "ratio " + verdict(c.ratios().median(), MOST_RATIO, "%.2f") + "; " : "")
                + (operation.rows() == 1 ? "more B " : "more B per row ")
                + verdict(morePerRow, MOST_BYTES, "%.0f");
        line(
                "  %-8s %,11.0f %,11.0f  %-6.3f %-11s %-6.3f %,8.0f %,8.0f %,6.0f",
                operation.label(),
                c.floorNanos().median(),
                c.layerNanos().median(),
                c.ratios().median(),
                String.format(
                        Locale.ROOT,
                        "%.2f-%.2f",
                        c.ratios().quantile(0.25),
                        c.ratios().quantile(0.75)),
                c.ratioOfMinima(),
                c.floorBytes().median(),
                c.layerBytes().median(),
                c.moreBytes());
        line("  %-8s %s", "", verdicts);
        String name = backend + "." + operation.label();
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

    void millis(String name, String what, Samples millis, double target) {
        line(
                "  %-34s %8.2f ms  (%.2f-%.2f)  %s",
                what,
                millis.median(),
                millis.quantile(0.25),
                millis.quantile(0.75),
                verdict(millis.median(), target, "%.0f ms"));
        figures.add(new Figure(name, millis.median(), "ms", null, null, target));
    }

    private static String verdict(double value, double most, String format) {
        return "target <= " + String.format(Locale.ROOT, format, most) + ": " + (value <= most ? "ok" : "missed");
    }
}
