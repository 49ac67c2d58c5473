package io.cloacina.engine.internal.store;

import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.ExecutionLabels;
import io.cloacina.schema.type.UniversalUuid;

/** The statements over labels. */
public final class LabelStore {
    public static final Statements STATEMENTS = new Statements("labels");

    public record Label(UniversalUuid execution, String name, String value) {}

    public static final Command<Label> INSERT = STATEMENTS.insert("insert", i -> {
        var l = i.into(ExecutionLabels::new);
        i.set(l.id, i.arg(label -> UniversalUuid.v7()));
        i.set(l.pipelineExecutionId, i.arg(Label::execution));
        i.set(l.labelName, i.arg(Label::name));
        i.set(l.labelValue, i.arg(Label::value));
    });

    /** The labels of an execution, by name. */
    public static final Select<UniversalUuid, Label> OF = STATEMENTS.select("of", q -> {
        var l = q.from(ExecutionLabels::new);
        q.where(l.pipelineExecutionId.eq(q.arg()));
        q.orderBy(l.labelName.asc());
        return row -> new Label(row.get(l.pipelineExecutionId), row.get(l.labelName), row.get(l.labelValue));
    });

    private LabelStore() {}
}
