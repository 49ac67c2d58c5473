package io.cloacina.engine.internal.store;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** The statements over the data of executions: the input, and what each task wrote. */
public final class ContextStore {
    public static final Statements STATEMENTS = new Statements("contexts");

    public record NewContext(UniversalUuid id, String json, UniversalTimestamp at) {}

    public static final Command<NewContext> INSERT = STATEMENTS.insert("insert", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(NewContext::id));
        i.set(c.value, i.arg(NewContext::json));
        i.set(c.createdAt, i.arg(NewContext::at));
        i.set(c.updatedAt, i.arg(NewContext::at));
    });

    public record NewOutput(UniversalUuid id, Claim claim, UniversalUuid context, UniversalTimestamp at) {}

    public static final Command<NewOutput> INSERT_OUTPUT = STATEMENTS.insert("insert-output", i -> {
        var m = i.into(TaskExecutionMetadata::new);
        i.set(m.id, i.arg(NewOutput::id));
        i.set(m.taskExecutionId, i.arg(output -> output.claim().task()));
        i.set(m.pipelineExecutionId, i.arg(output -> output.claim().execution()));
        i.set(m.taskName, i.arg(output -> output.claim().taskName()));
        i.set(m.contextId, i.arg(NewOutput::context));
        i.set(m.createdAt, i.arg(NewOutput::at));
        i.set(m.updatedAt, i.arg(NewOutput::at));
    });

    /** An execution, and names of its tasks as a JSON array. */
    public record Writers(UniversalUuid execution, String names) {}

    /** What one task wrote, or the input, which has an empty name. */
    public record Patch(String taskName, String json) {}

    private static final String INPUT_AND_PATCHES = """
        SELECT '' AS task_name, c.value FROM pipeline_executions e JOIN contexts c ON c.id = e.context_id
        WHERE e.id = ?
        UNION ALL
        SELECT m.task_name, c.value FROM task_execution_metadata m JOIN contexts c ON c.id = m.context_id
        WHERE m.pipeline_execution_id = ?\
        """;

    /**
     * The input and what some tasks wrote, in any order. It is one statement and so one snapshot, and what finished
     * tasks wrote never changes.
     */
    public static final Select<Writers, Patch> WRITTEN_BY = STATEMENTS.nativeSelect(
            "written-by",
            INPUT_AND_PATCHES + " AND m.task_name IN (SELECT value FROM json_each(?))",
            INPUT_AND_PATCHES
                    + " AND m.task_name = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST(CAST(? AS text) AS"
                    + " jsonb))))",
            q -> {
                q.bind(DataType.UUID, Writers::execution);
                q.bind(DataType.UUID, Writers::execution);
                q.bind(DataType.TEXT, Writers::names);
                var name = q.column(DataType.TEXT);
                var value = q.column(Contexts.VALUE);
                return row -> new Patch(row.get(name), row.get(value));
            });

    /** What the tasks of an execution wrote so far, in the order of the definition, without the runs for elements. */
    public static final Select<UniversalUuid, Patch> WRITTEN = STATEMENTS.select("written", q -> {
        var m = q.from(TaskExecutionMetadata::new);
        var t = q.join(m.task);
        var c = q.join(m.context);
        q.where(m.pipelineExecutionId.eq(q.arg()), t.parentTaskId.isNull());
        q.orderBy(t.id.asc());
        return row -> new Patch(row.get(m.taskName), row.get(c.value));
    });

    public static final Select<UniversalUuid, String> INPUT_OF = STATEMENTS.select("input-of", q -> {
        var e = q.from(PipelineExecutions::new);
        var c = q.join(e.context);
        q.where(e.id.eq(q.arg()));
        return row -> row.get(c.value);
    });

    /** A stored input. */
    public record Input(UniversalUuid id, String json) {}

    /** Inputs by their ids, a JSON array of 32 hexadecimal digits each: one statement for all claimed executions. */
    public static final Select<String, Input> INPUTS = STATEMENTS.nativeSelect(
            "inputs",
            "SELECT id, value FROM contexts WHERE id IN (SELECT unhex(value) FROM json_each(?))",
            "SELECT id, value FROM contexts WHERE id = ANY (ARRAY("
                    + "SELECT CAST(jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb)) AS uuid)))",
            q -> {
                q.bind(DataType.TEXT, ids -> ids);
                var id = q.column(DataType.UUID);
                var value = q.column(Contexts.VALUE);
                return row -> new Input(row.get(id), row.get(value));
            });

    private ContextStore() {}
}
