package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.payloadText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.BulkOperationState;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code bulk_operations}. */
public class BulkOperations extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<BulkActionKind> action = column("action", enumText(BulkActionKind.class));
    public final NullableColumn<String> details = nullable("details", payloadJson("bulk_operations.details"))
            .describedAs("The parameters of the action: the reason of a pause, the task to restart from; NULL without"
                    + " parameters.");
    public final Column<String> query = column("query", JSON).describedAs("The conditions that the executions match.");
    public final Column<BulkOperationState> state = column("state", enumText(BulkOperationState.class));
    public final Column<UniversalUuid> cursorId = column("cursor_id", UUID)
            .describedAs("The operation processes the executions from the newest to the oldest; the ids below this one"
                    + " remain to be processed.");
    public final Column<Integer> expected = column("expected", INTEGER)
            .describedAs("The number of executions that matched when the operation started, counted up to a bound.");
    public final Column<UniversalBool> expectedMore = column("expected_more", BOOL);
    public final Column<Integer> executionsDone = column("executions_done", INTEGER);
    public final Column<Integer> executionsSkipped = column("executions_skipped", INTEGER)
            .describedAs("The number of executions whose state did not allow the action.");
    public final Column<Integer> executionsFailed = column("executions_failed", INTEGER);
    public final Column<Integer> childrenPassed = column("children_passed", INTEGER)
            .describedAs("The number of children, which the operation does not change: it changes their parents.");
    public final NullableColumn<String> firstSkipped =
            nullable("first_skipped", payloadText("bulk_operations.first_skipped"));
    public final NullableColumn<String> firstFailed =
            nullable("first_failed", payloadText("bulk_operations.first_failed"));
    public final NullableColumn<String> requestedBy = nullable("requested_by", text(200))
            .describedAs("The user who requested the operation, as given by the caller.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> endedAt = nullable("ended_at", TIMESTAMP);
    public final NullableColumn<String> idempotencyKey = nullable("idempotency_key", text(200));

    {
        unique(idempotencyKey)
                .where(idempotencyKey.isNotNull())
                .describedAs("A key starts one operation; operations without a key are not indexed.");
        index("running", id)
                .where(state.eq(BulkOperationState.RUNNING))
                .describedAs("The running operations; ended ones are not indexed.");
    }

    /** Opened by a statement or by the schema. */
    public BulkOperations(Source source) {
        super(
                "bulk_operations",
                "Bulk operations: one action on all executions that a search finds, and its progress.",
                source);
    }
}
