package io.cloacina.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.Snippets;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Statements STATEMENTS = new Statements("readme");

    record TaskLine(
            String name, TaskStatus status, @Nullable UniversalTimestamp startedAt) {}

    // begin schema
    static final Select<UniversalUuid, TaskLine> OF_EXECUTION = STATEMENTS.select("of-execution", q -> {
        var task = q.from(TaskExecutions::new);
        var execution = q.join(task.execution);
        q.where(execution.id.eq(q.arg()));
        q.orderBy(task.startedAt.asc(Nulls.LAST), task.id.asc());
        return row -> new TaskLine(row.get(task.taskName), row.get(task.status), row.orNull(task.startedAt));
    });
    // end schema

    @DatabaseTest
    void the_statement_of_the_readme_runs(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);
        assertThat(database.list(OF_EXECUTION, UniversalUuid.v7())).isEmpty();
    }

    @Test
    void the_readme_shows_this_code() throws IOException {
        assertThat(Snippets.inDocument("README.md")).contains(Snippets.inSource(ReadmeTest.class, "schema"));
    }
}
