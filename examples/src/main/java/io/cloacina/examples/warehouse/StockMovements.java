package io.cloacina.examples.warehouse;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code stock_movements}. */
public final class StockMovements extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> productId = column("product_id", UUID);
    public final NullableColumn<UniversalUuid> orderId =
            nullable("order_id", UUID).describedAs("NULL when the goods came in.");
    public final Column<Integer> change = column("change", INTEGER);
    public final Column<UniversalTimestamp> bookedAt = column("booked_at", TIMESTAMP);

    public final ForeignKey<Products> product = references(productId, Products::new, products -> products.id);
    public final ForeignKey<Orders> order = references(orderId, Orders::new, orders -> orders.id);

    {
        unique(productId, orderId);
        index("order", orderId).where(orderId.isNotNull());
        check("change", change.ne(0));
    }

    /** Opened by a statement or by the schema. */
    public StockMovements(Source source) {
        super("stock_movements", "The ledger: what came in and went out; nothing is ever changed here.", source);
    }
}
