package io.cloacina.api;

import static io.cloacina.api.TriggerCondition.contextValue;
import static io.cloacina.api.TriggerCondition.taskCompleted;
import static io.cloacina.api.TriggerCondition.taskFailed;
import static io.cloacina.api.TriggerCondition.taskSkipped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cloacina.api.TriggerCondition.ContextValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TriggerRuleTest {
    @Test
    void there_are_five_kinds_of_rules() {
        TriggerCondition a = taskCompleted("a");
        TriggerCondition b = taskFailed("b");

        assertThat(List.of(
                        TriggerRule.dependenciesCompleted(),
                        TriggerRule.always(),
                        TriggerRule.all(a, b),
                        TriggerRule.any(a, b),
                        TriggerRule.none(a, b)))
                .extracting(TriggerRule::type)
                .containsExactly("DependenciesCompleted", "Always", "All", "Any", "None");
        assertThat(TriggerRule.all(a, b).conditions()).containsExactly(a, b);
        assertThat(TriggerRule.always().conditions()).isEmpty();
        assertThat(TriggerRule.dependenciesCompleted().conditions()).isEmpty();
        assertThat(TriggerRule.any(a))
                .isEqualTo(new TriggerRule.Any(List.of(a)))
                .isNotEqualTo(TriggerRule.none(a));
    }

    @Test
    void there_are_four_kinds_of_conditions() {
        assertThat(List.of(
                        taskCompleted("a"),
                        taskFailed("a"),
                        taskSkipped("a"),
                        contextValue("key", ValueOperator.EQUALS, 1)))
                .extracting(TriggerCondition::type)
                .containsExactly("TaskSuccess", "TaskFailed", "TaskSkipped", "ContextValue");
    }

    @Test
    void operators_have_the_labels_of_the_json_form() {
        assertThat(ValueOperator.values())
                .extracting(ValueOperator::label)
                .containsExactly(
                        "Equals",
                        "NotEquals",
                        "GreaterThan",
                        "LessThan",
                        "Contains",
                        "NotContains",
                        "Exists",
                        "NotExists");
    }

    @Test
    void a_rule_without_a_condition_is_refused() {
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> TriggerRule.all())
                .withMessage("the rule 'all' needs a condition; to run in any case use always()");
        assertThatExceptionOfType(CloacinaException.class).isThrownBy(() -> TriggerRule.any());
        assertThatExceptionOfType(CloacinaException.class).isThrownBy(() -> new TriggerRule.None(List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void an_operator_gets_the_value_that_it_needs_and_no_other(ValueOperator operator) {
        boolean alone = operator == ValueOperator.EXISTS || operator == ValueOperator.NOT_EXISTS;

        assertThat(operator.takesValue()).isEqualTo(!alone);
        if (alone) {
            assertThat(contextValue("key", operator)).isEqualTo(new ContextValue("key", operator, null));
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> contextValue("key", operator, 1))
                    .withMessageContaining(operator.label() + " takes no value")
                    .withMessageContaining("'key'");
        } else {
            assertThat(contextValue("key", operator, 1)).isEqualTo(new ContextValue("key", operator, 1));
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> contextValue("key", operator))
                    .withMessageContaining(operator.label() + " needs a value");
        }
    }

    @Test
    void a_value_is_copied() {
        List<Object> inner = new ArrayList<>(Arrays.asList(1, null));
        Map<String, Object> given = new HashMap<>(Map.of("b", inner, "a", true));
        given.put("none", null);

        ContextValue condition = (ContextValue) contextValue("key", ValueOperator.EQUALS, given);
        inner.add("later");
        given.clear();

        Map<String, Object> expected = new HashMap<>(Map.of("b", Arrays.asList(1, null), "a", true));
        expected.put("none", null);
        assertThat(condition.value()).isEqualTo(expected);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ((Map<?, ?>) Objects.requireNonNull(condition.value())).clear());
    }

    @Test
    void a_value_that_is_no_json_is_refused() {
        for (Object value : List.of(
                new UUID(1, 2), Double.NaN, Float.POSITIVE_INFINITY, new AtomicLong(1), List.of(new int[0]), 'c')) {
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> contextValue("key", ValueOperator.EQUALS, value))
                    .withMessageStartingWith("a rule can compare only with a text, a finite number");
        }
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> contextValue("key", ValueOperator.EQUALS, Map.of(1, "one")))
                .withMessageContaining("the key 1 of a map is not a text");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> contextValue("key", ValueOperator.EQUALS, "half \ud800"))
                .withMessageContaining("half of a surrogate pair at 5");
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> contextValue("\udc00", ValueOperator.EXISTS));
    }

    @Test
    void values_that_are_equal_as_json_have_one_text() {
        assertThat(text(Map.of("n", List.of(1, 1.0, 1f, new BigDecimal("1.00"), 1L))))
                .isEqualTo("{\"n\":[1,1,1,1,1,],}");
        assertThat(text(0.5)).isEqualTo("0.5").isNotEqualTo(text("0.5"));
        assertThat(text("a\"b\\c\n")).isEqualTo("\"a\\\"b\\\\c\\u000a\"");
        assertThat(text(Arrays.asList(true, null))).isEqualTo("[true,null,]").isNotEqualTo(text(List.of("true,null")));
    }

    private static String text(Object value) {
        StringBuilder text = new StringBuilder();
        JsonValue.write(JsonValue.frozen(value), text);
        return text.toString();
    }
}
