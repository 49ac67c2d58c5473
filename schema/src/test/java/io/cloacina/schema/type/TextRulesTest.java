package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "O'Reilly",
                "Zo\u00eb \u6f22\u5b57",
                "\uD83D\uDE00",
                "\u0001\uFFFF\uFEFF",
                "\uD7FF\uE000"
            })
    void passes_text_that_both_databases_store(String text) {
        assertThat(TextRules.storable(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource({"'\u0000', 0", "'ab\u0000', 2", "'\uD83D\uDE00\u0000', 2"})
    void refuses_the_nul_character_and_tells_where(String text, int index) {
        assertThatThrownBy(() -> TextRules.storable(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("text has U+0000 at char index " + index);
    }

    @Test
    void refuses_a_lone_surrogate_and_tells_where() {
        assertLoneSurrogate("\uD83D", "U+D83D", 0);
        assertLoneSurrogate("\uDE00", "U+DE00", 0);
        assertLoneSurrogate("ab\uD83D", "U+D83D", 2);
        assertLoneSurrogate("ab\uD83Dcd", "U+D83D", 2);
        assertLoneSurrogate("\uD83D\uD83D\uDE00", "U+D83D", 0);
        assertLoneSurrogate("\uD83D\uDE00\uDE00", "U+DE00", 2);
        assertLoneSurrogate("\uDE00\uD83D", "U+DE00", 0);
    }

    @Test
    void refuses_exactly_what_utf8_cannot_encode_and_nul() {
        char[] alphabet = {'a', '\u00e9', '\u6f22', '\uD83D', '\uDE00', '\uDBFF', '\uDC00', '\u0000', '\uE000'};
        Random random = new Random(51);
        for (int round = 0; round < 50_000; round++) {
            char[] characters = new char[random.nextInt(7)];
            for (int index = 0; index < characters.length; index++) {
                characters[index] = alphabet[random.nextInt(alphabet.length)];
            }
            String text = new String(characters);
            assertThat(isRefused(text)).as(text).isEqualTo(text.indexOf('\u0000') >= 0 || !isEncodable(text));
        }
    }

    @Test
    void limits_the_number_of_code_points_not_of_chars() {
        String threeFaces = "\uD83D\uDE00".repeat(3);
        assertThat(TextRules.storable(threeFaces, 3)).isSameAs(threeFaces);
        assertThat(TextRules.storable("", 1)).isEmpty();
        assertThatThrownBy(() -> TextRules.storable(threeFaces, 2))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("text of 3 characters, at most 2 are allowed");
        assertThatThrownBy(() -> TextRules.storable("a\u0000", 10))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("text has U+0000 at char index 1");
    }

    @Test
    void doubles_the_quotes_of_a_literal() {
        assertThat(TextRules.literal("")).isEqualTo("''");
        assertThat(TextRules.literal("O'Reilly ''")).isEqualTo("'O''Reilly '''''");
        assertThat(TextRules.literal("back\\slash")).isEqualTo("'back\\slash'");
    }

    private static void assertLoneSurrogate(String text, String codePoint, int index) {
        assertThatThrownBy(() -> TextRules.storable(text))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("text has the lone surrogate " + codePoint + " at char index " + index);
    }

    private static boolean isRefused(String text) {
        try {
            TextRules.storable(text);
            return false;
        } catch (InvalidValueException refused) {
            return true;
        }
    }

    private static boolean isEncodable(String text) {
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
