package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.ResultFile;
import io.cloacina.benchmarks.Samples;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** Prints what was measured beside our own figures, and keeps it. */
final class PeersReport {
    private static final String ROW = "%-30s %11s %9s %13s %13s";

    private final PrintWriter out;
    private final boolean isPostgres;
    private final List<Figure> figures = new ArrayList<>();

    PeersReport(PrintWriter out, boolean isPostgres) {
        this.out = out;
        this.isPostgres = isPostgres;
    }

    String backend() {
        return isPostgres ? "PostgreSQL" : "SQLite";
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    void line(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
        out.flush();
    }

    /** Who takes part, and how. */
    void heading(PeersSettings settings) {
        line("Peers on %s, rounds %d, %s", backend(), settings.rounds(), ResultFile.jdkInUse());
        for (Contender contender : Contender.values()) {
            String name = contender.label() + " " + contender.version();
            if (!isPostgres && contender.whyNotOnSqlite().isPresent()) {
                line(
                        "  %-24s not on SQLite: %s",
                        name, contender.whyNotOnSqlite().get());
            } else {
                line("  %-24s %s", name, contender.settings());
                line("  %-24s keeps %s", "", contender.keeps());
            }
        }
        line(
                "  The others have a pool of %s.",
                isPostgres ? "40 connections" : "one connection, which is their fastest");
        line("");
    }

    /** Medians of the rounds; a ratio is the median of the ratios within a round. */
    void results(Map<Contender, List<PeerChild.Result>> results, Set<Part> parts) {
        line("");
        List<PeerChild.Result> ours = Objects.requireNonNull(results.get(Contender.CLOACINA));
        for (Part part : parts) {
            switch (part) {
                case IDLE -> table(results, ours, part, "nothing to do", idle());
                case SINGLE -> table(results, ours, part, "single, one by one", throughput());
                case BATCH -> table(results, ours, part, "single, in groups of 100", throughput());
                case CHAIN -> table(results, ours, part, "chain of 3 steps", throughput());
                case FAN -> table(results, ours, part, "fan of 1, 3 and 1 steps", throughput());
                case LATENCY -> table(results, ours, part, "from submission to known end", latency());
            }
        }
        results.forEach((contender, rounds) -> {
            int jobs = rounds.stream().mapToInt(PeerChild.Result::jobs).sum();
            int notOnce = rounds.stream().mapToInt(PeerChild.Result::notOnce).sum();
            line(
                    "%s: %,d jobs, not exactly once %,d; %s",
                    contender.label(), jobs, notOnce, rounds.get(0).durability());
            figures.add(Figure.of(contender.key() + ".jobs", jobs, ""));
            figures.add(new Figure(contender.key() + ".not_once", notOnce, "", null, null, 0.0));
        });
    }

    /** A figure in a column: its name, how it is headed and printed, and its unit. */
    private record Column(String name, String heading, String format, String unit) {}

    private static List<Column> throughput() {
        return List.of(
                new Column("jobs_per_s", "jobs/s", "%,.0f", "1/s"),
                new Column("cpu_s_per_1000_steps", "cpu s/1000", "%.3f", "s"),
                new Column("commits_per_1000_steps", "commits/1000", "%,.1f", ""));
    }

    private static List<Column> latency() {
        return List.of(new Column("p50_ms", "p50 ms", "%,.2f", "ms"), new Column("p99_ms", "p99 ms", "%,.2f", "ms"));
    }

    private List<Column> idle() {
        return List.of(
                new Column("transactions_per_s", isPostgres ? "trans./s" : "writes/s", "%.2f", "1/s"),
                new Column("cpu_percent", "% of a core", "%.2f", "%"));
    }

    private void table(
            Map<Contender, List<PeerChild.Result>> results,
            List<PeerChild.Result> ours,
            Part part,
            String title,
            List<Column> columns) {
        line(
                ROW,
                title,
                columns.get(0).heading(),
                "of ours",
                columns.get(1).heading(),
                columns.size() > 2 ? columns.get(2).heading() : "");
        results.forEach((contender, rounds) -> {
            if (contender.whyNot(part).isPresent()) {
                line(
                        "  %-28s %11s     %s",
                        contender.label(), "-", contender.whyNot(part).get());
                return;
            }
            List<String> cells = new ArrayList<>();
            for (Column column : columns) {
                String name = part.label() + "." + column.name();
                double value = median(rounds, name);
                double ratio = ratio(rounds, ours, name);
                cells.add(String.format(Locale.ROOT, column.format(), value));
                if (cells.size() == 1) {
                    cells.add(String.format(Locale.ROOT, "%.2f", ratio));
                }
                figures.add(new Figure(contender.key() + "." + name, value, column.unit(), null, ratio, null));
            }
            line(
                    ROW,
                    "  " + contender.label(),
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    cells.size() > 3 ? cells.get(3) : "");
        });
        line("");
    }

    private static double median(List<PeerChild.Result> rounds, String name) {
        return new Samples(values(rounds, name)).median();
    }

    private static double ratio(List<PeerChild.Result> rounds, List<PeerChild.Result> ours, String name) {
        double[] theirs = values(rounds, name);
        double[] own = values(ours, name);
        return new Samples(IntStream.range(0, Math.min(theirs.length, own.length))
                        .mapToDouble(round -> theirs[round] / own[round])
                        .toArray())
                .median();
    }

    /** Of those rounds in which it was measured. */
    private static double[] values(List<PeerChild.Result> rounds, String name) {
        return rounds.stream()
                .map(round -> round.figures().get(name))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
