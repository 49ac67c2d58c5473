package io.cloacina.benchmarks.answers;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.Place;
import io.cloacina.engine.Engine;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.server.Dashboard;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks everything that can be asked, of a database with a long history. */
@Command(
        name = "answers",
        description = {
            "Asks everything that can be asked, of a database with a long history.",
            "",
            "The history is written by SQL, in a few minutes. Then each answer of the engine, each page of the server and each"
                    + " answer of its API is asked for several times. It is printed how long an answer took, and how large it"
                    + " is: in rows, over HTTP in bytes. The limit of the median is 50 ms for the engine, and 100 ms over"
                    + " HTTP. With an answer above it the exit code is 1."
        })
public final class AnswersCommand implements Callable<Integer> {
    private static final double ENGINE_LIMIT = 50;
    private static final double SERVER_LIMIT = 100;

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
            names = "--unfinished",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many of them are not finished. Default: ${DEFAULT-VALUE}.")
    private int unfinished;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        if (unfinished < 10 || executions < unfinished + 100 || executions > 10_000_000) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--unfinished: from 10 to --executions less 100, and those are at most 10,000,000");
        }
        try (Place place = Place.of(url, options.given())) {
            print(
                    "%s, %,d executions, %,d of them unfinished%n",
                    url instanceof DatabaseUrl.Postgres ? "PostgreSQL" : "SQLite", executions, unfinished);
            List<Figure> figures = new ArrayList<>();
            long above = measure(place.url("answers"), figures);
            print("  above the limit: %,d of %,d%n", above, figures.size());
            options.write(
                    "./benchmark answers",
                    " --executions " + executions + " --unfinished " + unfinished,
                    Map.of("executions", executions, "unfinished", unfinished),
                    figures);
            return above == 0 ? 0 : 1;
        }
    }

    /** How many are above their limit. */
    private long measure(String url, List<Figure> figures) throws SQLException, IOException, InterruptedException {
        int finished = executions - unfinished;
        Past past = new Past(url, finished, unfinished);
        UUID failed = Past.execution(finished / 20 * 20L);
        // Makes the tables; no engine runs while they are filled, which would wait for it.
        engine(url).close();
        past.fill();
        try (Engine engine = engine(url)) {
            engine.events().enable();
            long above = measure(
                    "engine",
                    ENGINE_LIMIT,
                    EngineAnswers.of(engine, failed, Past.execution(finished + 2L), past.wide()),
                    figures);
            try (Dashboard server = Dashboard.on(engine).port(0).start()) {
                above += measure("server", SERVER_LIMIT, ServerAnswers.of(server.uri(), failed, past.wide()), figures);
            }
            return above;
        }
    }

    private long measure(String what, double limit, Map<String, Timed.Asked> answers, List<Figure> figures)
            throws IOException, InterruptedException {
        print("%n  %-70s %9s %9s %9s %9s%n", what, "least ms", "median ms", "most ms", "size");
        long above = 0;
        for (Map.Entry<String, Timed.Asked> each : answers.entrySet()) {
            Timed timed = Timed.of(each.getKey(), each.getValue());
            double median = timed.millis().median();
            boolean isAbove = median > limit;
            above += isAbove ? 1 : 0;
            print(
                    "  %-70s %9.1f %9.1f %9.1f %,9d%s%n",
                    timed.name(),
                    timed.millis().minimum(),
                    median,
                    timed.millis().maximum(),
                    timed.size(),
                    isAbove ? "  above" : "");
            figures.add(new Figure(what + "." + timed.name(), median, "ms", null, null, limit));
        }
        return above;
    }

    private static Engine engine(String url) {
        return Engine.builder(url).keepForever().workflow(single()).start();
    }

    private static WorkflowDefinition single() {
        return WorkflowDefinition.named("single")
                .version("1")
                .task("only", context -> {})
                .build();
    }

    private void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }
}
