package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores bytes, whose literal is their hexadecimal digits between a prefix and a suffix. */
final class BinaryCodec extends DeclaredCodec<UniversalBinary> {
    private final String literalPrefix;
    private final String literalSuffix;

    BinaryCodec(String declaration, String literalPrefix, String literalSuffix) {
        super(declaration, Types.BINARY, NO_CHECK);
        this.literalPrefix = literalPrefix;
        this.literalSuffix = literalSuffix;
    }

    @Override
    public void bind(PreparedStatement statement, int index, UniversalBinary value) throws SQLException {
        statement.setBytes(index, value.shared());
    }

    @Override
    public @Nullable UniversalBinary read(ResultSet row, int index) throws SQLException {
        byte[] bytes = row.getBytes(index);
        return bytes == null ? null : UniversalBinary.owning(bytes);
    }

    @Override
    public Optional<ElementForm<UniversalBinary>> elementForm() {
        return Optional.of(
                new ElementForm<>("bytea", (array, value) -> ElementForm.appendBytes(array, value.shared())));
    }

    @Override
    public String literal(UniversalBinary value) {
        return literalPrefix + HexFormat.of().formatHex(value.shared()) + literalSuffix;
    }
}
