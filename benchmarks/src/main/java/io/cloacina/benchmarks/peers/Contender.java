package io.cloacina.benchmarks.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/** The libraries that are compared, how they are set up, and what they cannot do. */
enum Contender {
    CLOACINA("Cloacina", "256 slots", "executions, tasks and their times, inputs, outputs"),
    DB_SCHEDULER(
            "db-scheduler",
            "100 threads, immediate execution, lock-and-fetch 2.0 to 6.0 (PostgreSQL)",
            "nothing: the end of a job deletes its row"),
    JOBRUNR(
            "JobRunr",
            "free edition; 64 workers, polls every 5 s (it takes no less)",
            "each job as JSON with the times of its states; no outputs"),
    DBOS(
            "DBOS",
            "workflows begin without a queue, which would be polled",
            "workflows and steps with their times, inputs, outputs");

    private static final Properties VERSIONS = versions();

    private final String label;
    private final String settings;
    private final String keeps;

    Contender(String label, String settings, String keeps) {
        this.label = label;
        this.settings = settings;
        this.keeps = keeps;
    }

    String label() {
        return label;
    }

    /** As names of figures begin. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    String version() {
        return Objects.requireNonNull(VERSIONS.getProperty(name()), name());
    }

    String settings() {
        return settings;
    }

    /** What is in its tables when a job is done. */
    String keeps() {
        return keeps;
    }

    /** Why it does not run on SQLite; empty if it does. */
    Optional<String> whyNotOnSqlite() {
        return this == DBOS ? Optional.of("it needs PostgreSQL") : Optional.empty();
    }

    /** Why a part cannot be measured of it; empty if it can. */
    Optional<String> whyNot(Part part) {
        return switch (this) {
            case CLOACINA -> Optional.empty();
            case DB_SCHEDULER -> part == Part.FAN ? Optional.of("it has no joins") : Optional.empty();
            case JOBRUNR ->
                part == Part.CHAIN || part == Part.FAN
                        ? Optional.of("workflows are part of its Pro edition")
                        : Optional.empty();
            case DBOS -> part == Part.BATCH ? Optional.of("it starts one workflow with a call") : Optional.empty();
        };
    }

    /** Jobs that may be under way, of so many that it may be in general. */
    int backlog(Work work, int most) {
        // A fan of DBOS holds a thread of its pool while it waits for its children, which need threads of the same
        // pool.
        return this == DBOS && work == Work.FAN
                ? Math.min(most, 25 * Runtime.getRuntime().availableProcessors())
                : most;
    }

    private static Properties versions() {
        Properties versions = new Properties();
        try (InputStream file = Contender.class.getResourceAsStream("versions.properties")) {
            versions.load(Objects.requireNonNull(file, "versions.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
