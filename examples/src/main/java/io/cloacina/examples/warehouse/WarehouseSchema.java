package io.cloacina.examples.warehouse;

import io.cloacina.schema.migration.Backfill;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.UniversalBool;

/** The tables of the application, and the versions in which they came to be. */
public final class WarehouseSchema {
    /** All tables, a referred one before those that refer to it. */
    public static final Schema SCHEMA = Schema.of(Products::new, Orders::new, OrderLines::new, StockMovements::new);

    /** All versions; a database records in {@code warehouse_migrations} which of them it has. */
    public static final Migrations MIGRATIONS = Migrations.of(
            "warehouse_migrations",
            Migration.version(
                    1,
                    "orders and stock",
                    Step.create(Products::new),
                    Step.create(Orders::new),
                    Step.create(OrderLines::new),
                    Step.create(StockMovements::new)),
            Migration.version(
                    2,
                    "notes and express orders",
                    Step.alter(Orders::new, orders -> Backfill.constant(orders.express, UniversalBool.FALSE))));

    private WarehouseSchema() {}
}
