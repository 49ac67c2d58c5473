package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sqlite:app.db                      | app.db",
                "sqlite:/var/lib/app                | /var/lib/app",
                "sqlite:///var/lib/app.db           | /var/lib/app.db",
                "sqlite://app.db                    | app.db",
                "SQLite:app.db                      | app.db",
                "jdbc:sqlite:app.db                 | app.db",
                "JDBC:SQLITE:App.DB                 | App.DB",
                "sqlite::memory:                    | :memory:",
                "jdbc:sqlite::memory:               | :memory:",
                "app.db                             | app.db",
                "folder with space/app.sqlite       | folder with space/app.sqlite",
                "./app.sqlite3                      | ./app.sqlite3",
                "App.DB                             | App.DB",
                "C:\\data\\app.db                   | C:\\data\\app.db",
                "c:/data/app.db                     | c:/data/app.db",
                "sqlite:C:/data/app                 | C:/data/app",
                "app.db?readers=1                   | app.db",
                "sqlite:100%25.db                   | 100%25.db",
                "sqlite:a#b & c=d+e%.db             | a#b & c=d+e%.db",
                "sqlite:my mode=memory.db           | my mode=memory.db",
                "sqlite:données/ü ☃.db              | données/ü ☃.db",
                "sqlite:../app.db                   | ../app.db",
                "sqlite:~app.db                     | ~app.db",
                "sqlite:a~/app.db                   | a~/app.db",
                "sqlite:C:\\data\\app.db            | C:\\data\\app.db",
                "sqlite:///C:/data/app.db           | C:/data/app.db",
                "jdbc:sqlite:/c:\\data\\app.db      | c:\\data\\app.db",
                "sqlite:\\\\server\\share\\app.db    | \\\\server\\share\\app.db"
            })
    void an_sqlite_url_names_a_file(String url, String file) {
        assertThat(DatabaseUrl.parse(url))
                .isInstanceOfSatisfying(
                        DatabaseUrl.Sqlite.class,
                        sqlite -> assertThat(sqlite.file()).isEqualTo(file));
    }

    @Test
    void settings_of_sqlite_have_defaults_and_can_be_said() {
        assertThat(DatabaseUrl.parse("sqlite:a.db")).isEqualTo(new DatabaseUrl.Sqlite("a.db", true, 10_000, 4));
        assertThat(DatabaseUrl.parse("sqlite:a.db?synchronous=normal&busy_timeout=0&readers=64"))
                .isEqualTo(new DatabaseUrl.Sqlite("a.db", false, 0, 64));
        assertThat(DatabaseUrl.parse("  sqlite:a.db?&readers=2&  "))
                .isEqualTo(new DatabaseUrl.Sqlite("a.db", true, 10_000, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://host/app                          | host               | app     | -     | -",
                "postgres://host/app                            | host               | app     | -     | -",
                "jdbc:postgresql://host/app                     | host               | app     | -     | -",
                "PostgreSQL://host:5433/app                     | host:5433          | app     | -     | -",
                "postgresql://me@host/app                       | host               | app     | me    | -",
                "postgresql://me:secret@host:5432/app           | host:5432          | app     | me    | secret",
                "jdbc:postgresql://h/app?user=me&password=p%26w | h                  | app     | me    | p&w",
                "postgresql://me:p%40%2F%3A%3F%25w@host/app     | host               | app     | me    | p@/:?%w",
                "postgresql://me:p@ss:w/rd@host/app             | host               | app     | me    | p@ss:w/rd",
                "postgresql://me:a+b@host/app                   | host               | app     | me    | a+b",
                "postgresql://m%C3%AF:%E2%98%83@host/app        | host               | app     | mï    | ☃",
                "postgresql://me:@host/app                      | host               | app     | me    | ''",
                "postgresql://[::1]:5432/app                    | [::1]:5432         | app     | -     | -",
                "postgresql://a:1,b:2,c/app                     | a:1,b:2,c          | app     | -     | -",
                "postgresql://host/my%20app                     | host               | my app  | -     | -",
                "postgresql://127.0.0.1/App                     | 127.0.0.1          | App     | -     | -",
                "postgresql://me@db_1/app                       | db_1               | app     | me    | -",
                "postgresql://_db-2_.my_net:5433/app            | _db-2_.my_net:5433 | app     | -     | -",
                "postgresql://me:x@db_1:1,db_2:65535,c_/app     | db_1:1,db_2:65535,c_ | app   | me    | x",
                "postgresql://DB.Example.COM./app               | DB.Example.COM.    | app     | -     | -",
                "postgresql://4.example/app                     | 4.example          | app     | -     | -",
                "postgresql://bücher.example:5433/app           | xn--bcher-kva.example:5433 | app | - | -",
                "postgresql://b%C3%BCcher.example/app           | xn--bcher-kva.example | app  | -     | -",
                "postgresql://d%62/app                          | db                 | app     | -     | -",
                "postgresql://[2001:DB8::1]/app                 | [2001:DB8::1]      | app     | -     | -",
                "postgresql://[::ffff:10.0.0.1]:5433/app        | [::ffff:10.0.0.1]:5433 | app | -     | -",
                "postgresql://[fe80::1%25eth0]:5433/app         | [fe80::1%eth0]:5433 | app    | -     | -",
                "postgresql://[fe80::1%eth0]/app                | [fe80::1%eth0]     | app     | -     | -",
                "postgresql://[fe80::1%252]/app                 | [fe80::1%2]        | app     | -     | -",
                "postgresql://me:a@[::1]:1,[::2],c:2/app        | [::1]:1,[::2],c:2  | app     | me    | a",
                "postgresql://host:/app                         | host               | app     | -     | -",
                "postgresql://host:05432/app                    | host:5432          | app     | -     | -",
                "postgresql://host/app/                         | host               | app     | -     | -",
                "postgresql://host/app/?sslmode=require         | host               | app     | -     | -",
                "postgresql://host/a%2Fb%3Fc%23%40              | host               | a/b?c#@ | -     | -",
                "postgresql://host/données                      | host               | données | -     | -",
                "postgresql://host/app#1                        | host               | app#1   | -     | -",
                "postgresql://@host/app                         | host               | app     | -     | -",
                "postgresql://:secret@host/app                  | host               | app     | -     | secret",
                "postgresql://m%40x:@host/app                   | host               | app     | m@x   | ''",
                "postgresql://me:p%23%25%3f%2525@host/app       | host               | app     | me    | p#%?%25",
                "postgresql://me:p#w@host/app                   | host               | app     | me    | p#w",
                "postgresql://host/app?user=a%40b&password=%23  | host               | app     | a@b   | #",
                "postgresql://host/app?%75ser=me&&              | host               | app     | me    | -",
                "POSTGRES://me@host/app                         | host               | app     | me    | -",
                "JDBC:PostgreSQL://me@host/app                  | host               | app     | me    | -"
            })
    void a_postgresql_url_names_server_database_user_and_password(
            String url, String servers, String database, String user, String password) {
        DatabaseUrl.Postgres parsed = (DatabaseUrl.Postgres) DatabaseUrl.parse(url);

        assertThat(parsed.servers()).isEqualTo(servers);
        assertThat(parsed.database()).isEqualTo(database);
        assertThat(parsed.settings().getOrDefault("user", "-")).isEqualTo(user);
        assertThat(parsed.settings().getOrDefault("password", "-")).isEqualTo(password);
        assertThat(parsed).hasToString("postgresql://" + servers + "/" + database);
    }

    @Test
    void settings_of_postgresql_go_to_the_driver_except_the_size_of_the_pool() {
        DatabaseUrl.Postgres parsed = (DatabaseUrl.Postgres)
                DatabaseUrl.parse("postgresql://h/app?sslmode=require&pool_size=3&options=-c%20lock_timeout%3D5s");

        assertThat(parsed.settings()).isEqualTo(Map.of("sslmode", "require", "options", "-c lock_timeout=5s"));
        assertThat(parsed.poolSize()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                    | '' is not a database URL",
                "'   '                                 | '' is not a database URL",
                "app                                   | 'app' is not a database URL",
                "data/app.sql                          | 'data/app.sql' is not",
                "C:\\data\\app                         | 'C:\\data\\app' is not",
                "mysql://localhost/app                 | 'mysql:…' is not",
                "jdbc:mysql://localhost/app            | 'jdbc:…' is not",
                "mysql://localhost/app.db              | 'mysql:…' is not",
                "sqlite:                               | names no file",
                "sqlite://                             | names no file",
                "sqlite:?readers=1                     | names no file",
                "sqlite:file:app.db?mode=ro            | name a plain file",
                "sqlite:FILE:app.db                    | name a plain file",
                "file:app.db                           | 'file:…' is not",
                "file:///data/app.db                   | 'file:…' is not",
                "sqlite:~/app.db                       | only a shell expands ~",
                "~/app.db                              | only a shell expands ~",
                "sqlite:~                              | only a shell expands ~",
                "sqlite:~\\app.db                      | only a shell expands ~",
                "sqlite:data/                          | it is a folder",
                "sqlite:C:\\data\\                    | it is a folder",
                "sqlite:what?.db                       | the text after the first '?' must be settings",
                "sqlite::MEMORY:                       | name a plain file or :memory:",
                "sqlite::resource:app.db               | name a plain file",
                "sqlite:app.db?journal_mode=WAL        | no setting 'journal_mode' of SQLite",
                "sqlite:app.db?Readers=1               | no setting 'Readers'",
                "sqlite:app.db?busytimeout=1           | SQLite here; there are synchronous, busy_timeout and readers.",
                "sqlite:app.db?readers                 | not of the form NAME=VALUE",
                "sqlite:app.db?readers=0               | readers must be a number from 1 to 64, not '0'",
                "sqlite:app.db?readers=65              | readers must be a number from 1 to 64",
                "sqlite:app.db?readers=four            | readers must be a number from 1 to 64, not 'four'",
                "sqlite:app.db?readers=1&readers=2     | 'readers' is set twice",
                "sqlite:app.db?busy_timeout=-1         | busy_timeout must be a number from 0",
                "sqlite:app.db?busy_timeout=1s         | busy_timeout must be a number from 0",
                "sqlite:app.db?busy_timeout=           | busy_timeout must be a number from 0",
                "sqlite:app.db?synchronous=OFF         | synchronous must be FULL or NORMAL, not 'OFF'",
                "sqlite:app.db?readers=%zz             | not followed by two hexadecimal digits",
                "postgresql:app                        | names no server",
                "postgresql:/app                       | names no server",
                "postgresql:///app                     | names no server",
                "postgresql://:5432/app                | names no server",
                "postgresql://me:pw@/app               | names no server",
                "postgresql://a,,b/app                 | names no server",
                "postgresql://ho st/app                | names no server",
                "postgresql://host:port/app            | names no server",
                "postgresql://host                     | names no database",
                "postgresql://host/                    | names no database",
                "postgresql://host/?user=me            | names no database",
                "postgresql://host/app?pool_size=0     | pool_size must be a number from 1",
                "postgresql://host/app?pool_size=many  | pool_size must be a number from 1",
                "postgresql://me@host/app?user=you     | 'user' is set twice",
                "postgresql://host/app?connect_timeout=1 | no setting 'connect_timeout'. Is it 'connectTimeout'?",
                "postgresql://host/app?poolSize=1      | no setting 'poolSize'. Is it 'pool_size'?",
                "postgresql://host/app?nonsense=1      | no setting 'nonsense'",
                "postgresql://host/app?PGHOST=other    | no setting 'PGHOST'",
                "postgresql://host/app?host=other      | no setting 'host' here: write the server and the database",
                "postgresql://host/app?port=5433       | no setting 'port' here",
                "postgresql://host/app?dbname=other    | no setting 'dbname' here",
                "postgresql://host/app?host=/var/run/postgresql | names a unix socket",
                "postgresql:///app?host=%2Fvar%2Frun%2Fpostgresql | names a unix socket",
                "postgresql://me@/app?host=localhost,/tmp | names a unix socket",
                "postgresql:///app?host=@abstract      | names a unix socket",
                "postgresql:app?host=/tmp              | names a unix socket",
                "postgresql://%2Fvar%2Frun%2Fpostgresql/app | names a unix socket",
                "postgresql://me@%2Ftmp:5433/app       | names a unix socket",
                "postgresql://a,%40abstract/app        | names a unix socket",
                "postgresql://host:0/app               | A port must be a number from 1 to 65535",
                "postgresql://host:65536/app           | A port must be a number from 1 to 65535",
                "postgresql://host:99999999999/app     | A port must be a number from 1 to 65535",
                "postgresql://host:-1/app              | A port must be a number from 1 to 65535",
                "postgresql://host:+1/app              | A port must be a number from 1 to 65535",
                "postgresql://host:5432x/app           | A port must be a number from 1 to 65535",
                "postgresql://host:٥٤٣٢/app            | A port must be a number from 1 to 65535",
                "postgresql://::1/app                  | Write an IPv6 address in brackets",
                "postgresql://fe80::1:5432/app         | Write an IPv6 address in brackets",
                "postgresql://[::1/app                 | names no server",
                "postgresql://::1]/app                 | names no server",
                "postgresql://[]/app                   | names no server",
                "postgresql://[host]/app               | names no server",
                "postgresql://[127.0.0.1]/app          | names no server",
                "postgresql://[::1%25]/app             | names no server",
                "postgresql://[::1]x:5432/app          | names no server",
                "postgresql://[1::2::3]/app            | names no server",
                "postgresql://a, b/app                 | names no server",
                "postgresql://a,/app                   | names no server",
                "postgresql://-host/app                | names no server",
                "postgresql://.host/app                | names no server",
                "postgresql://ho%20st/app              | names no server",
                "postgresql://ho$t/app                 | names no server",
                "postgresql://host/a/b                 | more than one '/' after the server",
                "postgresql://host//                   | names no database",
                "postgresql://host/app?user=a&user=b   | 'user' is set twice",
                "postgresql://host/app?user=a&%75ser=b | 'user' is set twice",
                "postgresql://host/app?=b              | not of the form NAME=VALUE",
                "postgresql://host/app%                | not followed by two hexadecimal digits",
                "postgresql://host/app%4               | not followed by two hexadecimal digits",
                "postgresql://host/app%+1              | not followed by two hexadecimal digits",
                "postgresql://host/app%FF              | escapes that are not the UTF-8 of any character",
                "postgresql://me:%E2%98@host/app       | escapes that are not the UTF-8 of any character",
                "postgresql://me:%00@host/app          | the character U+0000"
            })
    void what_is_not_understood_is_refused_with_the_forms(String url, String why) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.URL))
                .hasMessageContaining(why)
                .hasMessageContaining("The forms are: " + DatabaseUrl.FORMS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://me:hunter2@host/app",
                "mysql://me:hun@hunter2@host/app",
                "me:hunter2@host/app",
                "hunter2@host/app",
                "DATABASE_URL=postgresql://me:hunter2@host/app",
                "Server=host;Password=hunter2",
                "Server=host;Pwd=x@hunter2",
                "postgres:hunter2@host/app",
                "postgresql://me:hunter2@host",
                "postgresql://me:hunter2@host/",
                "postgresql://me:hunter2/app",
                "postgresql://me:?hunter2@host/app",
                "postgresql://me:hunter2?hunter2@host/app",
                "postgresql://me:x?hunter2=1@host/app",
                "postgresql://me:hunter2#@ho st/app",
                "postgresql://me:hunter2%@host/app",
                "postgresql://me:hunter2@host:port/app",
                "postgresql://me:hunter2@host/app?nonsense=1",
                "postgresql://me:x?hunter2=1&hunter2=2@host/app",
                "postgresql://me:hunter2@host/app?host=/tmp",
                "postgresql://me:hunter2@host/app?host=hunter2",
                "postgresql://me:hunter2@host:hunter2/app",
                "postgresql://me:hunter2@ho@st/a/b",
                "postgresql://me:hunter2@::1/app",
                "postgresql://me:hunter2%FF@host/app",
                "postgresql://me:hunter2%00@host/app",
                "postgresql://me:hunter2@[::1/app",
                "postgresql://me:hunter2@%2Ftmp/app",
                "postgresql://me:hunter2@host/app?password=hunter2",
                "jdbc:postgresql://host/app?password=hunter2&user",
                "jdbc:postgresql://host/app?password=hunter2&password=hunter2",
                "jdbc:postgresql:me:hunter2@host/app",
                "jdbc:oracle:thin:scott/hunter2@host"
            })
    void a_refused_url_never_shows_its_password(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(DatabaseException.class)
                .satisfies(e -> assertThat(trace(e)).doesNotContain("hunter2"));
    }

    @Test
    void an_understood_url_does_not_show_its_password() {
        assertThat(DatabaseUrl.parse("postgresql://me:hunter2@host/app?sslpassword=hunter2"))
                .hasToString("postgresql://host/app");
    }

    static String trace(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }
}
