package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class AlterationTest {
    private static final SampleRows.Output ORPHAN =
            new SampleRows.Output(UniversalUuid.v7(), UniversalUuid.v7(), "none", null);

    private static void requireForeignKeys(Database database) {
        assertThatThrownBy(() -> database.write(transaction -> transaction.run(SampleRows.OUTPUT, ORPHAN)))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.FOREIGN_KEY));
    }

    @Test
    void foreign_keys_of_sqlite_hold_after_a_change_of_the_schema_that_could_not_begin() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            test.migrated();
            try (Database database = Database.open(test.url() + "?busy_timeout=1");
                    Connection other = test.jdbc();
                    Statement lock = other.createStatement()) {
                lock.execute("BEGIN IMMEDIATE");
                assertThatThrownBy(() -> database.alter(transaction -> true))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
                lock.execute("ROLLBACK");
                requireForeignKeys(database);
            }
        }
    }

    @Test
    void a_change_of_the_schema_of_sqlite_that_breaks_a_reference_is_refused_and_foreign_keys_hold_again() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.migrated();
            assertThatThrownBy(() -> database.alter(transaction -> transaction.run(SampleRows.OUTPUT, ORPHAN)))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.FOREIGN_KEY))
                    .hasMessageContaining("refer to rows of");
            requireForeignKeys(database);
        }
    }
}
