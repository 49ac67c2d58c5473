package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type that is stored as text. */
final class TextCodec<T> extends DeclaredCodec<T> {
    private final Function<T, String> toText;
    private final Function<String, T> fromText;

    /**
     * @param toText returns storable text, or throws {@link InvalidValueException}
     * @param fromText throws {@link InvalidValueException} for text that is not of the type
     */
    TextCodec(
            String declaration,
            Function<String, Optional<String>> typeCheck,
            Function<T, String> toText,
            Function<String, T> fromText) {
        super(declaration, Types.VARCHAR, typeCheck);
        this.toText = toText;
        this.fromText = fromText;
    }

    @Override
    public void bind(PreparedStatement statement, int index, T value) throws SQLException {
        statement.setString(index, toText.apply(value));
    }

    @Override
    public @Nullable T read(ResultSet row, int index) throws SQLException {
        String text = row.getString(index);
        return text == null ? null : fromText.apply(text);
    }

    @Override
    public Optional<ElementForm<T>> elementForm() {
        return Optional.of(
                new ElementForm<>("text", (array, value) -> ElementForm.appendText(array, toText.apply(value))));
    }

    @Override
    public String literal(T value) {
        return TextRules.literal(toText.apply(value));
    }
}
