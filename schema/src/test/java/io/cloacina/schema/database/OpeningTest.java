package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.StatementException;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SharedPostgres;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpeningTest {
    @TempDir
    private Path folder;

    /** Such as a URL from an environment that does not have it, or a constant that is initialized later. */
    @Test
    @SuppressWarnings("NullAway") // which is refused
    void what_is_null_is_named() {
        assertNull("the URL of the database", () -> Database.open((String) null));
        assertNull("the URL of the database", () -> Database.open((String) null, SampleSchema.SCHEMA));
        assertNull("the data source", () -> Database.open((DataSource) null));
        assertNull("the schema", () -> Database.open("sqlite::memory:", (Schema) null));
        try (Database database = Database.open("sqlite::memory:", SampleSchema.SCHEMA)) {
            assertNull("the migrations", () -> Migrator.migrate(database, null));
        }
    }

    private static void assertNull(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_ARGUMENT"))
                .hasMessage(what + " must not be null");
    }

    @Test
    void a_missing_folder_is_named() {
        refused("sqlite:" + folder.resolve("missing/app.db"), ErrorKind.CONNECTION, "its folder does not exist");
    }

    @Test
    void a_folder_is_no_database() {
        refused("sqlite:" + folder, ErrorKind.CONNECTION, "it is a folder");
    }

    @Test
    void a_read_only_file_is_refused_also_for_an_administrator() throws IOException {
        Path file = Files.createFile(folder.resolve("app.db"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        refused("sqlite:" + file, ErrorKind.READ_ONLY, "the file is read-only");
    }

    @Test
    void a_file_that_is_no_database_is_damaged_and_stays_as_it_is() throws IOException {
        Path file = folder.resolve("app.db");
        Files.writeString(file, "This is not a database. ".repeat(100));

        refused("sqlite:" + file, ErrorKind.DAMAGED, "is not a database or is damaged");

        assertThat(file).hasContent("This is not a database. ".repeat(100));
    }

    @Test
    void a_device_is_no_database() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "skipped: there is no /dev/null here");
        refused("sqlite:" + device, ErrorKind.CONNECTION, "it is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b#c&d=e%41+.db", "mode=memory.db", "x~.db", "app", "app.db;x", "'app'.db"})
    void a_file_has_the_name_that_the_url_says(String name) {
        try (Database database = Database.open("sqlite:" + folder.resolve(name))) {
            database.write(t -> answer(t, "SELECT 1"));
            assertThat(folder.resolve(name)).exists();
        }
        assertThat(folder).isDirectoryContaining(path -> path.endsWith(name));
    }

    @Test
    void a_host_that_is_not_known_is_named() {
        refused("postgresql://me:hunter2@no_such.invalid/app", ErrorKind.CONNECTION, "no host named no_such.invalid");
    }

    @Test
    void settings_that_the_driver_cannot_read_are_refused_without_passwords() {
        refused(
                SharedPostgres.url("postgres") + "?service=no_such_service&sslpassword=hunter2&password=hunter2",
                ErrorKind.URL,
                "service=no_such_service");
    }

    @Test
    void an_impossible_file_name_is_refused() {
        refused("sqlite:a\0b.db", ErrorKind.URL, "has a character at 8 that a URL cannot contain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "NFS4", "cifs", "smb3", "9p", "fuse.sshfs", "lustre"})
    void network_file_systems_are_refused(String type) {
        assertThat(SqliteFile.isRemote(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "NTFS", "fuseblk"})
    void local_file_systems_are_accepted(String type) {
        assertThat(SqliteFile.isRemote(type)).isFalse();
    }

    @Test
    void a_windows_share_is_on_the_network() {
        assertThat(SqliteFile.isRemotePath("\\\\server\\share\\app.db")).isTrue();
        assertThat(SqliteFile.isRemotePath("C:\\data\\app.db")).isFalse();
        assertThat(SqliteFile.isRemotePath("/data/app.db")).isFalse();
    }

    @Test
    void settings_of_an_sqlite_url_reach_the_connections() {
        try (Database database =
                Database.open("sqlite:" + folder.resolve("app.db") + "?synchronous=NORMAL&busy_timeout=1234")) {
            database.write(t -> assertThat(answer(t, "PRAGMA synchronous")).isEqualTo("1"));
            database.write(t -> assertThat(answer(t, "PRAGMA busy_timeout")).isEqualTo("1234"));
            database.write(t -> assertThat(answer(t, "PRAGMA journal_mode")).isEqualTo("wal"));
            database.read(t -> assertThat(answer(t, "PRAGMA busy_timeout")).isEqualTo("1234"));
        }
        try (Database database = Database.open("sqlite:" + folder.resolve("app.db"))) {
            database.write(t -> assertThat(answer(t, "PRAGMA synchronous")).isEqualTo("2"));
        }
    }

    @Test
    void database_name_and_settings_of_a_postgresql_url_reach_the_server() {
        TestDatabase test = TestDatabase.create(Backend.POSTGRES);
        try (Database first = Database.open(test.url())) {
            first.write(t -> answer(t, "CREATE SCHEMA own; CREATE TABLE own.here (n int); SELECT 'made'"));
            String settings = "?currentSchema=own&ApplicationName=my%20app&options=-c%20lock_timeout%3D1234"
                    + "&sslmode=disable&connectTimeout=3";
            try (Database database = Database.open(test.url() + settings)) {
                String name = test.url().substring(test.url().lastIndexOf('/') + 1);
                database.read(
                        t -> assertThat(answer(t, "SELECT current_database()")).isEqualTo(name));
                database.read(
                        t -> assertThat(answer(t, "SELECT current_schema()")).isEqualTo("own"));
                database.read(
                        t -> assertThat(answer(t, "SELECT count(*) FROM here")).isEqualTo("0"));
                database.read(
                        t -> assertThat(answer(t, "SHOW application_name")).isEqualTo("my app"));
                database.read(t -> assertThat(answer(t, "SHOW lock_timeout")).isEqualTo("1234ms"));
            }
        } finally {
            test.close();
        }
    }

    @Test
    void two_schemas_of_one_postgresql_database_do_not_meet() {
        TestDatabase test = TestDatabase.create(Backend.POSTGRES);
        try (Database first = test.migrated()) {
            first.write(t -> answer(t, "CREATE SCHEMA own; SELECT 'made'"));
            try (Database own = Database.open(test.url() + "?currentSchema=own")) {
                assertThat(Migrator.migrate(own)).isNotEmpty();
                assertThat(Migrator.migrate(own)).isEmpty();
            }
        } finally {
            test.close();
        }
    }

    @Test
    void a_required_encryption_that_the_server_lacks_is_an_error() {
        refused(
                SharedPostgres.url("postgres") + "?sslmode=require",
                ErrorKind.CONNECTION,
                "The server does not support SSL");
    }

    @Test
    void a_value_that_the_driver_does_not_understand_is_an_error_of_the_url() {
        refused(SharedPostgres.url("postgres") + "?connectTimeout=soon", ErrorKind.URL, "soon");
        refused(SharedPostgres.url("postgres") + "?loginTimeout=soon", ErrorKind.URL, "soon");
    }

    @Test
    void a_database_that_does_not_exist_is_named() {
        refused(SharedPostgres.url("no_such_database"), ErrorKind.CONNECTION, "\"no_such_database\" does not exist");
    }

    @Test
    void a_database_in_another_encoding_is_refused() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            String name = test.url().substring(test.url().lastIndexOf('/') + 1) + "_latin1";
            try (Connection connection = test.jdbc();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name
                        + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
            }
            try {
                refused(SharedPostgres.url(name), ErrorKind.URL, "is encoded in LATIN1");
            } finally {
                SharedPostgres.dropDatabase(name);
            }
        }
    }

    @Test
    void a_server_without_advisory_locks_is_refused() throws SQLException {
        Map<String, String> lacking = Map.of(
                "plpgsql AS $$ BEGIN RAISE 'no locks here' USING ERRCODE = '0A000'; END $$",
                "has no advisory locks (ERROR: no locks here), which hold the limits of workflows",
                "plpgsql AS $$ BEGIN RAISE 'no such function' USING ERRCODE = '42883'; END $$",
                "has no advisory locks (ERROR: no such function)",
                "sql AS 'SELECT true'",
                "accepts advisory locks but does not hold them, which hold the limits of workflows");
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            // One that is built in is called whatever is declared instead of it, so another one takes its name.
            statement.execute("ALTER FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(bigint) RENAME TO of_old");
            for (Map.Entry<String, String> each : lacking.entrySet()) {
                statement.execute("CREATE OR REPLACE FUNCTION pg_catalog.pg_try_advisory_xact_lock_shared(bigint)"
                        + " RETURNS boolean LANGUAGE " + each.getKey());

                refused(test.url(), ErrorKind.UNSUPPORTED, each.getValue());
                assertThatThrownBy(() -> Database.open(DataSourceTest.plain(test)))
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining(each.getValue());
            }
        }
    }

    @Test
    void an_unreachable_server_fails_promptly() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        promptly("postgresql://me:hunter2@127.0.0.1:" + port + "/app", "refused");
    }

    @Test
    void a_server_that_never_answers_fails_within_the_login_timeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            promptly(
                    "postgresql://me:hunter2@127.0.0.1:" + silent.getLocalPort() + "/app?loginTimeout=1",
                    "no connection to");
        }
    }

    @DatabaseTest
    void a_statement_that_cannot_be_composed_fails_when_the_database_is_opened_and_is_named(TestDatabase test) {
        Statements statements = new Statements("opening-test");
        Command<UniversalUuid> incomplete = statements.insert("incomplete", i -> {
            var p = i.into(SampleSchema.Parents::new);
            i.set(p.id, i.arg());
        });

        assertThatThrownBy(() -> test.open(SampleSchema.SCHEMA, statements))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining(incomplete.name())
                .hasMessageContaining("[code]");
    }

    private static void promptly(String url, String why) {
        long begin = System.nanoTime();
        refused(url, ErrorKind.CONNECTION, why);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    private static void refused(String url, ErrorKind kind, String why) {
        DatabaseException e = catchThrowableOfType(
                DatabaseException.class, () -> Database.open(url).close());
        assertThat(e).as(url).isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(e).hasMessageContaining(why);
        assertThat(DatabaseUrlTest.trace(e)).doesNotContain("hunter2");
    }

    static String answer(ReadTransaction transaction, String sql) {
        try (Statement statement = transaction.connection().createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows && statement.getUpdateCount() >= 0) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return String.valueOf(result.getString(1));
            }
        } catch (SQLException e) {
            throw transaction.classify(e, sql);
        }
    }
}
