package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.Labeled;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every codec against a real table: declared, checked, bound, read back, written as a literal, and sorted. */
final class SqliteCodecsTest {
    private static final DataType<Level> LEVEL = DataType.enumText(Level.class);

    private Connection connection;

    private enum Level implements Labeled {
        LOW,
        HIGH;

        @Override
        public String label() {
            return "it's " + name();
        }
    }

    private record Values<T>(DataType<T> type, List<T> values) {
        @Override
        public String toString() {
            return type.toString();
        }
    }

    static List<Values<?>> valuesOfEveryType() {
        Random random = new Random(61);
        byte[] large = new byte[100_000];
        random.nextBytes(large);
        return List.of(
                new Values<>(
                        DataType.UUID,
                        Stream.concat(
                                        Stream.of(UniversalUuid.NIL, UniversalUuid.MAX, UniversalUuid.v7()),
                                        Stream.generate(() -> UniversalUuid.of(
                                                        new UUID(random.nextLong(), random.nextLong())))
                                                .limit(100))
                                .toList()),
                new Values<>(
                        DataType.TIMESTAMP,
                        Stream.concat(
                                        Stream.of(UniversalTimestamp.MIN, UniversalTimestamp.MAX),
                                        random.longs(
                                                        100,
                                                        UniversalTimestamp.MIN.epochMicros(),
                                                        UniversalTimestamp.MAX.epochMicros() + 1)
                                                .mapToObj(UniversalTimestamp::ofEpochMicros))
                                .toList()),
                new Values<>(DataType.BOOL, List.of(UniversalBool.TRUE, UniversalBool.FALSE)),
                new Values<>(
                        DataType.BINARY,
                        Stream.of(new byte[0], new byte[1], new byte[] {0, -1, 127, -128}, large)
                                .map(UniversalBinary::of)
                                .toList()),
                new Values<>(DataType.TEXT, texts()),
                new Values<>(DataType.JSON, List.of("{\"a\":[1,\"\u00e9\"]}", "null")),
                new Values<>(DataType.text(20), texts()),
                new Values<>(LEVEL, List.of(Level.values())),
                new Values<>(DataType.INTEGER, List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE)),
                new Values<>(
                        DataType.BIGINT, List.of(0L, 1L, -1L, 1L << 32, -(1L << 32), Long.MIN_VALUE, Long.MAX_VALUE)));
    }

    private static List<String> texts() {
        return List.of(
                "",
                "a",
                "O'Reilly",
                "\u00e9",
                "\u6f22\u5b57",
                "\uD83D\uDE00".repeat(20),
                "\uFFFD",
                "\uE000",
                "123",
                "\\x");
    }

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    <T> void readsBackWhatWasBound(Values<T> values) throws SQLException {
        createTable(values.type());
        for (T value : values.values()) {
            execute("DELETE FROM t");
            insert(values.type(), value);
            assertThat(readAll(values.type(), "SELECT x FROM t")).containsExactly(value);
        }
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    <T> void findsABoundValueByItsLiteral(Values<T> values) throws SQLException {
        Codec<T> codec = values.type().codec(Backend.SQLITE);
        createTable(values.type());
        for (T value : values.values()) {
            execute("DELETE FROM t");
            insert(values.type(), value);
            assertThat(readAll(values.type(), "SELECT x FROM t WHERE x = " + codec.literal(value)))
                    .containsExactly(value);
            assertThat(readAll(values.type(), "SELECT " + codec.literal(value))).containsExactly(value);
        }
    }

    @ParameterizedTest
    @MethodSource("valuesOfEveryType")
    <T> void readsBackNull(Values<T> values) throws SQLException {
        Codec<T> codec = values.type().codec(Backend.SQLITE);
        createTable(values.type());
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            codec.bindNull(statement, 1);
            statement.executeUpdate();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT x FROM t WHERE x IS NULL")) {
            assertThat(row.next()).isTrue();
            assertThat(codec.read(row, 1)).isNull();
        }
    }

    @Test
    void sorts_as_the_java_values() throws SQLException {
        for (Values<?> values : valuesOfEveryType()) {
            if (Comparable.class.isAssignableFrom(values.type().javaType())
                    && values.type().javaType() != String.class
                    && values.type() != LEVEL) {
                assertSortedInJava(values);
            }
        }
    }

    @Test
    void sorts_text_by_code_point() throws SQLException {
        createTable(DataType.TEXT);
        for (String text : texts()) {
            insert(DataType.TEXT, text);
        }
        Comparator<String> byCodePoint = (left, right) ->
                Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
        assertThat(readAll(DataType.TEXT, "SELECT x FROM t ORDER BY x"))
                .isEqualTo(texts().stream().sorted(byCodePoint).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x'000102030405060708090a0b0c0d0e'", "x''", "x'000102030405060708090a0b0c0d0e0f10'"})
    void the_table_refuses_a_uuid_of_another_length(String literal) throws SQLException {
        assertTableRefuses(DataType.UUID, literal);
    }

    @Test
    void the_table_refuses_values_that_are_not_of_the_type() throws SQLException {
        assertTableRefuses(DataType.UUID, "'0190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516'");
        assertTableRefuses(DataType.TIMESTAMP, "'2024-01-01T00:00:00Z'");
        assertTableRefuses(DataType.TIMESTAMP, "CURRENT_TIMESTAMP");
        assertTableRefuses(DataType.BOOL, "2");
        assertTableRefuses(DataType.BOOL, "'true'");
        assertTableRefuses(DataType.INTEGER, "2147483648");
        assertTableRefuses(DataType.INTEGER, "-2147483649");
        assertTableRefuses(DataType.BIGINT, "1.5");
        assertTableRefuses(LEVEL, "'unknown'");
        assertTableRefuses(DataType.text(3), "'abcd'");
    }

    @Test
    void refuses_to_bind_text_that_a_database_would_not_keep() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            for (DataType<String> type : List.of(DataType.TEXT, DataType.JSON, DataType.text(10))) {
                assertThatThrownBy(() -> type.codec(Backend.SQLITE).bind(statement, 1, "abc\u0000"))
                        .isInstanceOf(InvalidValueException.class)
                        .hasMessage("text has U+0000 at char index 3");
                assertThatThrownBy(() -> type.codec(Backend.SQLITE).bind(statement, 1, "\uDE00"))
                        .isInstanceOf(InvalidValueException.class)
                        .hasMessage("text has the lone surrogate U+DE00 at char index 0");
            }
            assertThatThrownBy(() -> DataType.text(10).codec(Backend.SQLITE).bind(statement, 1, "x".repeat(11)))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("text of 11 characters, at most 10 are allowed");
        }
    }

    @Test
    void refuses_to_read_anything_but_zero_or_one_as_a_boolean() throws SQLException {
        assertReadRefused(DataType.BOOL, "2", "not a boolean (0 or 1) but 2");
        assertReadRefused(DataType.BOOL, "-1", "not a boolean (0 or 1) but -1");
        assertReadRefused(DataType.BOOL, "4294967297", "not a boolean (0 or 1) but 4294967297");
        assertReadRefused(DataType.BOOL, "'false'", "not an integer but String");
    }

    @Test
    void refuses_to_read_text_as_zero() throws SQLException {
        assertReadRefused(DataType.INTEGER, "'abc'", "not an integer but String");
        assertReadRefused(DataType.BIGINT, "'abc'", "not an integer but String");
        assertReadRefused(DataType.BIGINT, "'0'", "not an integer but String");
        assertReadRefused(DataType.BIGINT, "0.5", "not an integer but Double");
        assertReadRefused(DataType.BIGINT, "x'00'", "not an integer but byte[]");
    }

    @Test
    void refuses_to_read_a_larger_number_as_an_integer_of32_bits() throws SQLException {
        assertReadRefused(DataType.INTEGER, "2147483648", "not an integer of 32 bits but 2147483648");
        assertReadRefused(DataType.INTEGER, "-2147483649", "not an integer of 32 bits but -2147483649");
        assertReadRefused(DataType.INTEGER, "4294967296", "not an integer of 32 bits but 4294967296");
    }

    @Test
    void refuses_to_read_what_is_not_a_uuid_a_timestamp_or_a_label() throws SQLException {
        assertReadRefused(DataType.UUID, "x'0001'", "a UUID has 16 bytes, not 2");
        assertReadRefused(DataType.UUID, "x''", "a UUID has 16 bytes, not 0");
        assertReadRefused(DataType.UUID, "'0190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516'", "a UUID has 16 bytes, not 36");
        assertReadRefused(
                DataType.TIMESTAMP,
                "'2024-01-01 00:00:00.000000Z'",
                "not a timestamp (27 characters uuuu-MM-ddTHH:mm:ss.SSSSSSZ): '2024-01-01 00:00:00.000000Z'");
        assertReadRefused(LEVEL, "'it''s MEDIUM'", "not a Level: 'it's MEDIUM', known are it's LOW, it's HIGH");
    }

    private void createTable(DataType<?> type) throws SQLException {
        Codec<?> codec = type.codec(Backend.SQLITE);
        String checks = Stream.of(codec.typeCheck("x"), type.sharedCheck("x"))
                .flatMap(check -> check.stream())
                .map(check -> " CHECK (" + check + ")")
                .reduce("", String::concat);
        execute("DROP TABLE IF EXISTS t");
        execute("CREATE TABLE t (x " + codec.declaration() + checks + ") STRICT");
    }

    private <T> void insert(DataType<T> type, T value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            type.codec(Backend.SQLITE).bind(statement, 1, value);
            statement.executeUpdate();
        }
    }

    private <T> List<@Nullable T> readAll(DataType<T> type, String sql) throws SQLException {
        List<@Nullable T> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(type.codec(Backend.SQLITE).read(row, 1));
            }
        }
        return values;
    }

    private <T> void assertSortedInJava(Values<T> values) throws SQLException {
        createTable(values.type());
        for (T value : values.values()) {
            insert(values.type(), value);
        }
        assertThat(readAll(values.type(), "SELECT x FROM t ORDER BY x"))
                .as("%s", values)
                .isEqualTo(values.values().stream().sorted().toList());
    }

    private void assertTableRefuses(DataType<?> type, String literal) throws SQLException {
        createTable(type);
        assertThatThrownBy(() -> execute("INSERT INTO t VALUES (" + literal + ")"))
                .as("%s in %s", literal, type)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("CONSTRAINT");
    }

    private void assertReadRefused(DataType<?> type, String literal, String message) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + literal)) {
            assertThat(row.next()).isTrue();
            assertThatThrownBy(() -> type.codec(Backend.SQLITE).read(row, 1))
                    .as("%s as %s", literal, type)
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage(message);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
