package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PitfallsOfDriversTest {
    private static final Statements OWN = new Statements("drivers-test");

    private static final Command<Counter> UPSERT = OWN.insert("upsert", i -> {
        var c = i.into(SampleSchema.Counters::new);
        i.set(c.id, i.arg(Counter::id));
        i.set(c.small, i.arg(Counter::small));
        i.set(c.large, i.arg(Counter::large));
        i.onConflict(c.id).doNothing();
    });

    @DatabaseTest
    void a_batch_has_more_values_than_a_statement_can_have_parameters(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        List<Counter> many =
                IntStream.range(0, 30_000).mapToObj(n -> new Counter(n, n, n)).toList();

        int[] counts = database.write(t -> t.batch(INSERT_COUNTER, many));

        assertThat(counts).hasSize(many.size()).containsOnly(1);
    }

    @DatabaseTest
    void a_batch_that_may_insert_nothing_says_which_members_did(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, OWN);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(2, 0, 0)));

        int[] counts = database.write(
                t -> t.batch(UPSERT, List.of(new Counter(1, 1, 1), new Counter(2, 2, 2), new Counter(3, 3, 3))));

        assertThat(counts).containsExactly(1, 0, 1);
    }

    @DatabaseTest
    void an_empty_batch_does_nothing(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThat(database.<int[]>write(t -> t.batch(INSERT_COUNTER, List.of())))
                .isEmpty();
    }

    @DatabaseTest
    void a_prepared_statement_still_works_when_its_table_got_another_column(TestDatabase test) {
        Database database = test.open("?" + onePrepared(test), SCHEMA, STATEMENTS);
        Database other = test.open(SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 1, 1)));
        for (int i = 0; i < 7; i++) {
            assertThat(database.find(SampleSchema.COUNTER, 1)).contains(new Counter(1, 1, 1));
        }

        other.<Boolean>alter(t -> {
            ErrorKindsTest.sql(t, "ALTER TABLE sample_counters ADD COLUMN later INTEGER");
            return true;
        });

        assertThat(database.find(SampleSchema.COUNTER, 1)).contains(new Counter(1, 1, 1));
    }

    @Test
    void no_transaction_leaves_anything_set_on_a_session_of_postgresql() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, STATEMENTS);
            String settings = "SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings"
                    + " WHERE name NOT IN ('transaction_isolation', 'transaction_read_only')";
            String before = database.write(t -> OpeningTest.answer(t, settings));

            database.read(t -> t.list(COUNT_PARENTS));
            database.alter(t -> t.run(INSERT_PARENT, Parent.of("a")));
            database.list(COUNT_PARENTS);

            assertThat(database.<String>write(t -> OpeningTest.answer(t, settings)))
                    .isEqualTo(before);
            database.write(t -> assertThat(OpeningTest.answer(t, "SHOW transaction_isolation"))
                    .isEqualTo("read committed"));
            database.read(t -> assertThat(OpeningTest.answer(t, "SHOW transaction_isolation"))
                    .isEqualTo("repeatable read"));
            database.write(t -> assertThat(
                            OpeningTest.answer(t, "SELECT count(*) FROM pg_locks WHERE locktype =" + " 'advisory'"))
                    .isEqualTo("0"));
        }
    }

    @Test
    void foreign_keys_are_on_for_every_connection_of_sqlite_and_readers_only_read() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.open(SCHEMA, STATEMENTS);
            List<String> settings = new ArrayList<>();
            database.write(t -> settings.add(OpeningTest.answer(t, "PRAGMA foreign_keys")));
            database.write(t -> settings.add(OpeningTest.answer(t, "PRAGMA query_only")));
            database.read(t -> settings.add(OpeningTest.answer(t, "PRAGMA foreign_keys")));
            database.read(t -> settings.add(OpeningTest.answer(t, "PRAGMA query_only")));

            assertThat(settings).containsExactly("1", "0", "1", "1");
        }
    }

    private static String onePrepared(TestDatabase test) {
        return test.backend() == Backend.SQLITE ? "readers=1" : "pool_size=1&prepareThreshold=1";
    }
}
