package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLiteralTest {
    @TempDir
    Path output;

    private Compilation compile(String json) {
        String literal = json.replace("\\", "\\\\").replace("\"", "\\\"");
        return Compilation.of(
                output,
                Compilation.inPackage("@Workflow class Weather { @Task(when = @When(allOf = @Condition(key = \"k\","
                        + " is = ValueOperator.EQUALS, value = \"" + literal + "\"))) void read() {} }"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1|1L",
                "-0.50|new BigDecimal(\"-0.50\")",
                "1e3|new BigDecimal(\"1E+3\")",
                "9223372036854775808|new BigDecimal(\"9223372036854775808\")",
                "\"a\\u0041\\n\"|\"aA\\n\"",
                " [ ] |List.of()",
                "[true, [false]]|List.of(true, List.of(false))",
                "{\"a\": {\"b\": 1}}|Map.of(\"a\", Map.of(\"b\", 1L))",
            })
    void a_value_becomes_a_java_expression(String json, String expression) {
        Compilation compilation = compile(json);

        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.lines("weather/WeatherDefinition.java"))
                .anyMatch(line -> line.contains("ValueOperator.EQUALS, " + expression + ")"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "01|the text continues after the value, at position 1",
                "null|null cannot be compared",
                "[1,]|no value begins at position 3",
                "[1 2]|a comma or ']' is missing",
                "{\"a\" 1}|a colon is missing",
                "{\"a\":1,\"a\":2}|the key 'a' occurs twice",
                "{a:1}|a key in quotes is missing",
                "\"a|a string is not closed",
                "\"\\x\"|an escape sequence is invalid",
                "'a'|no value begins at position 0",
                "[|it ends too early",
                "~ ~|it ends too early",
            })
    void what_is_no_value_is_refused(String json, String reason) {
        assertThat(compile(json).problems()).singleElement().asString().contains(reason);
    }
}
