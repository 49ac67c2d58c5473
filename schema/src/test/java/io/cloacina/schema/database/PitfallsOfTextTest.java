package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PitfallsOfTextTest {
    /** Different texts, each a trap for some layer in between. */
    static final List<String> ADVERSARIAL = List.of(
            "",
            " ",
            "  ",
            "a",
            "A",
            "a ",
            " a",
            "a\t",
            "a\n",
            "a\r\n",
            "ab",
            "b",
            "Z",
            "_",
            "0",
            "00",
            "10",
            "9",
            "1e3",
            "1000",
            "NULL",
            "null",
            "true",
            "'",
            "''",
            "\"",
            "\\",
            "\\\\",
            "\\x41",
            "\\u0041",
            "%",
            "_%",
            "?",
            "??",
            "$1",
            ":a",
            "--",
            "/*",
            ";",
            "'; DROP TABLE sample_values; --",
            "{}",
            "\u0001",
            "\u001f",
            "\u007f",
            "\u0080",
            "\u00a0",
            "\u00ad",
            "é",
            "e\u0301",
            "ß",
            "ss",
            "ﬁ",
            "fi",
            "ı",
            "İ",
            "Ω",
            "\u2126",
            "שלום",
            "\u202eabc",
            "\u200d",
            "\u2028",
            "\ud7ff",
            "\ue000",
            "\uf8ff",
            "\ufdd0",
            "\ufeff",
            "\ufffd",
            "\ufffe",
            "\uffff",
            "\ud800\udc00",
            "😀",
            "👩\u200d👩\u200d👧",
            "\udbff\udfff");

    private static final Comparator<String> BY_CODE_POINT =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    @DatabaseTest
    void every_text_comes_back_as_it_was_and_is_equal_only_to_itself(TestDatabase test) {
        PitfallSamples<String> samples = new PitfallSamples<>(test, v -> v.text);
        samples.store(ADVERSARIAL);

        assertThat(samples.inOrder()).containsExactlyInAnyOrderElementsOf(ADVERSARIAL);
        for (int n = 0; n < ADVERSARIAL.size(); n++) {
            assertThat(samples.equalTo(ADVERSARIAL.get(n))).containsExactly(n);
        }
    }

    @DatabaseTest
    void texts_sort_by_code_point_not_by_collation_and_not_by_utf16(TestDatabase test) {
        PitfallSamples<String> samples = new PitfallSamples<>(test, v -> v.text);
        samples.store(ADVERSARIAL);

        List<String> expected = new ArrayList<>(ADVERSARIAL);
        expected.sort(BY_CODE_POINT);
        assertThat(samples.inOrder()).isEqualTo(expected);
        Collections.reverse(expected);
        assertThat(samples.inReverse()).isEqualTo(expected);
        assertThat("\uffff".compareTo("\ud800\udc00"))
                .as("Java's own order is another")
                .isPositive();
        assertThat(samples.lessThan("\ud800\udc00")).contains(ADVERSARIAL.indexOf("\uffff"));
    }

    @DatabaseTest
    void a_text_of_a_million_characters_comes_back_as_it_was(TestDatabase test) {
        PitfallSamples<String> samples = new PitfallSamples<>(test, v -> v.text);
        String ascii = "x".repeat(1 << 20);
        String wide = "é☃😀'\\".repeat(1 << 18);
        samples.store(List.of(ascii, wide));

        // Compared by hand: a failed assertion would print them.
        assertThat(ascii.equals(samples.inOrder().get(0))).isTrue();
        assertThat(wide.equals(samples.inOrder().get(1))).isTrue();
    }

    @DatabaseTest
    void text_that_only_one_of_the_databases_would_store_is_refused_by_both(TestDatabase test) {
        PitfallSamples<String> samples = new PitfallSamples<>(test, v -> v.text);

        for (String refused : List.of(
                "\0", "a\0", "\0a", "\ud800", "\udc00", "a\ud83d", "\ude00\ud83d", "\ud83dx", "\ud800\ud800\udc00")) {
            assertThatThrownBy(() -> samples.store(List.of("before", refused, "after")))
                    .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                    .hasMessageContaining("sample_values.text_value")
                    .hasMessageContaining("pitfall-samples.insert");
            assertThatThrownBy(() -> samples.equalTo(refused)).satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE));
        }
        assertThat(samples.inOrder()).isEmpty();
    }

    @DatabaseTest
    void an_empty_text_is_not_null(TestDatabase test) {
        PitfallSamples<String> samples = new PitfallSamples<>(test, v -> v.text);
        samples.store(Arrays.asList("", null));

        assertThat(samples.equalTo("")).containsExactly(0);
        assertThat(samples.inOrder()).containsExactly(null, "");
        assertThat(samples.inReverse()).containsExactly("", null);
    }

    @DatabaseTest
    void a_literal_of_a_statement_is_text_whatever_it_holds(TestDatabase test) {
        Database database = test.open(SampleSchema.SCHEMA);
        for (String text : ADVERSARIAL) {
            Statements statements = new Statements("literals");
            Command<Integer> insert = statements.insert("insert", i -> {
                var v = i.into(SampleSchema.Values::new);
                i.set(v.n, i.arg());
                i.set(v.text, text);
            });
            Select<NoArgument, Integer> find = statements.select("find", q -> {
                var v = q.from(SampleSchema.Values::new);
                q.where(v.text.eq(text));
                return row -> row.get(v.n);
            });
            int n = ADVERSARIAL.indexOf(text);
            database.write(t -> t.run(insert, n));
            assertThat(database.list(find)).as(text).containsExactly(n);
        }
    }

    @Test
    void comparing_by_pattern_which_ignores_case_on_sqlite_only_is_not_offered() {
        assertThat(Stream.of(AnyColumn.class.getMethods(), Condition.class.getMethods())
                        .flatMap(Stream::of)
                        .map(Method::getName))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("like"));
    }
}
