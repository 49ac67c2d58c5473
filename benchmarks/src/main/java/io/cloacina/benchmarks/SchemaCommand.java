package io.cloacina.benchmarks;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
                    + " short slices. A change is a transaction of its own; a batch is one of 100 rows.",
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

    @Option(names = "--quick", description = "Measures less: about 40 seconds instead of 5 minutes, and less steady.")
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
            new ResultFile(
                            command(postgres),
                            ResultFile.commitInUse(),
                            ResultFile.jdkInUse(),
                            backends,
                            settings,
                            report.figures())
                    .write(json);
        }
        return 0;
    }

    /** Measures everything; returns the names and versions of the backends. */
    static String measure(
            Settings settings, Report report, DatabaseUrl.@Nullable Postgres postgres, @Nullable String postgresUrl)
            throws IOException, SQLException, InterruptedException {
        report.line("Typed statements (layer) against hand-written JDBC (floor)");
        report.line("%s", ResultFile.jdkInUse());
        report.line("Medians for one operation; a batch is 100 rows; B are bytes allocated.");
        List<String> backends = new ArrayList<>();
        try (Place memory = Place.memory()) {
            backends.add(compare(memory, settings, report, true));
        }
        try (Place full = Place.files("sqlite-file-full", "FULL")) {
            compare(full, settings, report, false);
        }
        try (Place normal = Place.files("sqlite-file-normal", "NORMAL")) {
            compare(normal, settings, report, false);
        }
        if (postgres != null && postgresUrl != null) {
            try (Place schemas = Place.postgres(postgres, postgresUrl)) {
                backends.add(compare(schemas, settings, report, false));
                firstUse(schemas, settings, report);
            }
        }
        once(settings, report);
        return String.join(", ", backends);
    }

    private static String compare(Place place, Settings settings, Report report, boolean ratioTarget)
            throws SQLException {
        Seed seed = new Seed();
        try (FloorOperations floor = place.floor();
                Database database = place.layer()) {
            LayerOperations layer = new LayerOperations(database);
            seed.plant(floor);
            seed.plant(layer);
            String product = product(floor.connection());
            report.heading(place.label(), product);
            Interleaved interleaved = new Interleaved(settings, seed);
            for (Operation operation : Operation.values()) {
                report.comparison(place.label(), interleaved.compare(operation, floor, layer), ratioTarget);
            }
            return product;
        }
    }

    private static void firstUse(Place place, Settings settings, Report report)
            throws IOException, SQLException, InterruptedException {
        double[] millis = new double[settings.children()];
        String url = place.url("layer");
        for (int child = 0; child < millis.length; child++) {
            millis[child] = ColdStart.measure(ColdStart.What.FIRST_USE, url);
        }
        report.millis("postgresql.first-use", "first use, fresh JVM, with the pool", new Samples(millis), 100);
    }

    private static void once(Settings settings, Report report) throws IOException, SQLException, InterruptedException {
        report.line("");
        report.line("once (SQLite file, synchronous=FULL; medians and quartiles)");
        MigrationTimes.Times times = new MigrationTimes(settings).measure();
        String prefix = "sqlite-file-full.";
        report.millis(prefix + "first-use", "first use, fresh JVM", times.firstUse(), 100);
        report.millis(prefix + "migrate-empty.cold", "migrate an empty file, fresh JVM", times.emptyCold(), 50);
        report.millis(prefix + "migrate-empty.warm", "migrate an empty file, warm JVM", times.emptyWarm(), 50);
        report.millis(prefix + "migrate-nothing.cold", "migrate, nothing to do, fresh JVM", times.nothingCold(), 5);
        report.millis(prefix + "migrate-nothing.warm", "migrate, nothing to do, warm JVM", times.nothingWarm(), 5);
    }

    private static String product(Connection connection) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        return data.getDatabaseProductName() + " " + data.getDatabaseProductVersion();
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
