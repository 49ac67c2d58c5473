package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "1500000000, 1.5 GB",
        "9223372036854775807, 9.2 EB"
    })
    void bytes_have_one_decimal_and_a_unit(long bytes, String text) {
        assertThat(Format.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.00 s",
        "40, 0.04 s",
        "9994, 9.99 s",
        "9999, 10.0 s",
        "99900, 99.9 s",
        "125000, 2 min 5 s",
        "12000000, 3 h 20 min",
        "7200000, 2 h",
        "435600000, 5 d 1 h",
        "864000000, 10 d"
    })
    void durations_are_as_exact_as_they_are_short(long millis, String text) {
        assertThat(Format.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @Test
    void one_is_singular() {
        assertThat(Format.count(1, "file")).isEqualTo("1 file");
        assertThat(Format.count(1234, "file")).isEqualTo("1,234 files");
    }

    @Test
    void a_name_cannot_command_a_terminal() {
        assertThat(Format.printable("a\u001b[31m\n\u202eb\u0007 ü 𝄞")).isEqualTo("a?[31m??b? ü 𝄞");
    }

    @Test
    void cut_texts_say_that_they_are_cut() {
        assertThat(Format.cutInFront("folder/file.txt", 11)).isEqualTo("...file.txt");
        assertThat(Format.cutBehind("folder/file.txt", 11)).isEqualTo("folder/f...");
        assertThat(Format.cutInFront("file.txt", 8)).isEqualTo("file.txt");
    }

    @Test
    void long_texts_are_broken_at_spaces_and_long_words_where_the_line_ends() {
        assertThat(Format.wrapped("  key  " + "k".repeat(30), 20, "       "))
                .containsExactly("  key", "       kkkkkkkkkkkkk", "       kkkkkkkkkkkkk", "       kkkk");
        assertThat(Format.wrapped("a".repeat(25) + " b", 10, "  "))
                .containsExactly("aaaaaaaaaa", "  aaaaaaaa", "  aaaaaaa", "  b");
        assertThat(Format.wrapped("𝄞".repeat(12), 9, "")).containsExactly("𝄞𝄞𝄞𝄞", "𝄞𝄞𝄞𝄞", "𝄞𝄞𝄞𝄞");
        assertThat(Format.wrapped("a b", 3, "    ")).containsExactly("a b");
    }
}
