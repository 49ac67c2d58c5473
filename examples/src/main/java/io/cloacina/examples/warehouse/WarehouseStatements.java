package io.cloacina.examples.warehouse;

import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements of the application: written once, composed for SQLite or PostgreSQL when a database is opened. */
final class WarehouseStatements {
    static final Statements ALL = new Statements("warehouse");

    record Product(UniversalUuid id, String sku, int onHand) {}

    record NewOrder(
            UniversalUuid id,
            String number,
            UniversalTimestamp placedAt,
            @Nullable String note,
            boolean express) {}

    record Line(UniversalUuid order, UniversalUuid product, int quantity) {}

    record Movement(UniversalUuid product, @Nullable UniversalUuid order, int change, UniversalTimestamp at) {}

    record Decision(UniversalUuid order, OrderStatus status) {}

    record OrderLine(String number, String sku, int quantity) {}

    static final Command<Product> ADD_PRODUCT = ALL.insert("add-product", i -> {
        var product = i.into(Products::new);
        i.set(product.id, i.arg(Product::id));
        i.set(product.sku, i.arg(Product::sku));
        i.set(product.onHand, i.arg(Product::onHand));
    });

    static final Select<String, Product> PRODUCT = ALL.select("product", q -> {
        var product = q.from(Products::new);
        q.where(product.sku.eq(q.arg()));
        return row -> new Product(row.get(product.id), row.get(product.sku), row.get(product.onHand));
    });

    static final Command<NewOrder> PLACE = ALL.insert("place", i -> {
        var order = i.into(Orders::new);
        i.set(order.id, i.arg(NewOrder::id));
        i.set(order.number, i.arg(NewOrder::number));
        i.set(order.status, OrderStatus.PLACED);
        i.set(order.placedAt, i.arg(NewOrder::placedAt));
        i.set(order.note, i.argOrNull(NewOrder::note));
        i.set(order.express, i.arg(placed -> UniversalBool.of(placed.express())));
    });

    static final Command<Line> ADD_LINE = ALL.insert("add-line", i -> {
        var line = i.into(OrderLines::new);
        i.set(line.id, i.arg(added -> UniversalUuid.v7()));
        i.set(line.orderId, i.arg(Line::order));
        i.set(line.productId, i.arg(Line::product));
        i.set(line.quantity, i.arg(Line::quantity));
    });

    static final Select<String, Line> LINES_OF = ALL.select("lines-of", q -> {
        var line = q.from(OrderLines::new);
        var order = q.join(line.order);
        q.where(order.number.eq(q.arg()));
        q.orderBy(line.productId.asc());
        return row -> new Line(row.get(line.orderId), row.get(line.productId), row.get(line.quantity));
    });

    /** Takes goods out of the stock if they are there; changes no row otherwise. */
    static final Command<Line> TAKE = ALL.update("take", u -> {
        var product = u.table(Products::new);
        u.increment(product.onHand, u.arg(line -> -line.quantity()));
        u.where(product.id.eq(u.arg(Line::product)), product.onHand.ge(u.arg(Line::quantity)));
    });

    static final Command<Movement> RECORD = ALL.insert("record", i -> {
        var movement = i.into(StockMovements::new);
        i.set(movement.id, i.arg(recorded -> UniversalUuid.v7()));
        i.set(movement.productId, i.arg(Movement::product));
        i.set(movement.orderId, i.argOrNull(Movement::order));
        i.set(movement.change, i.arg(Movement::change));
        i.set(movement.bookedAt, i.arg(Movement::at));
    });

    /** Decides an order that is not decided yet: the number of changed rows says whether it was this one. */
    static final Command<Decision> DECIDE = ALL.update("decide", u -> {
        var order = u.table(Orders::new);
        u.set(order.status, u.arg(Decision::status));
        u.where(order.id.eq(u.arg(Decision::order)), order.status.eq(OrderStatus.PLACED));
    });

    static final Select<NoArgument, String> OPEN = ALL.select("open", q -> {
        var order = q.from(Orders::new);
        q.where(order.status.eq(OrderStatus.PLACED));
        q.orderBy(order.placedAt.asc(), order.number.asc());
        return row -> row.get(order.number);
    });

    static final Select<NoArgument, Long> ORDERS = ALL.select("orders", q -> {
        q.from(Orders::new);
        var count = q.count();
        return row -> row.get(count);
    });

    static final Select<OrderStatus, OrderLine> LINES_IN = ALL.select("lines-in", q -> {
        var line = q.from(OrderLines::new);
        var order = q.join(line.order);
        var product = q.join(line.product);
        q.where(order.status.eq(q.arg()));
        q.orderBy(order.number.asc(), product.sku.asc());
        return row -> new OrderLine(row.get(order.number), row.get(product.sku), row.get(line.quantity));
    });

    /** A sum is not one of the clauses of the typed statements: both texts are given. */
    static final Select<NoArgument, String> WRONG_STOCK = ALL.nativeSelect(
            "wrong-stock",
            "SELECT p.sku FROM products p WHERE p.on_hand <> (SELECT coalesce(sum(m.change), 0) FROM stock_movements m"
                    + " WHERE m.product_id = p.id)",
            "SELECT p.sku FROM products p WHERE p.on_hand <> (SELECT coalesce(sum(m.change), 0) FROM stock_movements m"
                    + " WHERE m.product_id = p.id)",
            q -> {
                var sku = q.column(DataType.TEXT);
                return row -> row.get(sku);
            });

    private WarehouseStatements() {}
}
