package io.cloacina.processor;

import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads when a task runs. */
final class RuleReader {
    private final Language language;
    private final Reporter reporter;
    private final Imports imports;

    RuleReader(Language language, Reporter reporter, Imports imports) {
        this.language = language;
        this.reporter = reporter;
        this.imports = imports;
    }

    /** Adds the call that says the rule to the options, unless it is the default. */
    Rule read(Mirror task, List<String> options) {
        Mirror when = task.nested("when");
        List<String> parts = new ArrayList<>();
        if (when.flag("always")) {
            parts.add("always");
        }
        Stream.of("allOf", "anyOf", "noneOf")
                .filter(part -> !when.list(part).isEmpty())
                .forEach(parts::add);
        if (parts.size() > 1) {
            reporter.report(Message.SEVERAL_RULES, task.place("when"), String.join(" and ", parts));
        }
        List<Rule.Case> conditions = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        for (String part : parts) {
            if (!part.equals("always")) {
                when.mirrors(part).forEach(condition -> read(condition, conditions, expressions));
            }
        }
        String part = parts.isEmpty() ? "" : parts.get(0);
        if (!part.isEmpty()) {
            String factory = switch (part) {
                case "allOf" -> "all";
                case "anyOf" -> "any";
                case "noneOf" -> "none";
                default -> "always";
            };
            String of = expressions.isEmpty() ? "" : Layout.BREAK + String.join(Layout.COMMA, expressions);
            options.add(".when(" + imports.name(TriggerRule.class) + "." + factory + "(" + of + "))");
        }
        return new Rule(part, List.copyOf(conditions), task.place("when"));
    }

    private void read(Mirror condition, List<Rule.Case> conditions, List<String> expressions) {
        List<String> states = Stream.of("completed", "failed", "skipped", "key")
                .filter(condition::says)
                .toList();
        if (states.size() != 1) {
            String said = states.isEmpty() ? "none" : String.join(" and ", states);
            reporter.report(Message.CONDITION_UNCLEAR, condition.place(), said);
            return;
        }
        String state = states.get(0);
        String name = condition.text(state);
        String literal = language.elements().getConstantExpression(name);
        String conditionClass = imports.name(TriggerCondition.class);
        String operator = "";
        if (state.equals("key")) {
            Spelling.problem(name, Integer.MAX_VALUE)
                    .ifPresent(problem ->
                            reporter.report(Message.BAD_NAME, condition.place("key"), "the key " + literal, problem));
            operator = condition.constant("is");
            expressions.add(conditionClass + ".contextValue(" + literal + ", " + comparison(condition, name) + ")");
        } else {
            if (condition.says("value") || condition.says("is")) {
                reporter.report(
                        Message.CONDITION_UNCLEAR,
                        condition.place(condition.says("value") ? "value" : "is"),
                        state + " with a comparison, which only key can have");
            }
            String factory = switch (state) {
                case "completed" -> "taskCompleted";
                case "failed" -> "taskFailed";
                default -> "taskSkipped";
            };
            expressions.add(conditionClass + "." + factory + "(" + literal + ")");
        }
        conditions.add(new Rule.Case(state, name, operator, condition.place(state)));
    }

    private String comparison(Mirror condition, String key) {
        ValueOperator operator = ValueOperator.valueOf(condition.constant("is"));
        String constant = imports.name(ValueOperator.class) + "." + operator;
        if (operator.takesValue() != condition.says("value")) {
            String problem = operator.takesValue()
                    ? "has no value to compare with; set value, as JSON"
                    : "has a value, but " + operator + " takes none; remove it, or set is = ValueOperator.EQUALS";
            reporter.report(
                    Message.CONDITION_VALUE, condition.place(operator.takesValue() ? "is" : "value"), key, problem);
            return constant;
        }
        if (!condition.says("value")) {
            return constant;
        }
        try {
            return constant + ", " + JsonLiteral.of(condition.text("value"), language.elements(), imports);
        } catch (JsonLiteral.Refused e) {
            reporter.report(Message.CONDITION_NO_JSON, condition.place("value"), condition.shown("value"), e.reason());
            return constant;
        }
    }
}
