package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.catalog.SqlTokens.Brackets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalFormTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(status = ANY (ARRAY['a'::text, 'b'::text]))                 | status IN ('a', 'b')",
                "((k)::text = ANY ((ARRAY['a'::varchar, 'b'::varchar])::text[])) | k IN ('a'::varchar, 'b'::varchar)",
                "(status <> ALL (ARRAY['a'::text, 'b'::text]))                | status NOT IN ('a', 'b')",
                "status IN ('a')                                              | status = 'a'",
                "(status = 'a'::text)                                         | status = 'a'",
                "((a >= 0) AND (b >= 0) AND (c > 1))                          | a >= 0 AND b >= 0 AND c > 1",
                "((a >= 0 AND b >= 0) AND c > 1)                              | a >= 0 AND b >= 0 AND c > 1",
                "((a = 1) OR ((b = 2) AND (c = 3)))                           | a = 1 OR b = 2 AND c = 3",
                "((a = 1 OR b = 2) AND c = 3)                                 | (a = 1 OR b = 2) AND c = 3",
                "(NOT (a = 1))                                                | NOT (a = 1)",
                "(x IS NOT NULL)                                              | x IS NOT NULL",
                "x NOTNULL                                                    | x IS NOT NULL",
                "(x > '-5'::integer)                                          | x > -5",
                "(length(note) <= 200)                                        | length(note) <= 200",
                "LENGTH( \"note\" )<=200 -- as a comment says                 | length(note) <= 200",
                "x between -2147483648 and 2147483647                         | x BETWEEN -2147483648 AND 2147483647",
                "(a - (b - c)) > 0                                            | a - (b - c) > 0",
                "(t < '2020-01-01 00:00:00'::timestamp without time zone)     "
                        + "| t < '2020-01-01 00:00:00'::timestamp without time zone",
                "name = 'it''s (not) a ''comment'' -- here'                   "
                        + "| name = 'it''s (not) a ''comment'' -- here'",
                "(value COLLATE \"C\") > 'a'                                  | value COLLATE \"C\" > 'a'",
            })
    void what_differs_in_spelling_only_is_equal(String written, String normal) {
        assertThat(NormalForm.ofPostgres(written)).isEqualTo(normal);
        assertThat(NormalForm.ofPostgres(normal)).isEqualTo(normal);
    }

    @ParameterizedTest(name = "{0} is not {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a = 1 OR (b = 2 AND c = 3) | (a = 1 OR b = 2) AND c = 3",
                "a - (b - c) > 0            | (a - b) - c > 0",
                "NOT (a = 1 AND b = 2)      | (NOT a = 1) AND b = 2",
                "\"A\" = 1                  | a = 1",
                "x = 'A'                    | x = 'a'",
                "x = 'a b'                  | x = 'a  b'",
                "x IN ('a', 'b')            | x IN ('b', 'a', 'c')",
                "x::integer > 1             | x > 1",
                "CASE WHEN a THEN 1 END = 1 | CASE WHEN b THEN 1 END = 1",
            })
    void what_means_something_else_is_not_equal(String one, String other) {
        assertThat(NormalForm.ofPostgres(one)).isNotEqualTo(NormalForm.ofPostgres(other));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "CASE  WHEN a THEN 1 /* so */ END | case when a then 1 end",
                "[x] = 1 AND `y` = \"z\"          | x = 1 AND y = z",
            })
    void what_is_not_understood_keeps_its_tokens(String written, String normal) {
        assertThat(NormalForm.of(SqlTokens.of(written, Brackets.NAME))).isEqualTo(normal);
    }
}
