package io.cloacina.benchmarks;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.type.UniversalUuid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /** Runs one measurement in a fresh JVM; returns milliseconds. */
    static double measure(What what, String url) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ColdStart.class.getName(), what.name()));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // Not as an argument: everybody on the machine may read those, and a URL may hold a password.
        try (OutputStream input = child.getOutputStream()) {
            input.write(url.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (child.waitFor() != 0) {
            throw new IOException("a fresh JVM to measure " + what.name().toLowerCase(Locale.ROOT) + " failed");
        }
        return Double.parseDouble(output) / 1e6;
    }

    /** Reads the URL from its input and writes nanoseconds. */
    public static void main(String[] arguments) throws IOException, SQLException {
        String url;
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            url = input.readLine();
        }
        System.out.println(
                switch (What.valueOf(arguments[0])) {
                    case FIRST_USE -> firstUse(url);
                    case MIGRATE -> migrate(url);
                });
    }

    private static long firstUse(String url) throws SQLException {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        try (Connection open = connect(parsed);
                Statement statement = open.createStatement()) {
            statement.execute("SELECT 1");
            long start = System.nanoTime();
            try (Database database = Database.open(url, Catalog.STATEMENTS)) {
                if (database.find(Catalog.FIND_TASK, UniversalUuid.NIL).isPresent()) {
                    throw new IllegalStateException("found a task in an empty database");
                }
                return System.nanoTime() - start;
            }
        }
    }

    private static long migrate(String url) {
        try (Database database = Database.open(url)) {
            long start = System.nanoTime();
            Migrator.migrate(database);
            return System.nanoTime() - start;
        }
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        if (url instanceof DatabaseUrl.Postgres postgres) {
            return Place.connect(postgres, Map.of());
        }
        return DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) url).file());
    }
}
