package io.cloacina.benchmarks.bulk;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.Place;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Cancels some of many executions by their label while all of them run, and looks whether it were exactly those. */
@Command(
        name = "bulk",
        description = {
            "Cancels some of many executions by their label while they run, and looks whether it were exactly those.",
            "",
            "An engine runs executions of two tasks. When all are submitted, a bulk operation cancels those that have a label."
                    + " Executions that complete before they are reached count as skipped. It is measured how many executions"
                    + " end in a second before the operation and during it. With a violation the exit code is 1."
        })
public final class BulkCommand implements Callable<Integer> {
    private static final int BATCH = 5_000;
    private static final int PAGE = 10_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final ExecutionQuery LABELLED = ExecutionQuery.all().label("batch", "bad");

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Option(
            names = "--executions",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many there are. Default: ${DEFAULT-VALUE}.")
    private int executions;

    @Option(
            names = "--cancel",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many of them have the label. Default: ${DEFAULT-VALUE}.")
    private int labelled;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    /** What it came to. */
    private record Outcome(BulkOperation operation, double seconds, double before, double during, List<String> wrong) {}

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        if (labelled < 1 || executions < labelled || executions > 10_000_000) {
            throw new ParameterException(
                    spec.commandLine(), "--cancel: from 1 to --executions, and that is at most 10,000,000");
        }
        PrintWriter out = spec.commandLine().getOut();
        print(
                out,
                "%s, %,d executions, %,d of them with the label%n",
                url instanceof DatabaseUrl.Postgres ? "PostgreSQL" : "SQLite",
                executions,
                labelled);
        try (Place place = Place.of(url, options.given())) {
            Outcome outcome = run(place.url("bulk"));
            BulkOperation ended = outcome.operation;
            print(
                    out,
                    "  done %,d, skipped %,d, failed %,d in %,.1f s%n",
                    ended.done(),
                    ended.skipped(),
                    ended.failed(),
                    outcome.seconds);
            print(
                    out,
                    "  other executions that completed in a second: %,.0f before, %,.0f meanwhile%n",
                    outcome.before,
                    outcome.during);
            outcome.wrong.forEach(each -> print(out, "  %s%n", each));
            print(
                    out,
                    "  violations %,d: target 0: %s%n",
                    outcome.wrong.size(),
                    outcome.wrong.isEmpty() ? "met" : "missed");
            options.write(
                    "./benchmark bulk",
                    " --executions " + executions + " --cancel " + labelled,
                    Map.of("executions", executions, "cancel", labelled),
                    List.of(
                            new Figure("bulk.violations", outcome.wrong.size(), "", null, null, 0.0),
                            Figure.of("bulk.seconds", outcome.seconds, "s"),
                            Figure.of("bulk.before_per_second", outcome.before, "1/s"),
                            Figure.of("bulk.during_per_second", outcome.during, "1/s")));
            return outcome.wrong.isEmpty() ? 0 : 1;
        }
    }

    private Outcome run(String url) {
        WorkflowDefinition workflow = WorkflowDefinition.named("work")
                .version("1")
                .task("first", context -> {})
                .task("second", context -> {}, task -> task.after("first"))
                .build();
        Completed completed = new Completed();
        try (Engine engine =
                Engine.builder(url).workflow(workflow).listener(completed).start()) {
            submit(engine);
            long begunAt = System.nanoTime();
            long atBegin = completed.number();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            double before = (completed.number() - atBegin) / seconds(begunAt);

            long startedAt = System.nanoTime();
            long atStart = completed.number();
            UUID id = engine.operations().start(LABELLED, BulkAction.cancel());
            BulkOperation now = engine.operations().find(id).orElseThrow();
            while (!now.isEnded()) {
                LockSupport.parkNanos(LOOK_NANOS);
                now = engine.operations().find(id).orElseThrow();
            }
            double seconds = seconds(startedAt);
            double during = (completed.number() - atStart) / seconds;
            return new Outcome(now, seconds, before, during, violations(engine, now));
        }
    }

    /** Those with the label are spread evenly among the others. */
    private void submit(Engine engine) {
        List<Submission> batch = new ArrayList<>();
        for (int i = 0; i < executions; i++) {
            boolean isLabelled = (long) (i + 1) * labelled / executions > (long) i * labelled / executions;
            Submission submission = Submission.of("work");
            batch.add(isLabelled ? submission.label("batch", "bad") : submission);
            if (batch.size() == BATCH || i == executions - 1) {
                engine.submitAll(batch);
                batch.clear();
            }
        }
    }

    private List<String> violations(Engine engine, BulkOperation ended) {
        List<String> wrong = new ArrayList<>();
        require(wrong, "executions that were reached", ended.done() + ended.skipped() + ended.failed(), labelled);
        require(wrong, "executions that failed in it", ended.failed(), 0);
        long cancelled = count(engine, ExecutionQuery.all().status(ExecutionStatus.CANCELLED));
        require(wrong, "executions that are cancelled", cancelled, ended.done());
        require(
                wrong,
                "executions with the label that are cancelled",
                count(engine, LABELLED.status(ExecutionStatus.CANCELLED)),
                ended.done());
        return wrong;
    }

    private static void require(List<String> wrong, String what, long number, long expected) {
        if (number != expected) {
            wrong.add(String.format(Locale.ROOT, "%s: %,d instead of %,d", what, number, expected));
        }
    }

    private static long count(Engine engine, ExecutionQuery query) {
        long count = 0;
        List<Execution> page = engine.list(query.limit(PAGE));
        while (!page.isEmpty()) {
            count += page.size();
            page = engine.list(
                    query.limit(PAGE).before(page.get(page.size() - 1).id()));
        }
        return count;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / (double) TimeUnit.SECONDS.toNanos(1);
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }
}
