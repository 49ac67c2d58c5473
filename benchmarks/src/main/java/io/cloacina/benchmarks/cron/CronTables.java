package io.cloacina.benchmarks.cron;

import io.cloacina.benchmarks.Place;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tables say, past the engine. */
final class CronTables {
    private static final DateTimeFormatter SQLITE = DateTimeFormatter.ISO_INSTANT;

    private final DatabaseUrl url;

    CronTables(String url) {
        this.url = DatabaseUrl.parse(url);
    }

    /** An occurrence, by the name of its schedule. */
    record Row(String schedule, Instant scheduled, Instant fired) {
        double lateMillis() {
            return Duration.between(scheduled, fired).toNanos() / 1e6;
        }
    }

    boolean isPostgres() {
        return url instanceof DatabaseUrl.Postgres;
    }

    private Connection connect() throws SQLException {
        return url instanceof DatabaseUrl.Postgres postgres
                ? Place.connect(postgres, Map.of())
                : DriverManager.getConnection("jdbc:sqlite:" + ((DatabaseUrl.Sqlite) url).file());
    }

    List<Row> occurrences() throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT s.name, o.scheduled_time, o.claimed_at FROM cron_executions o"
                                + " JOIN cron_schedules s ON s.id = o.schedule_id")) {
            while (found.next()) {
                rows.add(new Row(found.getString(1), instant(found, 2), instant(found, 3)));
            }
        }
        return rows;
    }

    private Instant instant(ResultSet row, int column) throws SQLException {
        return isPostgres()
                ? row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC)
                : SQLITE.parse(row.getString(column), Instant::from);
    }

    long count(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** When the next schedule is due. */
    Instant nextDue() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT min(next_run_at) FROM cron_schedules WHERE next_run_at IS NOT NULL")) {
            row.next();
            return instant(row, 1);
        }
    }

    /** Executions that are not finished. */
    long unfinished() throws SQLException {
        return count("SELECT count(*) FROM pipeline_executions WHERE completed_at IS NULL");
    }

    /**
     * What is missing or doubled.
     *
     * @param stored when each schedule was stored
     * @param until the last instant for which occurrences are looked at
     */
    List<String> violations(List<Row> rows, Map<Schedule, Instant> stored, Instant until) throws SQLException {
        List<String> violations = new ArrayList<>();
        Map<String, Map<Instant, Integer>> found = new HashMap<>();
        rows.forEach(row -> found.computeIfAbsent(row.schedule(), absent -> new HashMap<>())
                .merge(row.scheduled(), 1, Integer::sum));
        stored.forEach((schedule, at) -> {
            Map<Instant, Integer> times = found.getOrDefault(schedule.name(), Map.of());
            int number = (int) (Duration.between(at, until).toMinutes() + 1);
            for (Instant expected : schedule.next(at, number)) {
                int fired = times.getOrDefault(expected, 0);
                if (!expected.isAfter(until) && fired != 1) {
                    violations.add(schedule.name() + " fired " + fired + " times for " + expected);
                }
            }
        });
        long orphans = count("SELECT count(*) FROM pipeline_executions e WHERE NOT EXISTS"
                + " (SELECT 1 FROM cron_executions o WHERE o.pipeline_execution_id = e.id)");
        long executions = count("SELECT count(*) FROM pipeline_executions");
        if (orphans != 0 || executions != rows.size()) {
            violations.add(rows.size() + " occurrences have " + executions + " executions; " + orphans
                    + " executions have none");
        }
        long incomplete = count("SELECT count(*) FROM pipeline_executions WHERE status <> 'Completed'");
        if (incomplete != 0) {
            violations.add(incomplete + " executions did not complete");
        }
        return violations;
    }
}
