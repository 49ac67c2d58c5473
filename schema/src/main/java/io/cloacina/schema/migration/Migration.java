package io.cloacina.schema.migration;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.type.Backend;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One version of a schema: its steps, written once and rendered for each dialect. Immutable. */
public final class Migration {
    private static final String DIALECT = "the dialect";

    private final int version;
    private final String name;
    private final Supplier<List<Step>> steps;
    private final boolean isLazy;
    private final @Nullable Recorded recorded;

    private Migration(
            int version, String name, Supplier<List<Step>> steps, boolean isLazy, @Nullable Recorded recorded) {
        this.version = version;
        this.name = ArgumentChecks.given("the name", name);
        this.steps = ArgumentChecks.given("the steps", steps);
        this.isLazy = isLazy;
        this.recorded = recorded;
    }

    /** The checksums of a released version, whose SQL must not change. */
    private record Recorded(String sqlite, String postgres) {
        Recorded {
            ArgumentChecks.given("the checksum for SQLite", sqlite);
            ArgumentChecks.given("the checksum for PostgreSQL", postgres);
        }

        String of(Backend backend) {
            return switch (backend) {
                case SQLITE -> sqlite;
                case POSTGRES -> postgres;
            };
        }
    }

    /** A version, numbered from 1, with a short description and its steps. */
    public static Migration version(int version, String name, Step... steps) {
        List<Step> all = ArgumentChecks.all("the steps", steps);
        return new Migration(version, name, () -> all, false, null);
    }

    /**
     * As {@link #version(int, String, Step...)}, with steps that are created only when they are rendered, so that a
     * start without pending migrations loads no table definitions for them.
     */
    public static Migration version(int version, String name, Supplier<List<Step>> steps) {
        return new Migration(version, name, steps, true, null);
    }

    /**
     * Adds the known {@linkplain #checksum checksums} of this version's SQL, so that it need not be rendered to
     * recognise a database that has it. A test should verify them.
     */
    public Migration recorded(String sqlite, String postgres) {
        return new Migration(version, name, steps, isLazy, new Recorded(sqlite, postgres));
    }

    /** The number of the version, from 1. */
    public int version() {
        return version;
    }

    /** The description. */
    public String name() {
        return name;
    }

    /** The statements for a dialect, in order. */
    public List<String> statements(Dialect dialect) {
        ArgumentChecks.given(DIALECT, dialect);
        return steps.get().stream()
                .flatMap(step -> step.statements(dialect, version).stream())
                .toList();
    }

    /** The statements as one text, each ended by a semicolon and a line end. */
    public String script(Dialect dialect) {
        return script(statements(dialect));
    }

    /**
     * The SHA-256 hash of the script in hexadecimal digits. It is recorded when the version is applied, so that later
     * edits of the migration are detected.
     */
    public String checksum(Dialect dialect) {
        ArgumentChecks.given(DIALECT, dialect);
        return recorded != null ? recorded.of(dialect.backend()) : checksum(statements(dialect));
    }

    List<Step> steps() {
        return steps.get();
    }

    /** Whether its steps are created only when they are needed. */
    boolean isLazy() {
        return isLazy;
    }

    /** Whether its checksums are known, which a test of its owner verifies. */
    boolean isRecorded() {
        return recorded != null;
    }

    static String script(List<String> statements) {
        StringBuilder text = new StringBuilder();
        statements.forEach(sql -> text.append(sql).append(";\n"));
        return text.toString();
    }

    static String checksum(List<String> statements) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(script(statements).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
