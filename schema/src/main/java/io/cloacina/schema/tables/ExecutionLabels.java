package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code execution_labels}. */
public class ExecutionLabels extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final Column<String> labelName = column("label_name", text(60));
    public final Column<String> labelValue = column("label_value", text(200));

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        unique(pipelineExecutionId, labelName);
        index("value", labelName, labelValue, pipelineExecutionId)
                .describedAs("The executions that have a label, in the order of their age.");
    }

    /** Opened by a statement or by the schema. */
    public ExecutionLabels(Source source) {
        super(
                "execution_labels",
                "Labels of executions: texts of the submission by which searches find executions.",
                source);
    }
}
