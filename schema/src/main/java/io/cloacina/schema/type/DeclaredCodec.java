package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

/** The part of a codec that needs no value: its declaration, its check, and how to bind NULL. */
abstract class DeclaredCodec<T> implements Codec<T> {
    static final Function<String, Optional<String>> NO_CHECK = column -> Optional.empty();

    private final String declaration;
    private final int jdbcType;
    private final Function<String, Optional<String>> typeCheck;

    /** @param jdbcType a constant of {@link java.sql.Types}, for binding NULL */
    DeclaredCodec(String declaration, int jdbcType, Function<String, Optional<String>> typeCheck) {
        this.declaration = declaration;
        this.jdbcType = jdbcType;
        this.typeCheck = typeCheck;
    }

    @Override
    public final String declaration() {
        return declaration;
    }

    @Override
    public final Optional<String> typeCheck(String column) {
        return typeCheck.apply(column);
    }

    @Override
    public Optional<ElementForm<T>> elementForm() {
        return Optional.empty();
    }

    @Override
    public final void bindNull(PreparedStatement statement, int index) throws SQLException {
        statement.setNull(index, jdbcType);
    }
}
