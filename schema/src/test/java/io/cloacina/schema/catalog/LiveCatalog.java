package io.cloacina.schema.catalog;

import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;

/** The catalog of a real database. */
final class LiveCatalog {
    private LiveCatalog() {}

    /** Of a database made by the migrations. */
    static Catalog migrated(Backend backend) {
        try (TestDatabase test = TestDatabase.create(backend)) {
            test.migrated();
            return of(test);
        }
    }

    /** Of a database as it is now. */
    static Catalog of(TestDatabase test) {
        Set<String> names =
                CloacinaSchema.SCHEMA.tables().stream().map(Table::tableName).collect(Collectors.toSet());
        try (Connection connection = test.jdbc()) {
            return test.backend() == Backend.SQLITE
                    ? SqliteCatalog.read(connection, names)
                    : PostgresCatalog.read(connection, PostgresCatalog.CURRENT, names);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
