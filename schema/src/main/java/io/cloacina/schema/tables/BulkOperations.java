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
            .describedAs("How it is done: the reason of a pause, the task to restart from; NULL for nothing special.");
    public final Column<String> query = column("query", JSON).describedAs("What executions must fulfil.");
    public final Column<BulkOperationState> state = column("state", enumText(BulkOperationState.class));
    public final Column<UniversalUuid> cursorId = column("cursor_id", UUID)
            .describedAs("It goes from young to old executions: those before this id are still to be reached. It begins"
                    + " behind the youngest one there is.");
    public final Column<Integer> expected =
            column("expected", INTEGER).describedAs("How many matched when it began, counted up to a bound.");
    public final Column<UniversalBool> expectedMore = column("expected_more", BOOL);
    public final Column<Integer> executionsDone = column("executions_done", INTEGER);
    public final Column<Integer> executionsSkipped = column("executions_skipped", INTEGER)
            .describedAs("Those whose state did not allow it when they were reached.");
    public final Column<Integer> executionsFailed = column("executions_failed", INTEGER);
    public final Column<Integer> childrenPassed = column("children_passed", INTEGER)
            .describedAs("Children match with their parents, and are not touched beside them.");
    public final NullableColumn<String> firstSkipped =
            nullable("first_skipped", payloadText("bulk_operations.first_skipped"));
    public final NullableColumn<String> firstFailed =
            nullable("first_failed", payloadText("bulk_operations.first_failed"));
    public final NullableColumn<String> requestedBy =
            nullable("requested_by", text(200)).describedAs("Who asked for it, as they said.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> endedAt = nullable("ended_at", TIMESTAMP);
    public final NullableColumn<String> idempotencyKey = nullable("idempotency_key", text(200));

    {
        unique(idempotencyKey)
                .where(idempotencyKey.isNotNull())
                .describedAs("A key starts one operation; those without one are left out.");
        index("running", id)
                .where(state.eq(BulkOperationState.RUNNING))
                .describedAs("What is still to be done; operations that have ended are left out.");
    }

    /** Opened by a statement or by the schema. */
    public BulkOperations(Source source) {
        super("bulk_operations", "What is done to all executions that a search finds, and how far it is.", source);
    }
}
