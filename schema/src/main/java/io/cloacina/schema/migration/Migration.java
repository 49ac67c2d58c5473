package io.cloacina.schema.migration;

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
    private final int version;
    private final String name;
    private final Supplier<List<Step>> steps;
    private final @Nullable Recorded recorded;

    private Migration(int version, String name, Supplier<List<Step>> steps, @Nullable Recorded recorded) {
        this.version = version;
        this.name = name;
        this.steps = steps;
        this.recorded = recorded;
    }

    /** The checksums of a version whose SQL is settled. */
    private record Recorded(String sqlite, String postgres) {
        String of(Backend backend) {
            return switch (backend) {
                case SQLITE -> sqlite;
                case POSTGRES -> postgres;
            };
        }
    }

    /** The version, from 1 upward, what it does in a few words, and its steps. */
    public static Migration version(int version, String name, Step... steps) {
        List<Step> all = List.of(steps);
        return version(version, name, () -> all);
    }

    /** The same, its steps made only when they are rendered: a start that has nothing to do loads no table for them. */
    public static Migration version(int version, String name, Supplier<List<Step>> steps) {
        return new Migration(version, name, steps, null);
    }

    /**
     * This version with the {@linkplain #checksum checksums} of its SQL: a database that has it is recognised without
     * rendering it. That they are true is for a test to hold.
     */
    public Migration recorded(String sqlite, String postgres) {
        return new Migration(version, name, steps, new Recorded(sqlite, postgres));
    }

    /** The version, from 1 upward. */
    public int version() {
        return version;
    }

    /** What it does. */
    public String name() {
        return name;
    }

    /** The statements for a dialect, in order. */
    public List<String> statements(Dialect dialect) {
        return steps.get().stream()
                .flatMap(step -> step.statements(dialect, version).stream())
                .toList();
    }

    /** The statements as one text, each ended by a semicolon and a line end. */
    public String script(Dialect dialect) {
        return script(statements(dialect));
    }

    /** SHA-256 of the script, hexadecimal: recorded when it is run, so that an edited history is noticed. */
    public String checksum(Dialect dialect) {
        return recorded != null ? recorded.of(dialect.backend()) : checksum(statements(dialect));
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
