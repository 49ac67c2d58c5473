package io.cloacina.cli.view;

import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A status as lines: its problems first, then what there is. */
public final class StatusLines {
    private static final int WIDTH_WITH_MINUTE = 76;
    private static final int MOST_ROWS = 10;
    private static final String INDENT = "  ";

    private final Screen screen;
    private final Times times;
    private final List<String> lines = new ArrayList<>();

    /** For that screen. */
    public StatusLines(Screen screen, Times times) {
        this.screen = screen;
        this.times = times;
    }

    /** The lines, none wider than the screen. */
    public List<String> of(Status status) {
        lines.clear();
        problems(status);
        runners(status);
        work(status);
        limits(status);
        activity(status);
        database(status);
        return List.copyOf(lines);
    }

    private void problems(Status status) {
        Style style = screen.style();
        String at = times.full(status.at());
        lines.add(
                status.isHealthy()
                        ? style.good("No problems") + " at " + at
                        : style.bad(Format.count(status.problems().size(), "problem")) + " at " + at);
        for (Problem problem : status.problems()) {
            wrapped("✗ " + problem.code() + ": " + problem.sentence(), INDENT + INDENT);
            wrapped("→ " + problem.advice(), INDENT + INDENT);
        }
    }

    private void wrapped(String text, String indent) {
        lines.addAll(Format.wrapped(INDENT + Format.printable(text), screen.width(), indent));
    }

    private void runners(Status status) {
        head("Runners");
        if (status.runners().isEmpty()) {
            lines.add(INDENT + "none");
            return;
        }
        Table table = new Table(
                Table.name("Host"),
                Table.number("Pid"),
                Table.number("Slots"),
                Table.whole("State"),
                Table.whole("Lease"));
        for (Status.RunnerState runner : status.runners()) {
            table.row(
                    runner.host(),
                    String.valueOf(runner.pid()),
                    runner.used() + (runner.slots() == null ? "" : " of " + runner.slots()),
                    !runner.isAlive() ? "silent" : runner.isClosing() ? "closing" : "alive",
                    Format.duration(runner.leaseAge()) + " old");
        }
        table(table);
    }

    private void work(Status status) {
        head("Work");
        Instant oldest = status.oldestReadyAt();
        lines.add(INDENT + "ready    " + status.ready()
                + (oldest == null ? "" : ", the oldest for " + Format.duration(Duration.between(oldest, status.at()))));
        Status.Waiting waiting = status.waiting();
        lines.add(INDENT + "waiting  signal " + waiting.signal() + ", child " + waiting.child() + ", list "
                + waiting.list() + ", time " + waiting.time());
        lines.add(INDENT + "paused   " + status.paused());
        lines.add(INDENT + "late     " + status.late());
    }

    private void limits(Status status) {
        if (status.limits().isEmpty()) {
            return;
        }
        head("Full limits");
        Table table = new Table(
                Table.name("Of"), Table.text("Limit"), Table.text("Key"), Table.number("Waiting"), Table.number("For"));
        for (Status.FullLimit limit : status.limits()) {
            table.row(
                    limit.workflow() + (limit.taskName() == null ? "" : "/" + limit.taskName()),
                    limit.limit(),
                    limit.key() == null ? "" : limit.key(),
                    limit.waiting().toString(),
                    Format.duration(Duration.between(limit.waitingSince(), status.at())));
        }
        table(table);
    }

    private void activity(Status status) {
        if (status.activity().isEmpty()) {
            return;
        }
        boolean isWide = screen.width() >= WIDTH_WITH_MINUTE;
        head(isWide ? "In the last minute and hour" : "In the last hour");
        List<Table.Column> columns = new ArrayList<>(List.of(Table.name("Workflow")));
        for (String time : isWide ? new String[] {"1m", "1h"} : new String[] {"1h"}) {
            columns.add(Table.number("New " + time));
            columns.add(Table.number("Done " + time));
            columns.add(Table.number("Failed " + time));
        }
        Table table = new Table(columns.toArray(Table.Column[]::new));
        status.activity().stream().limit(MOST_ROWS).forEach(each -> {
            List<String> cells = new ArrayList<>(List.of(each.workflow()));
            if (isWide) {
                cells.addAll(cells(each.minute()));
            }
            cells.addAll(cells(each.hour()));
            table.row(cells.toArray(String[]::new));
        });
        table(table);
        if (status.activity().size() > MOST_ROWS) {
            lines.add(INDENT + "and " + (status.activity().size() - MOST_ROWS) + " more; --json has all of them");
        }
        if (status.isActivityCutShort()) {
            wrapped("of the 5,000 newest executions", INDENT);
        }
    }

    private static List<String> cells(Status.Ended ended) {
        return List.of(Format.count(ended.submitted()), Format.count(ended.completed()), Format.count(ended.failed()));
    }

    private void database(Status status) {
        Status.DatabaseState database = status.database();
        Long dead = database.deadRows();
        Duration oldest = database.oldestTransaction();
        head("Database");
        wrapped(
                Format.bytes(database.bytes())
                        + (dead == null ? "" : ", " + Format.count(dead) + " dead rows")
                        + (oldest == null ? "" : ", oldest transaction " + Format.duration(oldest)),
                INDENT);
    }

    private void head(String text) {
        lines.add("");
        lines.add(screen.style().strong(text));
    }

    private void table(Table table) {
        lines.addAll(TableText.of(table, screen.style(), INDENT, screen.width()));
    }
}
