package io.cloacina.schema.migration;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One step of a migration, rendered for each dialect. What a table looked like in a version follows from its
 * definition, which declares what later versions added.
 */
public final class Step {
    private final @Nullable Function<Source, ? extends Table> table;
    private final String text;
    private final BiFunction<Ddl, Integer, List<String>> rendering;

    private Step(
            @Nullable Function<Source, ? extends Table> table,
            String text,
            BiFunction<Ddl, Integer, List<String>> rendering) {
        this.table = table;
        this.text = text;
        this.rendering = rendering;
    }

    /** Creates a table with its indexes. */
    public static <T extends Table> Step create(Function<Source, T> table) {
        ArgumentChecks.given("the table", table);
        return new Step(table, "", (ddl, version) -> {
            T defined = Schema.define(table);
            if (defined.sinceVersion() != version) {
                throw new InvalidSchemaException("version " + version + " creates table " + defined
                        + ", which is declared for version " + defined.sinceVersion());
            }
            return ddl.create(defined, version);
        });
    }

    /**
     * Alters a table to this version: adds its new columns, checks and indexes. On SQLite the table is rebuilt if ALTER
     * TABLE cannot do it. {@code backfills} provide the values of new NOT NULL columns in existing rows.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public static <T extends Table> Step alter(Function<Source, T> table, Function<T, Backfill>... backfills) {
        ArgumentChecks.given("the table", table);
        List<Function<T, Backfill>> given = ArgumentChecks.all("the backfills", backfills);
        return new Step(table, "", (ddl, version) -> {
            T defined = Schema.define(table);
            Map<String, Backfill> values = new HashMap<>();
            given.forEach(backfill -> {
                Backfill made = backfill.apply(defined);
                if (values.put(made.column().name(), made) != null) {
                    throw new InvalidSchemaException("two backfills of column " + made.column());
                }
            });
            return new Alteration(ddl, defined, version, values).statements();
        });
    }

    /**
     * Runs an SQL statement, given for each backend, such as a change of data.
     *
     * @throws InvalidSchemaException if a text contains a semicolon: SQLite's driver would run only the first statement
     */
    public static Step sql(String sqlite, String postgres) {
        ArgumentChecks.given("the SQL for SQLite", sqlite);
        ArgumentChecks.given("the SQL for PostgreSQL", postgres);
        if (sqlite.contains(";") || postgres.contains(";")) {
            throw new InvalidSchemaException("a step is one statement, without a semicolon: " + sqlite);
        }
        return new Step(
                null,
                sqlite + "\n" + postgres,
                (ddl, version) -> List.of(ddl.dialect().backend() == Backend.SQLITE ? sqlite : postgres));
    }

    /** The table that it creates or alters, as defined; null for a step in SQL. */
    @Nullable
    Table table() {
        return table == null ? null : Schema.define(table);
    }

    /** Whether it is a step in SQL that names that table. */
    boolean names(String name) {
        return Pattern.compile("\\b" + name + "\\b", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    /** Whether it creates or alters that table, or is a step in SQL that names it. */
    boolean isOf(String name) {
        Table of = table();
        return of == null ? names(name) : of.tableName().equals(name);
    }

    List<String> statements(Dialect dialect, int version) {
        return rendering.apply(new Ddl(dialect), version);
    }
}
