package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.Labeled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DataTypeTest {
    private static final DataType<Color> COLOR = DataType.enumText(Color.class);

    private enum Color implements Labeled {
        RED("Red"),
        GREEN("Green"),
        ODD("it's odd") {
            @Override
            public String toString() {
                return "a constant of its own class";
            }
        };

        private final String label;

        Color(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }
    }

    private enum None implements Labeled {
        ;

        @Override
        public String label() {
            return "";
        }
    }

    private enum Twins implements Labeled {
        FIRST,
        SECOND;

        @Override
        public String label() {
            return "same";
        }
    }

    private enum Unlabeled implements Labeled {
        ONLY;

        @Override
        public String label() {
            return "";
        }
    }

    private enum Unstorable implements Labeled {
        ONLY;

        @Override
        public String label() {
            return "a\u0000";
        }
    }

    static List<DataType<?>> everyType() {
        return List.of(
                DataType.UUID,
                DataType.TIMESTAMP,
                DataType.BOOL,
                DataType.BINARY,
                DataType.TEXT,
                DataType.JSON,
                DataType.INTEGER,
                DataType.BIGINT,
                DataType.text(200),
                COLOR);
    }

    @Test
    void declares_every_type_on_both_backends() {
        assertDeclared(DataType.UUID, "uuid", "BLOB", "uuid");
        assertDeclared(DataType.TIMESTAMP, "timestamp", "TEXT", "timestamp");
        assertDeclared(DataType.BOOL, "boolean", "INTEGER", "boolean");
        assertDeclared(DataType.BINARY, "binary", "BLOB", "bytea");
        assertDeclared(DataType.TEXT, "text", "TEXT", "text COLLATE \"C\"");
        assertDeclared(DataType.JSON, "json", "TEXT", "text COLLATE \"C\"");
        assertDeclared(DataType.text(5), "text", "TEXT", "text COLLATE \"C\"");
        assertDeclared(COLOR, "enum", "TEXT", "text COLLATE \"C\"");
        assertDeclared(DataType.INTEGER, "integer", "INTEGER", "integer");
        assertDeclared(DataType.BIGINT, "bigint", "INTEGER", "bigint");
    }

    @Test
    void sqlite_checks_what_it_has_no_type_for() {
        assertThat(sqliteCheck(DataType.UUID)).isEqualTo("length(x) = 16");
        assertThat(sqliteCheck(DataType.TIMESTAMP)).isEqualTo("length(x) = 27");
        assertThat(sqliteCheck(DataType.BOOL)).isEqualTo("x IN (0, 1)");
        assertThat(sqliteCheck(DataType.INTEGER)).isEqualTo("x BETWEEN -2147483648 AND 2147483647");
        for (DataType<?> type :
                List.of(DataType.BIGINT, DataType.BINARY, DataType.TEXT, DataType.JSON, DataType.text(5), COLOR)) {
            assertThat(type.codec(Backend.SQLITE).typeCheck("x")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyType")
    void postgres_has_a_type_for_everything(DataType<?> type) {
        assertThat(type.codec(Backend.POSTGRES).typeCheck("x")).isEmpty();
    }

    @Test
    void both_backends_check_limited_text_and_enums_alike() {
        assertThat(DataType.text(200).sharedCheck("name")).contains("length(name) <= 200");
        assertThat(COLOR.sharedCheck("color")).contains("color IN ('Red', 'Green', 'it''s odd')");
        for (DataType<?> type : List.of(DataType.UUID, DataType.TEXT, DataType.JSON, DataType.INTEGER)) {
            assertThat(type.sharedCheck("x")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everyType")
    void has_a_sample_of_its_java_type_that_both_backends_accept(DataType<?> type) {
        assertThat(type.javaType()).isAssignableFrom(type.sample().getClass());
        for (Backend backend : Backend.values()) {
            assertThat(literalOfSample(type, backend)).isNotEmpty();
        }
    }

    @Test
    void writes_literals_of_both_backends() {
        UniversalUuid uuid = UniversalUuid.parse("0190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516");
        assertLiterals(
                DataType.UUID,
                uuid,
                "X'0190a3c45b6d7e8f9a0bc1d2e3f40516'",
                "'0190a3c4-5b6d-7e8f-9a0b-c1d2e3f40516'::uuid");
        assertLiterals(
                DataType.TIMESTAMP,
                UniversalTimestamp.ofEpochMicros(1),
                "'1970-01-01T00:00:00.000001Z'",
                "timestamp '1970-01-01T00:00:00.000001'");
        assertLiterals(DataType.BOOL, UniversalBool.TRUE, "1", "true");
        assertLiterals(DataType.BOOL, UniversalBool.FALSE, "0", "false");
        assertLiterals(DataType.BINARY, UniversalBinary.of(new byte[] {0, -1}), "X'00ff'", "'\\x00ff'::bytea");
        assertLiterals(DataType.TEXT, "O'Reilly", "'O''Reilly'", "'O''Reilly'");
        assertLiterals(COLOR, Color.ODD, "'it''s odd'", "'it''s odd'");
        assertLiterals(DataType.INTEGER, -1, "-1", "-1");
        assertLiterals(DataType.BIGINT, Long.MAX_VALUE, "9223372036854775807", "9223372036854775807");
    }

    @Test
    void a_literal_obeys_the_rules_of_its_type() {
        for (Backend backend : Backend.values()) {
            assertThatThrownBy(() -> DataType.TEXT.codec(backend).literal("a\u0000"))
                    .isInstanceOf(InvalidValueException.class);
            assertThatThrownBy(() -> DataType.text(2).codec(backend).literal("abc"))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage("text of 3 characters, at most 2 are allowed");
        }
    }

    @Test
    void an_enum_knows_its_labels_in_order() {
        assertThat(COLOR.labels()).containsExactly("Red", "Green", "it's odd");
        assertThat(COLOR.sample()).isSameAs(Color.RED);
        assertThat(COLOR.javaType()).isSameAs(Color.class);
        assertThat(DataType.TEXT.labels()).isEmpty();
    }

    @Test
    void an_enum_whose_labels_cannot_tell_its_constants_apart_is_refused() {
        assertThatThrownBy(() -> DataType.enumText(None.class))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("enum None has no constants");
        assertThatThrownBy(() -> DataType.enumText(Twins.class))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("Twins.FIRST and SECOND share the label 'same'");
        assertThatThrownBy(() -> DataType.enumText(Unlabeled.class))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("Unlabeled.ONLY has an empty label");
        assertThatThrownBy(() -> DataType.enumText(Unstorable.class))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("label of Unstorable.ONLY: text has U+0000 at char index 1");
    }

    @Test
    void the_limit_of_a_text_is_known_and_positive() {
        assertThat(DataType.text(200).maxCodePoints()).hasValue(200);
        assertThat(DataType.TEXT.maxCodePoints()).isEmpty();
        assertThatThrownBy(() -> DataType.text(0))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("maxCodePoints must be at least 1, not 0");
    }

    @Test
    void is_printed_with_its_limit_or_enum() {
        assertThat(DataType.UUID).hasToString("uuid");
        assertThat(DataType.text(200)).hasToString("text(200)");
        assertThat(COLOR).hasToString("enum Color");
    }

    @Test
    void backends_have_the_names_of_their_urls() {
        assertThat(Backend.SQLITE.label()).isEqualTo("sqlite");
        assertThat(Backend.POSTGRES.label()).isEqualTo("postgresql");
    }

    private static void assertDeclared(DataType<?> type, String name, String sqlite, String postgres) {
        assertThat(type.name()).isEqualTo(name);
        assertThat(type.codec(Backend.SQLITE).declaration()).isEqualTo(sqlite);
        assertThat(type.codec(Backend.POSTGRES).declaration()).isEqualTo(postgres);
    }

    private static <T> void assertLiterals(DataType<T> type, T value, String sqlite, String postgres) {
        assertThat(type.codec(Backend.SQLITE).literal(value)).isEqualTo(sqlite);
        assertThat(type.codec(Backend.POSTGRES).literal(value)).isEqualTo(postgres);
    }

    private static <T> String literalOfSample(DataType<T> type, Backend backend) {
        return type.codec(backend).literal(type.sample());
    }

    private static String sqliteCheck(DataType<?> type) {
        return type.codec(Backend.SQLITE).typeCheck("x").orElseThrow();
    }
}
