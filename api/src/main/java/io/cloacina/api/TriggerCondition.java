package io.cloacina.api;

import org.jspecify.annotations.Nullable;

/** One condition of a {@link TriggerRule}. Immutable. */
public sealed interface TriggerCondition {
    /**
     * The name of the kind in JSON: {@code TaskSuccess}, {@code TaskFailed}, {@code TaskSkipped}, {@code ContextValue}.
     */
    String type();

    /**
     * A condition on how another task ended. That task must be a direct or indirect dependency of the task with the
     * rule.
     */
    sealed interface OfTask extends TriggerCondition {
        /** The name of that task. */
        String taskName();
    }

    /** Holds if the task completed. */
    static TriggerCondition taskCompleted(String taskName) {
        return new TaskCompleted(taskName);
    }

    /** Holds if the task failed for good. */
    static TriggerCondition taskFailed(String taskName) {
        return new TaskFailed(taskName);
    }

    /** Holds if the task was skipped. */
    static TriggerCondition taskSkipped(String taskName) {
        return new TaskSkipped(taskName);
    }

    /**
     * Holds if the operator is true for the value of a context key, as the task would see it, and {@code value}.
     *
     * @param value a string, a number, a boolean, a list or a map with string keys of such values; it is copied
     * @throws CloacinaException if the value is not one of these, or the operator takes no value
     */
    static TriggerCondition contextValue(String key, ValueOperator operator, Object value) {
        return new ContextValue(key, operator, value);
    }

    /**
     * Holds if a key of the context, as the task would see it, is present, or is absent.
     *
     * @throws CloacinaException if the operator needs a value
     */
    static TriggerCondition contextValue(String key, ValueOperator operator) {
        return new ContextValue(key, operator, null);
    }

    /**
     * The task completed.
     *
     * @param taskName its name
     */
    record TaskCompleted(String taskName) implements OfTask {
        /** Checks that there is a name. */
        public TaskCompleted {
            Arguments.given("the name of a task in a condition", taskName);
        }

        @Override
        public String type() {
            return "TaskSuccess";
        }
    }

    /**
     * The task failed for good.
     *
     * @param taskName its name
     */
    record TaskFailed(String taskName) implements OfTask {
        /** Checks that there is a name. */
        public TaskFailed {
            Arguments.given("the name of a task in a condition", taskName);
        }

        @Override
        public String type() {
            return "TaskFailed";
        }
    }

    /**
     * The task was skipped.
     *
     * @param taskName its name
     */
    record TaskSkipped(String taskName) implements OfTask {
        /** Checks that there is a name. */
        public TaskSkipped {
            Arguments.given("the name of a task in a condition", taskName);
        }

        @Override
        public String type() {
            return "TaskSkipped";
        }
    }

    /**
     * A comparison with the value of a key of the context.
     *
     * @param key the key at the top level of the context
     * @param operator how to compare
     * @param value what to compare with, an immutable JSON value; null exactly if the operator takes none
     */
    record ContextValue(
            String key, ValueOperator operator, @Nullable Object value) implements TriggerCondition {
        /** Checks that the operator has the value it needs, and copies it. */
        public ContextValue {
            Arguments.unicode(Arguments.INVALID, "the key of a condition", key);
            if (Arguments.given("the operator", operator).takesValue() == (value == null)) {
                throw Arguments.invalid("the operator " + operator.label()
                        + (value == null ? " needs a value to compare with" : " takes no value, but one was given")
                        + ": the rule on the key " + Names.quoted(key));
            }
            value = value == null ? null : JsonValue.frozen(value);
        }

        @Override
        public String type() {
            return "ContextValue";
        }
    }
}
