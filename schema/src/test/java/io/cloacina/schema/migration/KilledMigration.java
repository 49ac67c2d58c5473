package io.cloacina.schema.migration;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.tables.SchemaMigrations;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A process that ends without a word when all statements of a version have run and it is about to be recorded. */
final class KilledMigration {
    static final int EXIT_CODE = 42;

    private KilledMigration() {}

    public static void main(String[] arguments) {
        try (Database database = Database.open(arguments[0])) {
            Migrations migrations = Migrations.of(SchemaMigrations.NAME, SecondVersion.V1, SecondVersion.V2);
            new Migrator(database, migrations, new KillingClock()).migrate();
        }
    }

    private static final class KillingClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            Runtime.getRuntime().halt(EXIT_CODE);
            throw new IllegalStateException("halted");
        }
    }
}
