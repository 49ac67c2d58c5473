package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SQLite, whose STRICT tables know only INTEGER, TEXT and BLOB here. The driver's {@code setObject} and
 * {@code setTimestamp} write formats of their own, so only bytes, strings and longs are bound.
 */
final class SqliteCodecs {
    static final Codec<UniversalUuid> UUID = new UuidCodec();
    static final Codec<UniversalTimestamp> TIMESTAMP = new TextCodec<>(
            "TEXT",
            column -> Optional.of("length(" + column + ") = " + TimestampText.LENGTH),
            UniversalTimestamp::toString,
            UniversalTimestamp::parse);
    static final Codec<UniversalBool> BOOL = new BoolCodec();
    static final Codec<UniversalBinary> BINARY = new BinaryCodec("BLOB", "X'", "'");
    static final Codec<Integer> INTEGER = new IntegerCodec();
    static final Codec<Long> BIGINT = new BigintCodec();

    private SqliteCodecs() {}

    static <T> Codec<T> text(Function<T, String> toText, Function<String, T> fromText) {
        return new TextCodec<>("TEXT", DeclaredCodec.NO_CHECK, toText, fromText);
    }

    /** Reads any SQLite integer; {@code getLong} returns 0 for NULL and for text alike, so a 0 is checked again. */
    private static @Nullable Long readLong(ResultSet row, int index) throws SQLException {
        long value = row.getLong(index);
        if (value != 0) {
            return value;
        }
        Object stored = row.getObject(index);
        if (stored == null) {
            return null;
        }
        if (stored instanceof Integer || stored instanceof Long) {
            return value;
        }
        throw new InvalidValueException(
                "not an integer but " + stored.getClass().getSimpleName());
    }

    private static final class UuidCodec extends DeclaredCodec<UniversalUuid> {
        UuidCodec() {
            super("BLOB", Types.BINARY, column -> Optional.of("length(" + column + ") = 16"));
        }

        @Override
        public void bind(PreparedStatement statement, int index, UniversalUuid value) throws SQLException {
            statement.setBytes(index, value.toBytes());
        }

        @Override
        public @Nullable UniversalUuid read(ResultSet row, int index) throws SQLException {
            byte[] bytes = row.getBytes(index);
            return bytes == null ? null : UniversalUuid.fromBytes(bytes);
        }

        @Override
        public String literal(UniversalUuid value) {
            return "X'" + HexFormat.of().formatHex(value.toBytes()) + "'";
        }
    }

    private static final class BoolCodec extends DeclaredCodec<UniversalBool> {
        BoolCodec() {
            super("INTEGER", Types.INTEGER, column -> Optional.of(column + " IN (0, 1)"));
        }

        @Override
        public void bind(PreparedStatement statement, int index, UniversalBool value) throws SQLException {
            statement.setInt(index, value.value() ? 1 : 0);
        }

        @Override
        public @Nullable UniversalBool read(ResultSet row, int index) throws SQLException {
            Long stored = readLong(row, index);
            if (stored == null) {
                return null;
            }
            if (stored != 0 && stored != 1) {
                throw new InvalidValueException("not a boolean (0 or 1) but " + stored);
            }
            return UniversalBool.of(stored == 1);
        }

        @Override
        public String literal(UniversalBool value) {
            return value.value() ? "1" : "0";
        }
    }

    private static final class IntegerCodec extends DeclaredCodec<Integer> {
        IntegerCodec() {
            super(
                    "INTEGER",
                    Types.INTEGER,
                    column -> Optional.of(column + " BETWEEN " + Integer.MIN_VALUE + " AND " + Integer.MAX_VALUE));
        }

        @Override
        public void bind(PreparedStatement statement, int index, Integer value) throws SQLException {
            statement.setInt(index, value);
        }

        @Override
        public @Nullable Integer read(ResultSet row, int index) throws SQLException {
            Long stored = readLong(row, index);
            if (stored == null) {
                return null;
            }
            if (stored != stored.intValue()) {
                throw new InvalidValueException("not an integer of 32 bits but " + stored);
            }
            return stored.intValue();
        }

        @Override
        public String literal(Integer value) {
            return value.toString();
        }
    }

    private static final class BigintCodec extends DeclaredCodec<Long> {
        BigintCodec() {
            super("INTEGER", Types.BIGINT, NO_CHECK);
        }

        @Override
        public void bind(PreparedStatement statement, int index, Long value) throws SQLException {
            statement.setLong(index, value);
        }

        @Override
        public @Nullable Long read(ResultSet row, int index) throws SQLException {
            return readLong(row, index);
        }

        @Override
        public String literal(Long value) {
            return value.toString();
        }
    }
}
