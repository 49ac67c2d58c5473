package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OneSchemaOnBothBackendsTest {
    @TestFactory
    List<DynamicTest> a_table_is_logically_the_same_on_both_backends() {
        Catalog sqlite = LogicalCatalog.of(LiveCatalog.migrated(Backend.SQLITE));
        Catalog postgres = LogicalCatalog.of(LiveCatalog.migrated(Backend.POSTGRES));
        assertThat(sqlite.tables()).hasSameSizeAs(CloacinaSchema.SCHEMA.tables());

        return CloacinaSchema.SCHEMA.tables().stream()
                .map(Table::tableName)
                .map(name -> DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(sqlite.tables().get(name))
                                .usingRecursiveComparison()
                                .isEqualTo(postgres.tables().get(name))))
                .toList();
    }

    @Test
    void the_types_read_back_are_those_of_the_definition() {
        Catalog sqlite = LogicalCatalog.of(LiveCatalog.migrated(Backend.SQLITE));

        for (Table table : CloacinaSchema.SCHEMA.tables()) {
            TreeMap<String, String> defined = new TreeMap<>();
            for (AnyColumn<?> column : table.columns()) {
                String type = column.type().name();
                defined.put(column.name(), type.equals("json") || type.equals("enum") ? "text" : type);
            }
            TreeMap<String, String> read = new TreeMap<>();
            sqlite.table(table.tableName())
                    .orElseThrow()
                    .columns()
                    .forEach((name, column) -> read.put(name, column.type()));
            assertThat(read).as(table.tableName()).isEqualTo(defined);
        }
    }
}
