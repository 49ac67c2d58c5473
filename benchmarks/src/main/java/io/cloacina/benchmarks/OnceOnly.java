package io.cloacina.benchmarks;

import io.cloacina.benchmarks.ColdStart.What;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.io.IOException;
import java.sql.SQLException;

/** What a process does once: its first use, and migrating, when the file is empty and when there is nothing to do. */
final class OnceOnly {
    private static final double FIRST_USE = 100;
    private static final double MIGRATE_EMPTY = 50;
    private static final double MIGRATE_NOTHING = 5;

    private final Settings settings;
    private final Report report;

    OnceOnly(Settings settings, Report report) {
        this.settings = settings;
        this.report = report;
    }

    private interface Url {
        String of(int child) throws SQLException;
    }

    void onSqliteFiles() throws IOException, SQLException, InterruptedException {
        report.line("");
        report.line("once (SQLite file, synchronous=FULL; medians, least and most)");
        try (Place files = Place.files("FULL")) {
            String prefix = Setup.SQLITE_FILE_FULL.label() + ".";
            Url url = child -> files.url("cold-" + child);
            cold(prefix + "migrate-empty.cold", "migrate an empty file, fresh JVM", What.MIGRATE, url, MIGRATE_EMPTY);
            cold(prefix + "migrate-nothing.cold", "nothing to migrate, fresh JVM", What.MIGRATE, url, MIGRATE_NOTHING);
            cold(prefix + "first-use", "first use, fresh JVM", What.FIRST_USE, url, FIRST_USE);
            warm(prefix, files);
        }
    }

    void firstUseOf(Place schemas) throws IOException, SQLException, InterruptedException {
        String url = schemas.url("layer");
        String name = Setup.POSTGRESQL.label() + ".first-use";
        cold(name, "first use, fresh JVM, with the pool", What.FIRST_USE, child -> url, FIRST_USE);
    }

    private void cold(String name, String line, What what, Url url, double target)
            throws IOException, SQLException, InterruptedException {
        double[] wall = new double[settings.children()];
        double[] cpu = new double[settings.children()];
        for (int child = 0; child < settings.children(); child++) {
            ColdStart.Times times = ColdStart.measure(what, url.of(child));
            wall[child] = times.wall();
            cpu[child] = times.cpu();
        }
        report.millis(name, line, new Samples(wall), new Samples(cpu), target);
    }

    private void warm(String prefix, Place files) throws SQLException {
        int databases = settings.migrations();
        double[] empty = new double[databases];
        double[] nothing = new double[databases];
        for (int round = 0; round < 2 * databases; round++) {
            try (Database database = Database.open(files.url("warm-" + round))) {
                // The first half only warms up.
                empty[round % databases] = millisToMigrate(database);
                nothing[round % databases] = millisToMigrate(database);
            }
        }
        String line = "migrate an empty file, warm JVM";
        report.millis(prefix + "migrate-empty.warm", line, new Samples(empty), null, MIGRATE_EMPTY);
        line = "nothing to migrate, warm JVM";
        report.millis(prefix + "migrate-nothing.warm", line, new Samples(nothing), null, MIGRATE_NOTHING);
    }

    private static double millisToMigrate(Database database) {
        long start = System.nanoTime();
        Migrator.migrate(database);
        return (System.nanoTime() - start) / 1e6;
    }
}
