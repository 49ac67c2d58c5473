package io.cloacina.benchmarks;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.type.UniversalUuid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** What happens once in a process, measured in fresh ones. This class is also their main class. */
final class ColdStart {
    private ColdStart() {}

    enum What {
        /** From an open connection of the driver to the first result of a typed statement. */
        FIRST_USE,
        /** From an open database to its tables being there, or to knowing that they were. */
        MIGRATE
    }

    /** Milliseconds on the clock, and of the processor by the thread that waited for them. */
    record Times(double wall, double cpu) {}

    /** Runs one measurement in a fresh JVM. */
    static Times measure(What what, String url) throws IOException, InterruptedException {
        String[] nanos = FreshJvm.run(ColdStart.class, what + "\n" + url + "\n").split(" ", -1);
        return new Times(Double.parseDouble(nanos[0]) / 1e6, Double.parseDouble(nanos[1]) / 1e6);
    }

    /** Reads from its input what to measure, and the URL; writes nanoseconds. */
    public static void main(String[] arguments) throws IOException, SQLException {
        String what;
        String url;
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            what = input.readLine();
            url = input.readLine();
        }
        switch (What.valueOf(what)) {
            case FIRST_USE -> firstUse(url);
            case MIGRATE -> migrate(url);
        }
    }

    private static void firstUse(String url) throws SQLException {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        try (Connection open = connect(parsed);
                Statement statement = open.createStatement()) {
            statement.execute("SELECT 1");
            Stopwatch watch = new Stopwatch();
            try (Database database = Database.open(url, Catalog.STATEMENTS)) {
                if (database.find(Catalog.FIND_TASK, UniversalUuid.NIL).isPresent()) {
                    throw new IllegalStateException("found a task in an empty database");
                }
                watch.stop();
            }
        }
    }

    private static void migrate(String url) {
        try (Database database = Database.open(url)) {
            Stopwatch watch = new Stopwatch();
            Migrator.migrate(database);
            watch.stop();
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        if (url instanceof DatabaseUrl.Postgres postgres) {
            return Place.connect(postgres, Map.of());
        }
        return DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) url).file());
    }

    private static final class Stopwatch {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final long startCpu = threads.getCurrentThreadCpuTime();
        private final long startWall = System.nanoTime();

        void stop() {
            long wall = System.nanoTime() - startWall;
            System.out.println(wall + " " + (threads.getCurrentThreadCpuTime() - startCpu));
        }
    }
}
