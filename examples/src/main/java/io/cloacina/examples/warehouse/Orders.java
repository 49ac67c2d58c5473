package io.cloacina.examples.warehouse;

import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code orders}. */
public final class Orders extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> number = column("number", text(20));
    public final Column<OrderStatus> status = column("status", enumText(OrderStatus.class));
    public final Column<UniversalTimestamp> placedAt = column("placed_at", TIMESTAMP);
    public final NullableColumn<String> note = nullable("note", text(200)).addedIn(2);
    public final Column<UniversalBool> express = column("express", BOOL).addedIn(2);

    {
        unique(number);
        index("open", placedAt).where(status.eq(OrderStatus.PLACED));
    }

    /** Opened by a statement or by the schema. */
    public Orders(Source source) {
        super("orders", "What customers have ordered.", source);
    }
}
