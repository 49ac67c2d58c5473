package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What types cannot refuse: it fails when the database is opened, naming the statement. */
class CompositionTest {
    private final Statements statements = new Statements("test");

    private void refused(String because) {
        assertThatThrownBy(() -> Database.open("sqlite::memory:", statements))
                .isInstanceOf(StatementException.class)
                .hasMessageStartingWith("statement test.wrong: ")
                .hasMessageContaining(because);
        assertThatThrownBy(
                        () -> statements.all().get(statements.all().size() - 1).composed(Dialect.of(Backend.POSTGRES)))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining(because);
    }

    private void select(Consumer<SelectBuilder<UniversalUuid>> definition) {
        statements.<UniversalUuid, Boolean>select("wrong", q -> {
            definition.accept(q);
            return row -> true;
        });
    }

    private void insert(Consumer<InsertBuilder<UniversalUuid>> definition) {
        statements.insert("wrong", definition);
    }

    private void update(Consumer<UpdateBuilder<UniversalUuid>> definition) {
        statements.update("wrong", definition);
    }

    private static Contexts wholeContext(InsertBuilder<UniversalUuid> i) {
        Contexts c = i.into(Contexts::new);
        i.set(c.id, i.arg());
        i.set(c.value, "{}");
        i.set(c.createdAt, UniversalTimestamp.MIN);
        i.set(c.updatedAt, UniversalTimestamp.MIN);
        return c;
    }

    @Test
    void an_insert_without_a_plain_column() {
        insert(i -> {
            Contexts c = i.into(Contexts::new);
            i.set(c.id, i.arg());
            i.set(c.createdAt, UniversalTimestamp.MIN);
        });
        refused("NOT NULL columns of contexts that are not set: [value, updated_at]");
    }

    @Test
    void a_column_of_another_statement() {
        List<TaskExecutions> smuggled = new ArrayList<>();
        statements.<NoArgument, Boolean>select("first", q -> {
            smuggled.add(q.from(TaskExecutions::new));
            return row -> true;
        });
        select(q -> {
            q.from(PipelineExecutions::new);
            q.where(smuggled.get(0).attempt.gt(0));
        });
        refused("column task_executions.attempt is of a table that is not part of this statement");
    }

    @Test
    void a_column_of_the_definition() {
        select(q -> {
            q.from(TaskExecutions::new);
            q.where(Schema.define(TaskExecutions::new).attempt.gt(0));
        });
        refused("column task_executions.attempt is of a table that is not part of this statement");
    }

    @Test
    void reading_a_column_of_another_statement_leaves_that_statement_intact() {
        List<TaskExecutions> smuggled = new ArrayList<>();
        Select<NoArgument, String> first = statements.select("first", q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            smuggled.add(t);
            return row -> row.get(t.status) + row.get(t.taskName);
        });
        assertThat(first.composed(Dialect.of(Backend.SQLITE)).resultTypes()).hasSize(2);
        statements.<NoArgument, String>select("wrong", q -> {
            q.from(TaskExecutions::new);
            return row -> row.get(smuggled.get(0).taskName);
        });
        refused("column task_executions.task_name is of a table that is not part of this statement");
        assertThat(smuggled.get(0).taskName.slot()).isEqualTo(1);
    }

    @Test
    void reading_a_count_of_another_statement() {
        List<Expression<Long>> smuggled = new ArrayList<>();
        statements.<NoArgument, Long>select("first", q -> {
            q.from(TaskExecutions::new);
            smuggled.add(q.count());
            return row -> row.get(smuggled.get(0));
        });
        statements.<NoArgument, Long>select("wrong", q -> {
            q.from(TaskExecutions::new);
            return row -> row.get(smuggled.get(0));
        });
        refused("count(*) is of another statement");
    }

    @Test
    void a_parameter_of_another_statement() {
        List<Parameter<UniversalUuid>> smuggled = new ArrayList<>();
        statements.<UniversalUuid, Boolean>select("first", q -> {
            q.from(TaskExecutions::new);
            smuggled.add(q.arg());
            return row -> true;
        });
        select(q -> q.where(q.from(TaskExecutions::new).id.eq(smuggled.get(0))));
        refused("the parameter for task_executions.id is of another statement");
    }

    @Test
    void two_first_tables() {
        select(q -> {
            q.from(TaskExecutions::new);
            q.from(PipelineExecutions::new);
        });
        refused("from(...) is set twice");
    }

    @Test
    void no_table() {
        select(q -> {});
        refused("no table");
    }

    @Test
    void a_relation_of_another_table_than_the_one_that_is_joined() {
        select(q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            PipelineExecutions e = q.join(t.execution);
            q.join(e, TaskExecutions::new, joined -> t.execution);
        });
        refused("relation task_executions_pipeline_execution_id_fkey is not of task_executions, which is joined here");
    }

    @Test
    void a_column_through_an_outer_joined_table_that_is_not_its_own() {
        select(q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            q.where(q.leftJoin(t.runner).column(r -> t.pipelineName).isNull());
        });
        refused("column task_executions.pipeline_name is not of runners");
    }

    @Test
    void an_update_without_a_condition() {
        update(u -> u.set(u.table(TaskExecutions::new).attempt, 0));
        refused("no where(...): call everyRow() to change every row");
    }

    @Test
    void a_delete_without_a_condition() {
        statements.<NoArgument>delete("wrong", d -> d.from(TaskExecutions::new));
        refused("no where(...)");
    }

    @Test
    void every_row_with_a_condition() {
        update(u -> {
            TaskExecutions t = u.table(TaskExecutions::new);
            u.set(t.attempt, 0);
            u.everyRow();
            u.where(t.attempt.gt(1));
        });
        refused("contradict each other");
    }

    @Test
    void an_update_that_sets_nothing() {
        update(u -> u.where(u.table(TaskExecutions::new).id.eq(u.arg())));
        refused("an update without columns to set");
    }

    @Test
    void a_column_that_is_set_twice() {
        update(u -> {
            TaskExecutions t = u.table(TaskExecutions::new);
            u.set(t.attempt, 1);
            u.increment(t.attempt, 1);
            u.where(t.id.eq(u.arg()));
        });
        refused("column task_executions.attempt is set twice");
    }

    @Test
    void setting_a_column_of_another_table() {
        update(u -> {
            TaskExecutions t = u.table(TaskExecutions::new);
            u.set(Schema.define(PipelineExecutions::new).priority, 1);
            u.where(t.id.eq(u.arg()));
        });
        refused("column pipeline_executions.priority is not of task_executions, the table that is changed");
    }

    @Test
    void changing_two_tables() {
        update(u -> {
            u.table(TaskExecutions::new);
            u.table(PipelineExecutions::new);
        });
        refused("a statement can change only one table");
    }

    @Test
    void a_conflict_on_what_is_not_a_unique_key() {
        insert(i -> i.onConflict(wholeContext(i).createdAt).doNothing());
        refused("onConflict[contexts.created_at] is not a unique key of contexts");
    }

    @Test
    void a_conflict_on_the_key_of_another_table() {
        insert(i -> {
            wholeContext(i);
            i.onConflict(Schema.define(Runners::new).id).doNothing();
        });
        refused("onConflict[runners.id] is not a unique key of contexts");
    }

    @Test
    void a_conflict_without_a_word_on_what_to_do() {
        insert(i -> i.onConflict(wholeContext(i).id));
        refused("has neither doNothing() nor overwrite(...)");
    }

    @Test
    void overwriting_what_is_not_inserted() {
        insert(i -> {
            Contexts c = wholeContext(i);
            i.onConflict(c.id).overwrite(c.value, Schema.define(Contexts::new).updatedAt);
        });
        refused("overwrites column contexts.updated_at, which the insert does not set");
    }

    @Test
    void overwriting_nothing() {
        insert(i -> i.onConflict(wholeContext(i).id).overwrite());
        refused("overwrite() without columns");
    }

    @Test
    void a_keyset_of_two_directions() {
        select(q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            q.keyset(
                    t.createdAt.asc().after(q.arg(id -> UniversalTimestamp.MIN)),
                    t.id.desc().after(q.arg()));
        });
        refused("all parts of a keyset page must have the same direction");
    }

    @Test
    void a_keyset_over_a_column_that_may_be_null() {
        select(q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            q.keyset(t.retryAt.asc(Nulls.LAST).after(q.arg(id -> UniversalTimestamp.MIN)));
        });
        refused("keyset column task_executions.retry_at may be NULL");
    }

    @Test
    void a_keyset_of_nothing() {
        select(q -> {
            q.from(TaskExecutions::new);
            q.keyset();
        });
        refused("at least one column");
    }

    @Test
    void a_negative_limit() {
        select(q -> {
            q.from(TaskExecutions::new);
            q.limit(-1);
        });
        refused("a limit must not be negative: -1");
    }

    @Test
    void two_limits() {
        select(q -> {
            q.from(TaskExecutions::new);
            q.limit(1);
            q.limit(q.arg(id -> 1));
        });
        refused("limit(...) is set twice");
    }

    @Test
    void reading_a_column_that_is_not_grouped_by() {
        statements.<NoArgument, String>select("wrong", q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            Expression<Long> count = q.count();
            q.groupBy(t.status);
            return row -> row.get(t.taskName) + row.get(count);
        });
        refused("column task_executions.task_name is not grouped by");
    }

    @Test
    void ordering_by_a_column_that_is_not_grouped_by() {
        select(q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            q.groupBy(t.status);
            q.orderBy(t.taskName.asc());
        });
        refused("column task_executions.task_name is not grouped by");
    }

    @Test
    void claiming_by_something_else_than_the_key_of_the_changed_table() {
        update(u -> {
            TaskExecutions t = u.table(TaskExecutions::new);
            u.set(t.attempt, 1);
            u.claim(t.id, q -> q.from(TaskExecutions::new).pipelineExecutionId);
        });
        refused("a claim compares and picks the primary key of task_executions, not task_executions.id"
                + " and task_executions.pipeline_execution_id");
    }

    @Test
    void naming_the_changed_table_inside_a_claim() {
        update(u -> {
            TaskExecutions t = u.table(TaskExecutions::new);
            u.set(t.attempt, 1);
            u.claim(t.id, q -> {
                TaskExecutions c = q.from(TaskExecutions::new);
                q.where(c.createdAt.eq(t.createdAt));
                return c.id;
            });
        });
        refused("column task_executions.created_at is of a table that is not part of this statement");
    }

    @Test
    void a_reader_that_fails_on_the_sample_row() {
        statements.<NoArgument, Integer>select("wrong", q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            return row -> Integer.parseInt(row.get(t.taskName));
        });
        refused("its reader failed on a sample row; a reader only builds its result: java.lang.NumberFormatException");
    }

    @Test
    void a_native_reader_that_takes_a_column_of_elsewhere() {
        statements.<NoArgument, TaskStatus>nativeSelect(
                "wrong", "SELECT 1", "SELECT 1", q -> row -> row.get(Schema.define(TaskExecutions::new).status));
        refused("task_executions.status is not a column of this statement");
    }

    @Test
    void two_statements_of_one_name_are_refused_at_once() {
        select(q -> q.from(TaskExecutions::new));
        assertThatThrownBy(() -> select(q -> q.from(TaskExecutions::new)))
                .isInstanceOf(StatementException.class)
                .hasMessage("there are two statements named test.wrong");
    }

    @Test
    void many_threads_may_compose_one_statement_at_once() throws Exception {
        Select<UniversalUuid, String> select = statements.select("raced", q -> {
            TaskExecutions t = q.from(TaskExecutions::new);
            PipelineExecutions e = q.join(t.execution);
            q.where(e.id.eq(q.arg()));
            return row -> row.get(t.taskName) + row.get(e.pipelineName) + row.orNull(t.startedAt);
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> compose =
                    () -> select.composed(Dialect.of(Backend.SQLITE)).sql();
            List<Future<String>> made = threads.invokeAll(Collections.nCopies(64, compose));
            for (Future<String> sql : made) {
                assertThat(sql.get())
                        .isEqualTo("SELECT t0.task_name, t1.pipeline_name, t0.started_at FROM task_executions t0"
                                + " JOIN pipeline_executions t1 ON t0.pipeline_execution_id = t1.id WHERE t1.id = ?");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void conditions_have_the_parentheses_that_they_need_and_no_others() {
        TaskExecutions t = Schema.define(TaskExecutions::new);
        Condition a = t.attempt.eq(1);
        Condition b = t.attempt.eq(2);
        Condition c = t.attempt.eq(3);
        Function<Condition, String> text =
                condition -> condition.ddl(Dialect.of(Backend.SQLITE)).replace("attempt = ", "");

        assertThat(text.apply(a.and(b).and(c))).isEqualTo("1 AND 2 AND 3");
        assertThat(text.apply(a.and(b.and(c)))).isEqualTo("1 AND 2 AND 3");
        assertThat(text.apply(a.or(b).and(c))).isEqualTo("(1 OR 2) AND 3");
        assertThat(text.apply(a.and(b.or(c)))).isEqualTo("1 AND (2 OR 3)");
        assertThat(text.apply(a.and(b).or(c))).isEqualTo("1 AND 2 OR 3");
        assertThat(text.apply(a.or(b).or(c))).isEqualTo("1 OR 2 OR 3");
        assertThat(text.apply(a.or(b).not().and(c))).isEqualTo("NOT (1 OR 2) AND 3");
        assertThat(text.apply(a.not().not())).isEqualTo("NOT (NOT (1))");
    }
}
