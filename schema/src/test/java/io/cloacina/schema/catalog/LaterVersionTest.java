package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CatchUpPolicy;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Backfill;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;

class LaterVersionTest {
    private static final Schema SCHEMA = Schema.of(SchemaMigrations::new, Owners::new, Notes::new);

    private static final Migration V1 = Migration.version(
            1, "first", Step.create(SchemaMigrations::new), Step.create(Owners::new), Step.create(Notes::new));
    /** Only adds columns that may be NULL, which SQLite does in place. */
    private static final Migration V2 = Migration.version(2, "owners", Step.alter(Notes::new));
    /** A new value of a closed set and a NOT NULL column: on SQLite the table is rebuilt. */
    private static final Migration V3 = Migration.version(
            3, "urgent", Step.alter(Notes::new, notes -> Backfill.constant(notes.urgent, UniversalBool.FALSE)));

    private static final Migrations ALL = Migrations.of(SchemaMigrations.NAME, V1, V2, V3);

    @DatabaseTest
    void a_database_brought_forward_is_as_one_made_from_the_definition(TestDatabase test) {
        Database database = test.open();

        migrate(database, 1);
        assertThat(SchemaCheck.differences(database, SCHEMA, ALL))
                .extracting(Difference::toString)
                .startsWith("schema version 2 ('owners') is not applied", "schema version 3 ('urgent') is not applied")
                .contains("column notes.owner_id is missing", "index notes_owner_idx of table notes is missing");
        migrate(database, 2);
        migrate(database, 3);

        assertThat(SchemaCheck.differences(database, SCHEMA, ALL)).isEmpty();
    }

    private static void migrate(Database database, int version) {
        new Migrator(database, ALL.upTo(version), Clock.systemUTC()).migrate();
    }

    static class Owners extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);

        Owners(Source source) {
            super("owners", source);
        }
    }

    static class Notes extends Table {
        final Column<UniversalUuid> id = primaryKey("id", DataType.UUID);
        final Column<CatchUpPolicy> policy =
                column("policy", DataType.enumText(CatchUpPolicy.class)).valuesAddedIn(3, CatchUpPolicy.RUN_ALL);
        final NullableColumn<UniversalUuid> ownerId =
                nullable("owner_id", DataType.UUID).addedIn(2);
        final NullableColumn<String> title =
                nullable("title", DataType.text(20)).addedIn(2);
        final Column<UniversalBool> urgent = column("urgent", DataType.BOOL).addedIn(3);

        {
            references(ownerId, Owners::new, owner -> owner.id).onDelete(OnDelete.SET_NULL);
            index("owner", ownerId).where(ownerId.isNotNull()).addedIn(2);
            index("urgent", id).where(urgent.eq(UniversalBool.TRUE)).addedIn(3);
            check("kind", policy.ne(CatchUpPolicy.SKIP)).removedIn(3);
        }

        Notes(Source source) {
            super("notes", source);
        }
    }
}
