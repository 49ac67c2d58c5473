package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import java.sql.SQLException;

/** Every statement of the library fits the tables. A new catalog of statements is named here. */
class StatementConformanceTest {
    @DatabaseTest
    void every_statement_prepares_with_the_types_that_its_codecs_expect(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.migrated())
                .prepares(Migrator.STATEMENTS, SampleRows.STATEMENTS, ExampleQueries.STATEMENTS);
    }

    @DatabaseTest
    void a_native_select_with_a_wrong_type_is_found(TestDatabase test) {
        Statements wrong = new Statements("wrong");
        wrong.<NoArgument, Integer>nativeSelect(
                "native", "SELECT task_name FROM task_executions", "SELECT task_name FROM task_executions", q -> {
                    var name = q.column(DataType.INTEGER);
                    return row -> row.get(name);
                });
        StatementConformance conformance = StatementConformance.on(test, test.migrated());
        assertThatThrownBy(() -> conformance.prepares(wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("column 1 of wrong.native: integer");
    }

    @DatabaseTest
    void a_statement_without_an_index_is_found(TestDatabase test) {
        Statements slow = new Statements("slow");
        Select<String, String> scan = slow.select("scan", q -> {
            var t = q.from(TaskExecutions::new);
            q.where(t.triggerRules.eq(q.arg()));
            return row -> row.get(t.taskName);
        });
        StatementConformance conformance = StatementConformance.on(test, test.migrated());
        assertThatThrownBy(() -> conformance.usesIndexes(scan)).isInstanceOf(AssertionError.class);
    }
}
