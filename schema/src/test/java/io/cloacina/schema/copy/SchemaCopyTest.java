package io.cloacina.schema.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.copy.CopiedSchema.Node;
import io.cloacina.schema.copy.CopiedSchema.Sample;
import io.cloacina.schema.copy.CopyProgress.Step;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Context;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaCopyTest {
    private static final Clock CLOCK = Clock.systemUTC();

    /** An error of the test's own, as a kill would end a copy. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Stream<Arguments> directions() {
        return Arrays.stream(Backend.values())
                .flatMap(from -> Arrays.stream(Backend.values()).map(to -> Arguments.of(from, to)));
    }

    private static Database hard(TestDatabase test) {
        Database database = Database.open(test.url(), CopiedSchema.SCHEMA, CopiedSchema.STATEMENTS);
        new Migrator(database, CopiedSchema.MIGRATIONS, CLOCK).migrate();
        return database;
    }

    private static SchemaCopy hardCopy(Database source, Database target) {
        return new SchemaCopy(source, target, CopiedSchema.SCHEMA, CopiedSchema.MIGRATIONS, CLOCK);
    }

    /** Texts with what databases stumble over; the third sorts after the second by code point, before it by UTF-16. */
    private static final List<String> ODD_TEXTS = List.of(
            "",
            "\uFFFD",
            "\uD83D\uDE00",
            "a'b\"c\\d",
            " \t\r\n ",
            "\u0001\u007f",
            "\u202E\u0301x",
            "%_?:$1;--",
            "NULL");

    private static List<Sample> samples(int number) {
        Random random = new Random(7);
        List<TaskStatus> statuses = List.of(TaskStatus.values());
        List<Sample> samples = new ArrayList<>();
        samples.add(new Sample(
                Integer.MIN_VALUE,
                "x".repeat(100),
                UniversalTimestamp.MIN,
                UniversalUuid.NIL,
                UniversalBool.FALSE,
                UniversalBinary.of(new byte[0]),
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                TaskStatus.READY));
        samples.add(new Sample(
                Integer.MAX_VALUE,
                ODD_TEXTS.get(2).repeat(5_000),
                UniversalTimestamp.MAX,
                UniversalUuid.MAX,
                UniversalBool.TRUE,
                blob(random, 5 << 20),
                Integer.MAX_VALUE,
                Long.MAX_VALUE,
                TaskStatus.SKIPPED));
        for (int n = 0; n < number; n++) {
            boolean isEmpty = random.nextInt(5) == 0;
            samples.add(
                    isEmpty
                            ? new Sample(n, null, null, null, null, null, null, null, null)
                            : new Sample(
                                    n,
                                    ODD_TEXTS.get(n % ODD_TEXTS.size()),
                                    UniversalTimestamp.ofEpochMicros(random.nextLong() >> 12),
                                    UniversalUuid.of(new UUID(random.nextLong(), random.nextLong())),
                                    UniversalBool.of(random.nextBoolean()),
                                    blob(random, n % 150 == 0 ? 1 << 20 : 20),
                                    random.nextInt(),
                                    random.nextLong(),
                                    statuses.get(n % statuses.size())));
        }
        return samples;
    }

    private static UniversalBinary blob(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return UniversalBinary.of(bytes);
    }

    /** Each refers to another one, most of them to a later one; one to itself, two to each other. */
    private static void fillHard(Database database) {
        Random random = new Random(11);
        List<UniversalUuid> ids = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            ids.add(UniversalUuid.of(new UUID(random.nextLong(), random.nextLong())));
        }
        Collections.sort(ids);
        database.write(t -> {
            t.batch(CopiedSchema.WORD, ODD_TEXTS);
            t.batch(CopiedSchema.SAMPLE, samples(1_200));
            t.batch(
                    CopiedSchema.NODE,
                    ids.stream().map(id -> new Node(id, null)).toList());
            List<Node> adopted = new ArrayList<>();
            adopted.add(new Node(ids.get(0), ids.get(0)));
            adopted.add(new Node(ids.get(1), ids.get(2_400)));
            adopted.add(new Node(ids.get(2_400), ids.get(1)));
            for (int i = 10; i < 2_300; i++) {
                adopted.add(new Node(ids.get(i), ids.get(Math.min(2_499, i + random.nextInt(200) - 20 + 30))));
            }
            t.batch(CopiedSchema.ADOPT, adopted);
            return t.batch(
                    CopiedSchema.LEAF, ids.stream().map(id -> new Node(id, id)).toList());
        });
    }

    @ParameterizedTest
    @MethodSource("directions")
    void every_value_arrives_as_it_was(Backend from, Backend to) {
        try (TestDatabase one = TestDatabase.create(from);
                TestDatabase other = TestDatabase.create(to);
                Database source = hard(one);
                Database target = Database.open(other.url(), CopiedSchema.SCHEMA)) {
            fillHard(source);

            List<CopiedTable> copied = hardCopy(source, target).run(CopyProgress.NONE);

            assertThat(copied).allMatch(CopiedTable::isSame);
            assertThat(copied)
                    .extracting(CopiedTable::table, CopiedTable::targetRows)
                    .containsExactly(
                            tuple("copied_words", 9L),
                            tuple("copied_samples", 1_202L),
                            tuple("copied_nodes", 2_500L),
                            tuple("copied_leaves", 2_500L));
            assertThat(new Migrator(target, CopiedSchema.MIGRATIONS, CLOCK).migrate())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void the_whole_schema_is_copied_and_fits_the_definition_afterwards(Backend from, Backend to) {
        try (TestDatabase one = TestDatabase.create(from);
                TestDatabase other = TestDatabase.create(to)) {
            Database source = one.migrated(SampleRows.STATEMENTS);
            source.write(SampleRows::everywhere);
            Database target = other.open();

            List<CopiedTable> copied = new SchemaCopy(source, target).run(CopyProgress.NONE);

            assertThat(copied)
                    .allMatch(CopiedTable::isSame)
                    .hasSize(CloacinaSchema.SCHEMA.tables().size() - 1);
            assertThat(copied.stream().mapToLong(CopiedTable::targetRows).sum()).isEqualTo(13);
            assertThat(SchemaCheck.differences(target)).isEmpty();
            assertThat(Migrator.migrate(target)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("directions")
    void an_ended_copy_goes_on_and_nobody_works_on_its_target_meanwhile(Backend from, Backend to) {
        try (TestDatabase one = TestDatabase.create(from);
                TestDatabase other = TestDatabase.create(to);
                Database source = hard(one);
                Database target = Database.open(other.url(), CopiedSchema.SCHEMA)) {
            fillHard(source);
            Migrator migrator = new Migrator(target, CopiedSchema.MIGRATIONS, CLOCK);

            for (int steps = 1; steps < 16; steps += 4) {
                AtomicInteger left = new AtomicInteger(steps);
                assertThatThrownBy(() -> hardCopy(source, target).run((step, table, rows, of) -> {
                            if (left.decrementAndGet() == 0) {
                                throw new Killed();
                            }
                        }))
                        .isInstanceOf(Killed.class);
                assertThatThrownBy(migrator::migrate)
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining("holds an unfinished copy of " + source)
                        .hasMessageContaining("run the same 'cloacina schema copy' again to finish it");
                assertThat(SchemaCheck.differences(target, CopiedSchema.SCHEMA, CopiedSchema.MIGRATIONS))
                        .singleElement()
                        .satisfies(
                                difference -> assertThat(difference.toString()).contains("unfinished copy"));
            }

            assertThat(hardCopy(source, target).run(CopyProgress.NONE)).allMatch(CopiedTable::isSame);
            assertThat(migrator.migrate()).isEmpty();
        }
    }

    @DatabaseTest
    void two_copies_at_once_share_the_work_or_one_says_that_it_is_done(TestDatabase test) throws Exception {
        try (TestDatabase other = TestDatabase.create(Backend.POSTGRES);
                Database source = hard(test);
                Database target = Database.open(other.url(), CopiedSchema.SCHEMA)) {
            fillHard(source);
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> both = Stream.generate(() -> new Thread(() -> {
                        try {
                            hardCopy(source, target).run(CopyProgress.NONE);
                        } catch (DatabaseException e) {
                            failures.add(e);
                        }
                    }))
                    .limit(2)
                    .toList();
            both.forEach(Thread::start);
            for (Thread thread : both) {
                thread.join();
            }

            assertThat(failures)
                    .hasSizeLessThan(2)
                    .allSatisfy(failure ->
                            assertThat(failure).hasMessageMatching(".*(is no longer being filled|is not empty).*"));
            assertThat(new Migrator(target, CopiedSchema.MIGRATIONS, CLOCK).migrate())
                    .isEmpty();
        }
    }

    @DatabaseTest
    void what_differs_is_named_by_table_and_key_and_the_target_stays_unusable(TestDatabase test) throws SQLException {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE)) {
            Database source = test.migrated(SampleRows.STATEMENTS);
            SampleRows.Ids ids = source.write(SampleRows::everywhere);
            Database target = other.open();

            List<CopiedTable> copied = new SchemaCopy(source, target).run((step, table, rows, of) -> {
                if (step == Step.COPYING && table.equals("cron_executions") && rows == 1) {
                    edit(other, "UPDATE task_executions SET priority = 7 WHERE task_name = 'load'");
                    edit(other, "DELETE FROM recovery_events");
                }
            });

            assertThat(copied.stream().filter(table -> !table.isSame()))
                    .extracting(CopiedTable::table)
                    .containsExactly("task_executions", "recovery_events");
            assertThat(copied)
                    .anySatisfy(table -> assertThat(table.difference())
                            .isEqualTo("the row with id " + ids.load() + " differs in column priority"))
                    .anySatisfy(table -> assertThat(table.difference()).endsWith(" is only in the source"));
            assertThatThrownBy(() -> Migrator.migrate(target)).hasMessageContaining("unfinished copy");
        }
    }

    @DatabaseTest
    void what_is_written_to_the_source_meanwhile_is_a_difference(TestDatabase test) {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE)) {
            Database source = test.migrated(SampleRows.STATEMENTS);
            source.write(SampleRows::everywhere);
            Database second = test.open(SampleRows.STATEMENTS);
            UniversalUuid late = UniversalUuid.v7();

            List<CopiedTable> copied = new SchemaCopy(source, other.open()).run((step, table, rows, of) -> {
                if (step == Step.COPYING && table.equals("cron_executions") && rows == 1) {
                    second.write(t -> t.run(SampleRows.CONTEXT, new Context(late, "{}")));
                }
            });

            assertThat(copied.get(0).difference()).isEqualTo("the row with id " + late + " is only in the source");
        }
    }

    @DatabaseTest
    void a_source_is_not_copied_into_itself(TestDatabase test) {
        Database source = test.migrated();
        Database again = test.open();

        assertThatThrownBy(() -> new SchemaCopy(source, again).run(CopyProgress.NONE))
                .hasMessageEndingWith("are the same database; use another target");
    }

    @DatabaseTest
    void a_source_without_tables_or_with_older_ones_is_refused(TestDatabase test) throws SQLException {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE)) {
            Database target = other.open();
            assertThatThrownBy(() -> new SchemaCopy(test.open(), target).run(CopyProgress.NONE))
                    .hasMessageContaining("has no tables of Cloacina");

            Database source = test.migrated();
            edit(test, "UPDATE schema_migrations SET checksum = 'other'");
            assertThatThrownBy(() -> new SchemaCopy(source, target).run(CopyProgress.NONE))
                    .hasMessageContaining("with SQL that differs from the SQL of this build");
            assertThat(new Migrator(target, CloacinaMigrations.ALL, CLOCK).history())
                    .isEmpty();
        }
    }

    @DatabaseTest
    void the_tables_of_an_application_are_copied_beside_those_of_cloacina(TestDatabase test) {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE);
                Database source = hard(test);
                Database target = Database.open(other.url(), CopiedSchema.SCHEMA, CopiedSchema.STATEMENTS)) {
            Migrator.migrate(source, CloacinaMigrations.ALL);
            source.write(t -> t.run(CopiedSchema.WORD, "one"));
            assertThatThrownBy(() -> hardCopy(source, target).run((step, table, rows, of) -> {
                        throw new Killed();
                    }))
                    .isInstanceOf(Killed.class);
            assertThatThrownBy(() -> Migrator.migrate(target, CopiedSchema.MIGRATIONS))
                    .hasMessageContaining("holds an unfinished copy");

            assertThat(hardCopy(source, target).run(CopyProgress.NONE)).allMatch(CopiedTable::isSame);
            assertThat(new SchemaCopy(source, target).run(CopyProgress.NONE)).allMatch(CopiedTable::isSame);

            assertThat(Migrator.migrate(target, CloacinaMigrations.ALL)).isEmpty();
            assertThat(Migrator.migrate(target, CopiedSchema.MIGRATIONS)).isEmpty();
        }
    }

    @DatabaseTest
    void the_tables_of_an_application_are_not_copied_while_an_engine_works_on_them(TestDatabase test) {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE);
                Database source = hard(test);
                Database target = Database.open(other.url(), CopiedSchema.SCHEMA)) {
            Migrator.migrate(source, CloacinaMigrations.ALL);
            source.compose(SampleRows.STATEMENTS);
            source.write(t -> t.run(SampleRows.RUNNER, UniversalUuid.v7()));
            edit(test, "UPDATE runners SET lease_expires_at = '" + lease(test.backend(), "2999") + "'");

            assertThatThrownBy(() -> hardCopy(source, target).run(CopyProgress.NONE))
                    .hasMessageContaining(source + " is in use by an engine");
        }
    }

    @DatabaseTest
    void a_source_that_an_engine_works_on_is_refused(TestDatabase test) {
        try (TestDatabase other = TestDatabase.create(Backend.SQLITE)) {
            Database source = test.migrated(SampleRows.STATEMENTS);
            source.write(t -> t.run(SampleRows.RUNNER, UniversalUuid.v7()));
            Database target = other.open();
            edit(test, "UPDATE runners SET lease_expires_at = '" + lease(test.backend(), "2999") + "'");

            assertThatThrownBy(() -> new SchemaCopy(source, target).run(CopyProgress.NONE))
                    .hasMessageContaining(
                            source + " is in use by an engine: process 4294967296 on host here (lease until"
                                    + " 2999-01-01T00:00:00.000000Z)");

            edit(test, "UPDATE runners SET lease_expires_at = '" + lease(test.backend(), "2001") + "'");
            assertThat(new SchemaCopy(source, target).run(CopyProgress.NONE)).allMatch(CopiedTable::isSame);
        }
    }

    private static String lease(Backend backend, String year) {
        return backend == Backend.SQLITE ? year + "-01-01T00:00:00.000000Z" : year + "-01-01 00:00:00";
    }

    @DatabaseTest
    void a_target_with_rows_or_with_the_copy_of_another_is_refused(TestDatabase test) {
        try (TestDatabase one = TestDatabase.create(Backend.SQLITE);
                TestDatabase two = TestDatabase.create(Backend.SQLITE)) {
            Database target = test.migrated(SampleRows.STATEMENTS);
            Database source = one.migrated(SampleRows.STATEMENTS);
            source.write(SampleRows::everywhere);
            UniversalUuid there = UniversalUuid.v7();
            target.write(t -> t.run(SampleRows.RUNNER, there));
            assertThatThrownBy(() -> new SchemaCopy(source, target).run(CopyProgress.NONE))
                    .hasMessageContaining("is not empty: table runners has rows");

            edit(test, "DELETE FROM runners");
            assertThatThrownBy(() -> new SchemaCopy(source, target).run((step, table, rows, of) -> {
                        throw new Killed();
                    }))
                    .isInstanceOf(Killed.class);
            assertThatThrownBy(() -> new SchemaCopy(two.migrated(), target).run(CopyProgress.NONE))
                    .hasMessageContaining(target + " holds an unfinished copy of " + source)
                    .hasMessageContaining("is another source");
            assertThatCode(() -> new SchemaCopy(source, target).run(CopyProgress.NONE))
                    .doesNotThrowAnyException();
        }
    }

    @DatabaseTest
    void the_statements_fit_the_tables(TestDatabase test) throws SQLException {
        Database database = test.migrated();

        StatementConformance.on(test, database)
                .prepares(new SchemaCopy(database, database).statements(), Places.STATEMENTS, LiveRunners.STATEMENTS);
    }

    private static void edit(TestDatabase test, String sql) {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
