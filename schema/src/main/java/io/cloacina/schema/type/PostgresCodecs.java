package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's native types. Text is ordered by the collation {@code "C"}, so that it sorts as on SQLite. A timestamp
 * is never a {@code java.sql.Timestamp}, which would depend on the zone of the JVM.
 */
final class PostgresCodecs {
    static final Codec<UniversalUuid> UUID = new UuidCodec();
    static final Codec<UniversalTimestamp> TIMESTAMP = new TimestampCodec();
    static final Codec<UniversalBool> BOOL = new BoolCodec();
    static final Codec<UniversalBinary> BINARY = new BinaryCodec("bytea", "'\\x", "'::bytea");
    static final Codec<Integer> INTEGER = new IntegerCodec();
    static final Codec<Long> BIGINT = new BigintCodec();

    private PostgresCodecs() {}

    static <T> Codec<T> text(Function<T, String> toText, Function<String, T> fromText) {
        return new TextCodec<>("text COLLATE \"C\"", DeclaredCodec.NO_CHECK, toText, fromText);
    }

    private static final class UuidCodec extends DeclaredCodec<UniversalUuid> {
        UuidCodec() {
            super("uuid", Types.OTHER, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, UniversalUuid value) throws SQLException {
            statement.setObject(index, value.value());
        }

        @Override
        public @Nullable UniversalUuid read(ResultSet row, int index) throws SQLException {
            java.util.UUID value = row.getObject(index, java.util.UUID.class);
            return value == null ? null : UniversalUuid.of(value);
        }

        @Override
        public Optional<ElementForm<UniversalUuid>> elementForm() {
            return Optional.of(
                    new ElementForm<>("uuid", (array, value) -> ElementForm.appendUuid(array, value.value())));
        }

        @Override
        public String literal(UniversalUuid value) {
            return "'" + value + "'::uuid";
        }
    }

    private static final class TimestampCodec extends DeclaredCodec<UniversalTimestamp> {
        private static final int WITHOUT_ZONE = TimestampText.LENGTH - 1;

        TimestampCodec() {
            super("timestamp", Types.TIMESTAMP, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, UniversalTimestamp value) throws SQLException {
            statement.setObject(index, value.toLocalDateTime());
        }

        @Override
        public @Nullable UniversalTimestamp read(ResultSet row, int index) throws SQLException {
            LocalDateTime value = row.getObject(index, LocalDateTime.class);
            return value == null ? null : UniversalTimestamp.of(value);
        }

        @Override
        public Optional<ElementForm<UniversalTimestamp>> elementForm() {
            return Optional.of(new ElementForm<>(
                    "timestamp",
                    (array, value) -> array.append('"')
                            .append(value.toString(), 0, WITHOUT_ZONE)
                            .append('"')));
        }

        @Override
        public String literal(UniversalTimestamp value) {
            return "timestamp '" + value.toString().substring(0, WITHOUT_ZONE) + "'";
        }
    }

    private static final class BoolCodec extends DeclaredCodec<UniversalBool> {
        BoolCodec() {
            super("boolean", Types.BOOLEAN, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, UniversalBool value) throws SQLException {
            statement.setBoolean(index, value.value());
        }

        @Override
        public @Nullable UniversalBool read(ResultSet row, int index) throws SQLException {
            boolean value = row.getBoolean(index);
            return !value && row.wasNull() ? null : UniversalBool.of(value);
        }

        @Override
        public Optional<ElementForm<UniversalBool>> elementForm() {
            return Optional.of(new ElementForm<>("boolean", (array, value) -> array.append(value.value() ? 't' : 'f')));
        }

        @Override
        public String literal(UniversalBool value) {
            return value.value() ? "true" : "false";
        }
    }

    private static final class IntegerCodec extends DeclaredCodec<Integer> {
        IntegerCodec() {
            super("integer", Types.INTEGER, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, Integer value) throws SQLException {
            statement.setInt(index, value);
        }

        @Override
        public @Nullable Integer read(ResultSet row, int index) throws SQLException {
            int value = row.getInt(index);
            return value == 0 && row.wasNull() ? null : value;
        }

        @Override
        public Optional<ElementForm<Integer>> elementForm() {
            return Optional.of(new ElementForm<>("integer", StringBuilder::append));
        }

        @Override
        public String literal(Integer value) {
            return value.toString();
        }
    }

    private static final class BigintCodec extends DeclaredCodec<Long> {
        BigintCodec() {
            super("bigint", Types.BIGINT, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, Long value) throws SQLException {
            statement.setLong(index, value);
        }

        @Override
        public @Nullable Long read(ResultSet row, int index) throws SQLException {
            long value = row.getLong(index);
            return value == 0 && row.wasNull() ? null : value;
        }

        @Override
        public Optional<ElementForm<Long>> elementForm() {
            return Optional.of(new ElementForm<>("bigint", StringBuilder::append));
        }

        @Override
        public String literal(Long value) {
            return value.toString();
        }
    }
}
