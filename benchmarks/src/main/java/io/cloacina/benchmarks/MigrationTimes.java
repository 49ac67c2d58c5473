package io.cloacina.benchmarks;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.io.IOException;
import java.sql.SQLException;

/** How long migrating takes on SQLite files: the first time and when there is nothing to do, warm and in a fresh JVM. */
final class MigrationTimes {
    private final Settings settings;

    MigrationTimes(Settings settings) {
        this.settings = settings;
    }

    /** Milliseconds of each figure. */
    record Times(Samples emptyWarm, Samples emptyCold, Samples nothingWarm, Samples nothingCold, Samples firstUse) {}

    Times measure() throws IOException, SQLException, InterruptedException {
        try (Place files = Place.files("sqlite-file-full", "FULL")) {
            Warm warm = warm(files);
            double[] empty = new double[settings.children()];
            double[] nothing = new double[settings.children()];
            double[] firstUse = new double[settings.children()];
            for (int child = 0; child < settings.children(); child++) {
                String url = files.url("cold-" + child);
                empty[child] = ColdStart.measure(ColdStart.What.MIGRATE, url);
                nothing[child] = ColdStart.measure(ColdStart.What.MIGRATE, url);
                firstUse[child] = ColdStart.measure(ColdStart.What.FIRST_USE, url);
            }
            return new Times(warm.empty, new Samples(empty), warm.nothing, new Samples(nothing), new Samples(firstUse));
        }
    }

    private record Warm(Samples empty, Samples nothing) {}

    private Warm warm(Place files) throws SQLException {
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
        return new Warm(new Samples(empty), new Samples(nothing));
    }

    private static double millisToMigrate(Database database) {
        long start = System.nanoTime();
        Migrator.migrate(database);
        return (System.nanoTime() - start) / 1e6;
    }
}
