package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://me:secret@localhost/app",
                "jdbc:postgresql://localhost/app?user=me&password=secret",
                "postgresql://me@localhost/app?sslpassword=secret"
            })
    void a_url_with_a_password_is_not_shown(String url) {
        assertThat(DemoCommand.shown(url)).isEqualTo("URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://me@localhost/app", "sqlite:cloacina-demo.db"})
    void a_url_without_a_password_is_shown(String url) {
        assertThat(DemoCommand.shown(url)).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"src/main,src/main", "my files,'my files'", "it's,'it'\\''s'", "a&b,'a&b'", "\"\",''"})
    void a_word_of_a_command_can_be_pasted_into_a_shell(String word, String quoted) {
        assertThat(DemoCommand.quoted(word)).isEqualTo(quoted);
    }
}
