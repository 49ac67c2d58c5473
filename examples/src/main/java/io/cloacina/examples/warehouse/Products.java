package io.cloacina.examples.warehouse;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code products}. */
public final class Products extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> sku = column("sku", text(40));
    public final Column<Integer> onHand = column("on_hand", INTEGER);

    {
        unique(sku);
        check("on_hand", onHand.ge(0));
    }

    /** Opened by a statement or by the schema. */
    public Products(Source source) {
        super("products", "What can be ordered, and how much of it is in stock.", source);
    }
}
