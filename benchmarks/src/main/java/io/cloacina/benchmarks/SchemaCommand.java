package io.cloacina.benchmarks;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares the data access with hand-written JDBC. */
@Command(
        name = "schema",
        description = {
            "Compares typed statements on a Database with hand-written JDBC.",
            "",
            "The floor is JDBC with statements that are prepared once, the same SQL texts, rows and settings, and the"
                    + " same codecs of single values; so the ratio shows the layer alone. Floor and layer take turns in"
                    + " short slices, in several fresh JVMs. A change is a transaction of its own; a batch is one of 100 rows.",
            "",
            "It measures SQLite in memory and in files (synchronous FULL and NORMAL, in the folder for temporary files,"
                    + " which -Djava.io.tmpdir in JAVA_TOOL_OPTIONS sets), and PostgreSQL if a database is given."
        })
final class SchemaCommand implements Callable<Integer> {
    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "A PostgreSQL database to measure as well: postgresql://USER:PASSWORD@HOST:PORT/DATABASE. The"
                    + " benchmark makes schemas of its own in it and drops them again.")
    private @Nullable String database;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private @Nullable File json;

    @Option(names = "--quick", description = "Measures less: about a minute instead of ten, and less steady.")
    private boolean quick;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl.@Nullable Postgres postgres = database == null ? null : postgres(database);
        requireFolder(json);
        Settings settings = quick ? Settings.QUICK : Settings.FULL;
        Report report = new Report(spec.commandLine().getOut());
        String backends = measure(settings, report, postgres, database);
        if (json != null) {
            ResultFile.of(command(postgres), backends, settings.asMap(), report.figures())
                    .write(json);
        }
        return 0;
    }

    /** Measures everything; returns the names and versions of the backends. */
    static String measure(
            Settings settings, Report report, DatabaseUrl.@Nullable Postgres postgres, @Nullable String postgresUrl)
            throws IOException, SQLException, InterruptedException {
        if (postgres != null) {
            Place.connect(postgres, Map.of()).close();
        }
        report.line("Typed statements (layer) against hand-written JDBC (floor)");
        report.line("%s", ResultFile.jdkInUse());
        report.line("Medians for one operation; a batch is 100 rows; B are bytes allocated.");
        Set<String> products = new LinkedHashSet<>();
        for (Setup setup : Setup.values()) {
            if (setup != Setup.POSTGRESQL || postgresUrl != null) {
                products.add(compare(new Fork.Order(setup, postgresUrl, settings), report));
            }
        }
        OnceOnly once = new OnceOnly(settings, report);
        if (postgres != null && postgresUrl != null) {
            try (Place schemas = Place.postgres(postgres, postgresUrl)) {
                schemas.layer().close();
                once.firstUseOf(schemas);
            }
        }
        once.onSqliteFiles();
        return String.join(", ", products);
    }

    private static String compare(Fork.Order order, Report report) throws IOException, InterruptedException {
        List<Fork.Result> forks = new ArrayList<>();
        for (int fork = 0; fork < order.settings().forks(); fork++) {
            forks.add(Fork.run(order));
        }
        String product = forks.get(0).product();
        report.heading(order.setup(), product);
        for (Operation operation : Operation.values()) {
            report.comparison(
                    order.setup(),
                    Comparison.of(
                            operation,
                            forks.stream().map(fork -> fork.figures(operation)).toList()));
        }
        return product;
    }

    private DatabaseUrl.Postgres postgres(String url) {
        try {
            if (DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres parsed) {
                return parsed;
            }
        } catch (DatabaseException e) {
            // Without the list of forms, which is of both backends.
            throw refused("--database: " + String.valueOf(e.getMessage()).replaceAll(" The forms are:(?s:.*)", ""));
        }
        throw refused("--database: SQLite is measured anyway; give a PostgreSQL URL");
    }

    private void requireFolder(@Nullable File file) {
        if (file != null && !file.getAbsoluteFile().getParentFile().isDirectory()) {
            throw refused("--json: the folder of " + file + " does not exist");
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private String command(DatabaseUrl.@Nullable Postgres postgres) {
        return "./benchmark schema" + (postgres == null ? "" : " --database " + postgres) + (quick ? " --quick" : "");
    }
}
