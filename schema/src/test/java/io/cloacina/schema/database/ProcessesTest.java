package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Several processes on one database. */
class ProcessesTest {
    @DatabaseTest
    void four_processes_that_migrate_an_empty_database_at_once_all_succeed(TestDatabase test) throws Exception {
        List<Child> children = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                children.add(Child.start("migrate", test.url()));
            }
            for (Child child : children) {
                assertThat(child.line()).isEqualTo("ready");
            }
            children.forEach(Child::go);

            int applied = 0;
            for (Child child : children) {
                applied += Integer.parseInt(child.line());
                assertThat(child.end()).isZero();
            }
            int versions = CloacinaMigrations.ALL.all().size();
            assertThat(applied).as("versions applied by all processes").isEqualTo(versions);
            Database database = test.open(Migrator.STATEMENTS);
            assertThat(new Migrator(database, CloacinaMigrations.ALL, Clock.systemUTC()).history())
                    .hasSize(versions);
        } finally {
            children.forEach(Child::kill);
        }
    }

    @DatabaseTest
    void a_process_killed_in_a_write_transaction_leaves_nothing_of_it_and_no_lock(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));
        Child child = Child.start("write", test.url());
        try {
            assertThat(child.line()).isEqualTo("ready");
            child.go();
            assertThat(child.line()).isEqualTo("inside");
        } finally {
            child.kill();
        }

        database.write(t -> t.run(ADD, new Counter(1, 5, 5)));

        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 5, 5));
        assertThat(database.find(COUNTER, 2)).isEmpty();
    }

    /** What a child process runs. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws IOException {
            String url = arguments[1];
            System.out.println("ready");
            System.in.read();
            if (arguments[0].equals("migrate")) {
                try (Database database = Database.open(url, Migrator.STATEMENTS)) {
                    System.out.println(Migrator.migrate(database).size());
                }
                return;
            }
            try (Database database = Database.open(url, SCHEMA, STATEMENTS)) {
                database.write(t -> {
                    t.run(ADD, new Counter(1, 1, 1));
                    t.run(INSERT_COUNTER, new Counter(2, 0, 0));
                    System.out.println("inside");
                    return readForEver();
                });
            }
        }

        private static int readForEver() {
            try {
                return System.in.read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A child process, told by its input and asked by its output. */
    record Child(Process process, BufferedReader output) {
        static Child start(String what, String url) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Duser.timezone=Asia/Kathmandu",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            what,
                            url)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Child(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        String line() throws IOException {
            return String.valueOf(output.readLine());
        }

        void go() {
            try {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int end() throws InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }
    }
}
