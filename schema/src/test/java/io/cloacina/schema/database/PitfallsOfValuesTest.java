package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PitfallsOfValuesTest {
    private static final List<UniversalTimestamp> INSTANTS = Stream.of(
                    "0001-01-01T00:00:00Z",
                    "0001-01-01T00:00:00.000001Z",
                    "0099-12-31T23:59:59Z",
                    "1582-10-04T12:00:00Z",
                    "1582-10-15T00:00:00Z",
                    "1883-11-18T17:00:00Z",
                    "1899-12-31T23:59:59.999999Z",
                    "1969-12-31T23:59:59.999999999Z",
                    "1970-01-01T00:00:00Z",
                    "2000-02-29T12:00:00Z",
                    "2024-12-31T23:59:59.999999999Z",
                    "2025-01-01T00:00:00Z",
                    "2025-03-09T02:00:00Z",
                    "2025-03-09T02:30:00Z",
                    "2025-03-09T03:00:00Z",
                    "2025-03-09T06:59:59.999999Z",
                    "2025-03-09T07:00:00Z",
                    "2025-11-02T01:30:00Z",
                    "2025-11-02T05:30:00Z",
                    "2025-11-02T06:30:00Z",
                    "2025-06-01T10:00:00Z",
                    "2025-06-01T10:00:00.000001Z",
                    "2025-06-01T10:00:00.1Z",
                    "2025-06-01T10:00:00.5Z",
                    "2025-06-01T10:00:00.999999001Z",
                    "2038-01-19T03:14:08Z",
                    "9999-12-31T23:59:59.999999999Z")
            .map(Instant::parse)
            .map(UniversalTimestamp::of)
            .toList();

    @Test
    void the_zone_of_this_jvm_is_one_with_summer_time() {
        assertThat(ZoneId.systemDefault().getId()).isEqualTo("America/New_York");
        assertThat(LocalDateTime.parse("2025-03-09T02:30")
                        .atZone(ZoneId.systemDefault())
                        .getHour())
                .as("an hour that is not there")
                .isEqualTo(3);
    }

    @DatabaseTest
    void instants_come_back_as_they_were_and_sort_as_in_java(TestDatabase test) {
        PitfallSamples<UniversalTimestamp> samples = new PitfallSamples<>(test, v -> v.instant);
        samples.store(INSTANTS);

        assertSorted(samples, INSTANTS);
        for (int n = 0; n < INSTANTS.size(); n++) {
            assertThat(samples.equalTo(INSTANTS.get(n))).containsExactly(n);
            UniversalTimestamp bound = INSTANTS.get(n);
            assertThat(samples.lessThan(bound)).hasSize((int) INSTANTS.stream()
                    .filter(other -> other.compareTo(bound) < 0)
                    .count());
        }
    }

    @DatabaseTest
    void the_last_nanosecond_of_a_year_is_not_the_next_year(TestDatabase test) {
        PitfallSamples<UniversalTimestamp> samples = new PitfallSamples<>(test, v -> v.instant);
        samples.store(List.of(UniversalTimestamp.of(Instant.parse("2024-12-31T23:59:59.999999999Z"))));

        assertThat(samples.inOrder()).hasToString("[2024-12-31T23:59:59.999999Z]");
    }

    @DatabaseTest
    void the_zone_of_the_session_changes_no_instant(TestDatabase test) {
        PitfallSamples<UniversalTimestamp> samples = new PitfallSamples<>(test, v -> v.instant);
        samples.store(INSTANTS);
        if (test.backend() == Backend.POSTGRES) {
            String database = test.url().substring(test.url().lastIndexOf('/') + 1);
            samples.database().<Boolean>write(t -> {
                ErrorKindsTest.sql(t, "ALTER DATABASE " + database + " SET timezone = 'Asia/Kathmandu'");
                ErrorKindsTest.sql(t, "SET LOCAL timezone = 'Pacific/Apia'");
                String stored = "SELECT to_char(min(instant_value), 'YYYY-MM-DD HH24:MI:SS') FROM sample_values";
                assertThat(OpeningTest.answer(t, stored)).isEqualTo("0001-01-01 00:00:00");
                return true;
            });
        }
        assertSorted(new PitfallSamples<>(test, v -> v.instant), INSTANTS);
    }

    @DatabaseTest
    void uuids_come_back_as_they_were_and_sort_unsigned(TestDatabase test) {
        PitfallSamples<UniversalUuid> samples = new PitfallSamples<>(test, v -> v.uuid);
        List<UniversalUuid> uuids = new ArrayList<>();
        long[] halves = {
            0,
            1,
            0x7fL << 56,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0x80L << 56 | 1,
            -1,
            0x00ff_0000_0000_0000L,
            0x0000_0000_8000_0000L,
            0x0000_0000_7fff_ffffL
        };
        for (long high : halves) {
            for (long low : halves) {
                uuids.add(UniversalUuid.of(new UUID(high, low)));
            }
        }
        samples.store(uuids);

        assertSorted(samples, uuids);
        for (int n = 0; n < uuids.size(); n++) {
            assertThat(samples.equalTo(uuids.get(n))).containsExactly(n);
        }
    }

    @DatabaseTest
    void ids_made_one_after_another_sort_in_that_order(TestDatabase test) {
        PitfallSamples<UniversalUuid> samples = new PitfallSamples<>(test, v -> v.uuid);
        List<UniversalUuid> made =
                Stream.generate(UniversalUuid::v7).limit(1_000).toList();
        samples.store(made);

        assertThat(samples.inOrder()).isEqualTo(made);
    }

    @DatabaseTest
    void bytes_come_back_as_they_were_and_sort_unsigned(TestDatabase test) {
        PitfallSamples<UniversalBinary> samples = new PitfallSamples<>(test, v -> v.binary);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<byte[]> bytes = List.of(
                new byte[0],
                new byte[] {0},
                new byte[] {0, 0},
                all,
                new byte[] {0x7f},
                new byte[] {(byte) 0x80},
                new byte[] {-1},
                new byte[] {-1, 0},
                "text".getBytes(StandardCharsets.UTF_8),
                new byte[1 << 20]);
        samples.store(bytes.stream().map(UniversalBinary::of).toList());

        List<byte[]> expected = new ArrayList<>(bytes);
        expected.sort(Arrays::compareUnsigned);
        assertThat(samples.inOrder()
                        .equals(expected.stream().map(UniversalBinary::of).toList()))
                .isTrue();
        assertThat(samples.equalTo(UniversalBinary.of("text".getBytes(StandardCharsets.UTF_8))))
                .containsExactly(8);
    }

    @DatabaseTest
    void truth_values_come_back_as_they_were_and_sort_false_first(TestDatabase test) {
        PitfallSamples<UniversalBool> samples = new PitfallSamples<>(test, v -> v.bool);
        samples.store(Arrays.asList(UniversalBool.TRUE, null, UniversalBool.FALSE));

        assertThat(samples.inOrder()).containsExactly(null, UniversalBool.FALSE, UniversalBool.TRUE);
        assertThat(samples.equalTo(UniversalBool.TRUE)).containsExactly(0);
        assertThat(samples.lessThan(UniversalBool.TRUE)).containsExactly(2);
    }

    @DatabaseTest
    void numbers_keep_their_range_and_their_zero(TestDatabase test) {
        PitfallSamples<Integer> integers = new PitfallSamples<>(test, v -> v.integer);
        integers.store(Arrays.asList(0, Integer.MIN_VALUE, null, Integer.MAX_VALUE, -1, 1));
        assertThat(integers.inOrder()).containsExactly(null, Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE);
    }

    @DatabaseTest
    void large_numbers_keep_their_range_and_their_zero(TestDatabase test) {
        PitfallSamples<Long> longs = new PitfallSamples<>(test, v -> v.bigint);
        List<Long> sorted = List.of(Long.MIN_VALUE, -(1L << 53) - 1, 0L, 1L << 32, (1L << 53) + 1, Long.MAX_VALUE);
        longs.store(sorted);
        assertThat(longs.inOrder()).isEqualTo(sorted);
    }

    @DatabaseTest
    void null_sorts_where_the_statement_says_and_equals_nothing(TestDatabase test) {
        PitfallSamples<Integer> samples = new PitfallSamples<>(test, v -> v.integer);
        samples.store(Arrays.asList(1, null));

        assertThat(samples.inOrder()).containsExactly(null, 1);
        assertThat(samples.inReverse()).containsExactly(1, null);
        assertThat(samples.lessThan(Integer.MAX_VALUE)).containsExactly(0);
    }

    @DatabaseTest
    void a_value_of_a_foreign_type_is_refused_by_the_database_itself(TestDatabase test) {
        Database database = test.open(SCHEMA);
        for (String value : List.of(
                "uuid_value) VALUES (1, '6f1c7a3e-0000-7000-8000-000000000000x')",
                "instant_value) VALUES (1, 'yesterday noon')",
                "bool_value) VALUES (1, 2)",
                "integer_value) VALUES (1, 2147483648)",
                "integer_value) VALUES (1, 'many')",
                "bigint_value) VALUES (1, 9223372036854775808)")) {
            assertThatThrownBy(() -> database.<Boolean>write(t -> {
                        ErrorKindsTest.sql(t, "INSERT INTO sample_values (n, " + value);
                        return true;
                    }))
                    .as(value)
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            e -> assertThat(e.kind()).isIn(ErrorKind.INVALID_VALUE, ErrorKind.STATEMENT));
        }
    }

    @Test
    void there_is_no_type_that_could_hold_not_a_number_and_no_division() {
        assertThat(Stream.of(DataType.class.getFields()).map(Field::getName))
                .containsExactlyInAnyOrder("UUID", "TIMESTAMP", "BOOL", "BINARY", "TEXT", "JSON", "INTEGER", "BIGINT");
        assertThat(Stream.of(AnyColumn.class.getMethods()).map(Method::getName))
                .doesNotContain("divide", "div", "plus", "minus", "times");
    }

    private static <V extends Comparable<V>> void assertSorted(PitfallSamples<V> samples, List<V> values) {
        List<V> expected = new ArrayList<>(new TreeSet<>(values));
        assertThat(expected).as("test values are different").hasSameSizeAs(values);
        assertThat(samples.inOrder()).isEqualTo(expected);
        Collections.reverse(expected);
        assertThat(samples.inReverse()).isEqualTo(expected);
    }
}
