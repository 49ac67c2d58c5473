package io.cloacina.examples.warehouse;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code order_lines}. */
public final class OrderLines extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> orderId = column("order_id", UUID);
    public final Column<UniversalUuid> productId = column("product_id", UUID);
    public final Column<Integer> quantity = column("quantity", INTEGER);

    public final ForeignKey<Orders> order =
            references(orderId, Orders::new, orders -> orders.id).onDelete(OnDelete.CASCADE);
    public final ForeignKey<Products> product = references(productId, Products::new, products -> products.id);

    {
        unique(orderId, productId);
        index("product", productId);
        check("quantity", quantity.ge(1));
    }

    /** Opened by a statement or by the schema. */
    public OrderLines(Source source) {
        super("order_lines", "How much of which product an order is for.", source);
    }
}
