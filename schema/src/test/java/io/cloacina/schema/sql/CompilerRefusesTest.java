package io.cloacina.schema.sql;

import org.junit.jupiter.api.Test;

/** The mistakes that do not compile. Beside each stands the line that was meant, which does. */
class CompilerRefusesTest {
    @Test
    void a_join_to_a_table_that_the_foreign_key_does_not_point_at() {
        Snippet.inSelect()
                .refuses(
                        "Runners joined = q.join(t.execution);",
                        "Runners",
                        "PipelineExecutions joined = q.join(t.execution);");
    }

    @Test
    void a_join_from_a_parent_that_the_foreign_key_of_the_child_does_not_point_at() {
        Snippet.inSelect()
                .refuses(
                        "q.join(t, RecoveryEvents::new, event -> event.execution);",
                        "equality constraints: io.cloacina.schema.tables.PipelineExecutions",
                        "q.join(t, RecoveryEvents::new, event -> event.task);");
    }

    @Test
    void a_join_along_something_that_is_no_foreign_key() {
        Snippet.inSelect()
                .refuses("q.join(t.pipelineExecutionId);", "no suitable method found", "q.join(t.execution);");
    }

    @Test
    void a_column_of_a_table_that_is_not_joined() {
        Snippet.inSelect()
                .refuses(
                        "q.where(e.priority.gt(0));",
                        "e does not exist",
                        "var e = q.join(t.execution); q.where(e.priority.gt(0));");
    }

    @Test
    void a_column_through_a_relation_that_is_not_joined() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.execution.priority.gt(0));",
                        "cannot find symbol",
                        "q.where(q.join(t.execution).priority.gt(0));");
    }

    @Test
    void a_column_of_an_outer_joined_table_as_if_it_were_always_there() {
        Snippet.inSelect()
                .refuses(
                        "var r = q.leftJoin(t.runner); q.where(r.host.eq(\"here\"));",
                        "cannot find symbol",
                        "var r = q.leftJoin(t.runner); q.where(r.column(x -> x.host).eq(\"here\"));");
    }

    @Test
    void a_table_of_the_lambda_of_another_statement() {
        new Snippet("""
                        Select<Argument, Boolean> other = STATEMENTS.select("other", q -> {
                            var e = q.from(PipelineExecutions::new);
                            return row -> true;
                        });
                        Select<Argument, Boolean> select = STATEMENTS.select("select", q -> {
                            var t = q.from(TaskExecutions::new);
                            $LINE
                            return row -> true;
                        });""").refuses("q.where(e.priority.gt(0));", "e does not exist", "q.where(t.priority.gt(0));");
    }

    @Test
    void opening_a_table_outside_of_a_statement() {
        new Snippet("""
                        Select<Argument, Boolean> select = STATEMENTS.select("select", q -> {
                            $LINE
                            return row -> true;
                        });""")
                .refuses(
                        "var t = new TaskExecutions();",
                        "required: io.cloacina.schema.sql.Source",
                        "var t = q.from(TaskExecutions::new);");
    }

    @Test
    void making_a_place_for_a_table() {
        new Snippet("$LINE")
                .refuses(
                        "var t = new TaskExecutions(new Source(\"t\"));",
                        "not public",
                        "var t = Schema.define(TaskExecutions::new);");
    }

    @Test
    void a_parameter_of_the_wrong_type() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.id.eq(q.arg(Argument::name)));",
                        "Parameter<java.lang.String>",
                        "q.where(t.id.eq(q.arg(Argument::id)));");
    }

    @Test
    void a_whole_argument_of_the_wrong_type() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.id.eq(q.arg()));",
                        "Parameter<Written.Argument> cannot be converted",
                        "q.where(t.id.eq(q.arg(Argument::id)));");
    }

    @Test
    void running_a_statement_with_an_argument_of_another_type() {
        new Snippet("""
                        Select<UniversalUuid, Boolean> select = STATEMENTS.select("select", q -> {
                            var t = q.from(TaskExecutions::new);
                            q.where(t.id.eq(q.arg()));
                            return row -> true;
                        });
                        $LINE""")
                .refuses(
                        "reading.list(select, \"name\");",
                        "no suitable method found",
                        "reading.list(select, UniversalUuid.NIL);");
    }

    @Test
    void a_parameter_that_may_be_null_in_a_comparison() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.retryAt.gt(q.argOrNull(Argument::at)));",
                        "NullableParameter",
                        "q.where(t.retryAt.gt(q.arg(Argument::at)));");
    }

    @Test
    void reading_a_nullable_column_as_a_plain_value() {
        Snippet.inReader()
                .refuses("row.get(t.startedAt);", "no suitable method found for get", "row.orNull(t.startedAt);");
    }

    @Test
    void reading_a_plain_column_as_one_of_another_type() {
        Snippet.inReader()
                .refuses("String status = row.get(t.status);", "String", "TaskStatus status = row.get(t.status);");
    }

    @Test
    void reading_a_plain_column_of_an_outer_joined_table_as_a_plain_value() {
        Snippet.inReader()
                .refuses(
                        "row.get(runner.column(r -> r.host));",
                        "no suitable method found for get",
                        "row.orNull(runner, (present, r) -> present.get(r.host));");
    }

    @Test
    void asking_whether_a_plain_column_is_null() {
        Snippet.inSelect()
                .refuses("q.where(t.status.isNull());", "cannot find symbol", "q.where(t.startedAt.isNull());");
    }

    @Test
    void comparing_columns_of_different_types() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.startedAt.lt(t.attempt));",
                        "no suitable method found for lt",
                        "q.where(t.startedAt.lt(t.createdAt));");
    }

    @Test
    void comparing_a_column_with_a_literal_of_another_type() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.attempt.eq(1L));",
                        "no suitable method found for eq(long)",
                        "q.where(t.attempt.eq(1));");
    }

    @Test
    void comparing_an_enum_with_a_string() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.status.eq(\"Ready\"));",
                        "no suitable method found for eq(java.lang.String)",
                        "q.where(t.status.eq(TaskStatus.READY));");
    }

    @Test
    void listing_values_of_another_type() {
        Snippet.inSelect()
                .refuses(
                        "q.where(t.status.in(TaskStatus.READY, ExecutionStatus.RUNNING));",
                        "ExecutionStatus cannot be converted",
                        "q.where(t.status.in(TaskStatus.READY, TaskStatus.RUNNING));");
    }

    @Test
    void ordering_by_a_nullable_column_without_saying_where_nulls_go() {
        Snippet.inSelect()
                .refuses(
                        "q.orderBy(t.startedAt.asc());",
                        "method asc in class io.cloacina.schema.sql.NullableColumn<V> cannot be applied",
                        "q.orderBy(t.startedAt.asc(Nulls.LAST));");
    }

    @Test
    void setting_a_plain_column_to_a_parameter_that_may_be_null() {
        Snippet.inUpdate()
                .refuses(
                        "u.set(t.createdAt, u.argOrNull(Argument::at));",
                        "no suitable method found for set",
                        "u.set(t.retryAt, u.argOrNull(Argument::at));");
    }

    @Test
    void setting_a_plain_column_to_null() {
        Snippet.inUpdate().refuses("u.setNull(t.createdAt);", "cannot be converted to", "u.setNull(t.retryAt);");
    }

    @Test
    void setting_a_plain_column_to_a_nullable_one() {
        Snippet.inUpdate()
                .refuses(
                        "u.set(t.createdAt, t.retryAt);",
                        "no suitable method found for set",
                        "u.set(t.retryAt, t.createdAt);");
    }

    @Test
    void setting_a_column_to_a_value_of_another_type() {
        Snippet.inUpdate()
                .refuses(
                        "u.set(t.status, \"Ready\");",
                        "no suitable method found for set",
                        "u.set(t.status, TaskStatus.READY);");
    }

    @Test
    void inserting_a_parameter_that_may_be_null_into_a_plain_column() {
        new Snippet("""
                        Command<Argument> insert = STATEMENTS.insert("insert", i -> {
                            var t = i.into(TaskExecutions::new);
                            $LINE
                        });""")
                .refuses(
                        "i.set(t.createdAt, i.argOrNull(Argument::at));",
                        "no suitable method found for set",
                        "i.set(t.createdAt, i.arg(Argument::at));");
    }

    @Test
    void adding_to_a_text() {
        Snippet.inUpdate()
                .refuses(
                        "u.increment(t.taskName, \"1\");",
                        "no suitable method found for increment",
                        "u.increment(t.attempt, 1);");
    }

    @Test
    void adding_to_a_column_that_may_be_null() {
        Snippet.inUpdate()
                .refuses(
                        "u.increment(t.retryAt, 1);",
                        "no suitable method found for increment",
                        "u.increment(t.attempt, -1);");
    }

    @Test
    void running_a_command_in_a_read_transaction() {
        new Snippet("""
                        Command<Argument> update = null;
                        $LINE""").refuses("reading.run(update, null);", "cannot find symbol", "writing.run(update, null);");
    }

    @Test
    void running_a_change_that_returns_rows_in_a_read_transaction() {
        new Snippet("""
                        ChangeReturning<Argument, Boolean> change = null;
                        $LINE""")
                .refuses(
                        "reading.list(change, null);",
                        "no suitable method found for list",
                        "writing.list(change, null);");
    }

    @Test
    void claiming_in_a_read_transaction() {
        new Snippet("""
                        ChangeReturning<UniversalUuid, UniversalUuid> claim = STATEMENTS.updateReturning("claim", u -> {
                            var t = u.table(TaskExecutions::new);
                            u.set(t.claimedBy, u.arg());
                            u.claim(t.id, q -> q.from(TaskExecutions::new).id);
                            return row -> row.get(t.id);
                        });
                        $LINE""")
                .refuses(
                        "List<UniversalUuid> claimed = reading.list(claim, UniversalUuid.NIL);",
                        "no suitable method found for list",
                        "List<UniversalUuid> claimed = writing.list(claim, UniversalUuid.NIL);");
    }

    @Test
    void claiming_in_a_select() {
        new Snippet("""
                        ChangeReturning<Argument, Boolean> claim = STATEMENTS.$LINE("claim", u -> {
                            return row -> true;
                        });""").refuses("select", "incompatible types", "updateReturning");
    }

    @Test
    void comparing_rows_of_two_types_of_key() {
        Snippet.inSelect()
                .refuses(
                        "q.keyset(t.createdAt.asc().after(q.arg(Argument::id)));",
                        "lower bounds: io.cloacina.schema.type.UniversalUuid",
                        "q.keyset(t.createdAt.asc().after(q.arg(Argument::at)));");
    }
}
