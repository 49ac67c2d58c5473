package io.cloacina.schema.migration;

import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.function.Function;

/** The table in which a database records the versions of one schema that were applied, and the statements for it. Immutable. */
final class History {
    final Statements statements;
    final Select<NoArgument, Boolean> exists;
    final Select<String, Boolean> tableExists;
    final Select<NoArgument, Applied> all;
    final Command<Applied> record;
    final Command<UnfinishedCopy> holdCopy;
    final Command<UnfinishedCopy> endCopy;

    private final Schema schema;
    private final String table;

    /** @throws InvalidSchemaException if that cannot be the name of a table */
    History(String table) {
        this.table = table;
        Function<Source, SchemaMigrations> open = source -> new SchemaMigrations(table, source);
        this.schema = Schema.of(open);
        this.statements = new Statements(table);
        this.exists = statements.nativeSelect(
                "exists",
                "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" + table + "'",
                "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = '"
                        + table + "'",
                q -> {
                    var count = q.column(DataType.BIGINT);
                    return row -> row.get(count) > 0;
                });
        this.tableExists = statements.nativeSelect(
                "table-exists",
                "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?",
                "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass(?)",
                q -> {
                    q.bind(DataType.TEXT, name -> name);
                    var count = q.column(DataType.BIGINT);
                    return row -> row.get(count) > 0;
                });
        this.all = statements.select("all", q -> {
            var m = q.from(open);
            q.orderBy(m.version.asc());
            return row -> new Applied(row.get(m.version), row.get(m.name), row.get(m.checksum), row.get(m.appliedAt));
        });
        this.record = statements.insert("record", i -> {
            var m = i.into(open);
            i.set(m.version, i.arg(Applied::version));
            i.set(m.name, i.arg(Applied::name));
            i.set(m.checksum, i.arg(Applied::checksum));
            i.set(m.appliedAt, i.arg(Applied::at));
        });
        this.holdCopy = statements.update("hold-copy", u -> {
            var m = u.table(open);
            u.set(m.name, u.arg(UnfinishedCopy::from));
            u.where(m.version.eq(UnfinishedCopy.VERSION), m.checksum.eq(u.arg(UnfinishedCopy::fingerprint)));
        });
        this.endCopy = statements.delete("end-copy", d -> {
            var m = d.from(open);
            d.where(m.version.eq(UnfinishedCopy.VERSION), m.checksum.eq(d.arg(UnfinishedCopy::fingerprint)));
        });
    }

    String table() {
        return table;
    }

    Schema schema() {
        return schema;
    }
}
