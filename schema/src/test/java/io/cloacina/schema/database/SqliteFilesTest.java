package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.sqlite.SQLiteDataSource;

/** The files of a SQLite database while it is open. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there nobody can move a file that is open")
class SqliteFilesTest {
    private static final int LIMIT = 64 << 20;

    private final TestDatabase test = TestDatabase.create(Backend.SQLITE);
    private final Path file = Path.of(test.url().substring("sqlite:".length()));
    private final Path log = Path.of(file + "-wal");

    @AfterEach
    void remove() {
        test.close();
    }

    private Database opened() {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_PARENT, Parent.of("before")));
        return database;
    }

    private static void assertRefused(Database database, Path path, String what) {
        assertThatThrownBy(() -> database.write(t -> OpeningTest.answer(t, "SELECT 1")))
                .satisfies(TransactionTest.is(ErrorKind.DAMAGED))
                .hasMessageContaining(path + what)
                .hasMessageContaining("Restore the original file, or restart this process");
    }

    @Test
    void nothing_is_committed_into_a_file_that_was_deleted_and_none_is_made_in_its_place() throws IOException {
        Database database = opened();
        Files.delete(file);

        assertRefused(database, file, " was deleted or moved");
        assertThatThrownBy(() -> database.list(COUNT_PARENTS)).satisfies(TransactionTest.is(ErrorKind.DAMAGED));
        assertThatThrownBy(() -> database.read(t -> t.list(COUNT_PARENTS)))
                .satisfies(TransactionTest.is(ErrorKind.DAMAGED));
        assertThat(file).doesNotExist();
    }

    @Test
    void a_file_that_is_deleted_inside_a_transaction_is_noticed_by_its_commit() {
        Database database = opened();

        assertThatThrownBy(() -> database.write(t -> {
                    t.run(INSERT_PARENT, Parent.of("lost"));
                    delete(file);
                    return "commits";
                }))
                .satisfies(TransactionTest.is(ErrorKind.DAMAGED));
    }

    @Test
    void nothing_is_committed_into_a_file_that_was_replaced_and_the_log_of_the_other_one_stays() throws IOException {
        Database database = opened();
        Path other = file.resolveSibling("other.db");
        try (Database made = Database.open("sqlite:" + other, SCHEMA, STATEMENTS)) {
            made.write(t -> OpeningTest.answer(t, "SELECT 1"));
        }
        Files.move(file, file.resolveSibling("aside.db"));
        Files.move(other, file);
        Files.delete(log);
        Files.writeString(log, "of the other one");

        assertRefused(database, file, " was replaced by another file");
        database.close();

        assertThat(log).hasContent("of the other one");
    }

    @Test
    void nothing_is_committed_into_a_log_that_was_deleted() throws IOException {
        Database database = opened();
        Files.delete(log);

        assertRefused(database, log, " was deleted or moved");
    }

    @Test
    void a_folder_that_is_moved_takes_the_file_with_it() throws IOException {
        Path folder = Files.createDirectory(file.resolveSibling("folder"));
        try (Database database = Database.open("sqlite:" + folder.resolve("app.db"))) {
            database.write(t -> OpeningTest.answer(t, "SELECT 1"));
            Files.move(folder, folder.resolveSibling("elsewhere"));

            assertRefused(database, folder.resolve("app.db"), " was deleted or moved");
            Files.move(folder.resolveSibling("elsewhere"), folder);
        }
    }

    @Test
    void a_link_that_leads_elsewhere_is_noticed() throws IOException {
        Path link = file.resolveSibling("link.db");
        Files.createSymbolicLink(link, file.resolveSibling("one.db"));
        try (Database database = Database.open("sqlite:" + link)) {
            database.write(t -> OpeningTest.answer(t, "SELECT 1"));
            Files.delete(link);
            Files.createSymbolicLink(link, Files.createFile(file.resolveSibling("two.db")));

            assertRefused(database, link, " was replaced by another file");
        }
    }

    @Test
    void a_file_that_is_put_back_is_written_again() throws IOException {
        Database database = opened();
        Path aside = file.resolveSibling("aside.db");
        Files.move(file, aside);
        assertRefused(database, file, " was deleted or moved");

        Files.move(aside, file);

        database.write(t -> t.run(INSERT_PARENT, Parent.of("after")));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @Test
    void a_file_of_a_data_source_is_watched_too() throws IOException {
        opened();
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (Database database = Database.open(source, SCHEMA, STATEMENTS)) {
            database.write(t -> t.run(INSERT_PARENT, Parent.of("before too")));
            Files.delete(file);

            assertRefused(database, file, " was deleted or moved");
        }
    }

    @Test
    void a_transaction_of_the_application_on_another_file_of_that_name_is_not_joined() throws Exception {
        Database database = opened();
        Files.move(file, file.resolveSibling("aside.db"));
        try (Connection own = test.jdbc()) {
            own.setAutoCommit(false);
            assertThatThrownBy(() -> database.join(own, t -> t.run(INSERT_PARENT, Parent.of("lost"))))
                    .satisfies(TransactionTest.is(ErrorKind.DAMAGED));
        }
    }

    @Test
    void the_log_is_small_again_when_a_long_reader_has_ended() throws Exception {
        Database database = opened();
        try (Connection reader = test.jdbc();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM sample_parents").close();
            database.<Boolean>alter(t -> {
                ErrorKindsTest.sql(t, "CREATE TABLE large (bytes BLOB)");
                return true;
            });
            while (Files.size(log) < LIMIT + (8 << 20)) {
                database.<Boolean>write(t -> {
                    ErrorKindsTest.sql(t, "INSERT INTO large VALUES (zeroblob(4000000))");
                    return true;
                });
            }
            reader.commit();
        }

        // The first one moves the log into the database, the next one begins it anew.
        for (String code : List.of("one", "two", "three")) {
            database.write(t -> t.run(INSERT_PARENT, Parent.of(code)));
        }

        assertThat(Files.size(log)).isLessThanOrEqualTo(LIMIT);
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
