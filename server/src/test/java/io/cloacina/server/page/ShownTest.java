package io.cloacina.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java.io.IOException: away | java.io.IOException: away",
                "java.io.IOException: request … of send[…] is lost | java.io.IOException: request",
                "…: the order is unknown | : the order is unknown",
                "… | ''"
            })
    void an_error_is_searched_by_what_it_has_in_all_executions_of_its_group(String error, String searched) {
        assertThat(Shown.searched(error)).isEqualTo(searched);
    }

    @Test
    void a_search_is_cut_between_characters() {
        assertThat(Shown.searched("x".repeat(99) + "\ud83d\ude00")).isEqualTo("x".repeat(99));
        assertThat(Shown.searched("x".repeat(2_000))).isEqualTo("x".repeat(100));
    }
}
