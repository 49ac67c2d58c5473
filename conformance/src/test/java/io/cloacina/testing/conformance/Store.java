package io.cloacina.testing.conformance;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.type.UniversalUuid;

/** The tables of an application: what is in stock, and what was booked. */
final class Store {
    static final Schema SCHEMA = Schema.of(Items::new, Bookings::new);

    static final Migrations MIGRATIONS = Migrations.of(
            "store_migrations",
            Migration.version(1, "items and bookings", Step.create(Items::new), Step.create(Bookings::new)));

    static final Statements STATEMENTS = new Statements("store");

    static final Command<Item> ADD = STATEMENTS.insert("add", i -> {
        var item = i.into(Items::new);
        i.set(item.name, i.arg(Item::name));
        i.set(item.onHand, i.arg(Item::onHand));
    });

    static final Command<Booking> TAKE = STATEMENTS.update("take", u -> {
        var item = u.table(Items::new);
        u.increment(item.onHand, u.arg(booking -> -booking.amount()));
        u.where(item.name.eq(u.arg(Booking::item)), item.onHand.ge(u.arg(Booking::amount)));
    });

    static final Command<Booking> BOOK = STATEMENTS.insert("book", i -> {
        var booking = i.into(Bookings::new);
        i.set(booking.id, i.arg(Booking::id));
        i.set(booking.item, i.arg(Booking::item));
        i.set(booking.amount, i.arg(Booking::amount));
    });

    static final Select<String, Integer> ON_HAND = STATEMENTS.select("on-hand", q -> {
        var item = q.from(Items::new);
        q.where(item.name.eq(q.arg()));
        return row -> row.get(item.onHand);
    });

    static final Select<NoArgument, String> BOOKED = STATEMENTS.select("booked", q -> {
        var booking = q.from(Bookings::new);
        var item = q.join(booking.ofItem);
        q.orderBy(item.name.asc(), booking.amount.asc());
        return row -> row.get(item.name) + " " + row.get(booking.amount);
    });

    /** A table of the application beside one of the engine. */
    static final Select<NoArgument, String> BOOKED_BY = STATEMENTS.select("booked-by", q -> {
        var booking = q.from(Bookings::new);
        var execution = q.crossJoin(PipelineExecutions::new);
        q.where(execution.id.eq(booking.id));
        return row -> row.get(execution.pipelineName) + " " + row.get(booking.amount);
    });

    private Store() {}

    record Item(String name, int onHand) {}

    record Booking(UniversalUuid id, String item, int amount) {
        static Booking of(String item, int amount) {
            return new Booking(UniversalUuid.v7(), item, amount);
        }
    }

    static final class Items extends Table {
        final Column<String> name = primaryKey("name", text(40));
        final Column<Integer> onHand = column("on_hand", INTEGER);

        {
            check("on_hand", onHand.ge(0));
        }

        Items(Source source) {
            super("items", source);
        }
    }

    static final class Bookings extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<String> item = column("item", text(40));
        final Column<Integer> amount = column("amount", INTEGER);

        final ForeignKey<Items> ofItem = references(item, Items::new, items -> items.name);

        {
            unique(item, amount);
        }

        Bookings(Source source) {
            super("bookings", source);
        }
    }
}
