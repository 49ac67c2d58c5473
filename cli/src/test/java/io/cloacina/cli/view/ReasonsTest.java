package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java.lang.IllegalStateException: out of stock | out of stock",
                "io.cloacina.engine.model.ElementsFailedException [ELEMENTS_FAILED]: 1 of 3 | ELEMENTS_FAILED: 1 of 3",
                "com.acme.Outer$Inner: a: b | a: b",
                "out of stock: unicorn | out of stock: unicorn",
                "[1] is the first | [1] is the first",
                "java.lang.NullPointerException | java.lang.NullPointerException"
            })
    void a_line_has_the_message_and_the_code_and_not_the_class(String stored, String line) {
        assertThat(Reasons.firstLine(stored + "\n\tat com.acme.Shop.pack(Shop.java:29)"))
                .isEqualTo(line);
    }
}
