package io.cloacina.api;

import java.util.List;

/**
 * Decides, once every direct dependency of a task has ended, whether the task runs or is skipped. Immutable.
 *
 * <pre>{@code
 * .task("refund", body, task -> task.after("charge", "ship").when(all(taskCompleted("charge"), taskFailed("ship"))))
 * }</pre>
 */
public sealed interface TriggerRule {
    /**
     * The name of the kind in JSON: {@code DependenciesCompleted}, {@code Always}, {@code All}, {@code Any}, {@code
     * None}.
     */
    String type();

    /** The conditions in the order given; of {@code DependenciesCompleted} and {@code Always} none. */
    List<TriggerCondition> conditions();

    /**
     * The default: the task runs if every direct dependency completed. If one failed or was skipped, this task is
     * skipped.
     */
    static TriggerRule dependenciesCompleted() {
        return new DependenciesCompleted();
    }

    /** The task runs however its dependencies ended. */
    static TriggerRule always() {
        return new Always();
    }

    /**
     * The task runs if all conditions hold.
     *
     * @throws CloacinaException if there is none
     */
    static TriggerRule all(TriggerCondition... conditions) {
        return new All(Arguments.all("the conditions of the rule 'all'", conditions));
    }

    /**
     * The task runs if at least one condition holds.
     *
     * @throws CloacinaException if there is none
     */
    static TriggerRule any(TriggerCondition... conditions) {
        return new Any(Arguments.all("the conditions of the rule 'any'", conditions));
    }

    /**
     * The task runs if no condition holds.
     *
     * @throws CloacinaException if there is none
     */
    static TriggerRule none(TriggerCondition... conditions) {
        return new None(Arguments.all("the conditions of the rule 'none'", conditions));
    }

    /** Every direct dependency completed. */
    record DependenciesCompleted() implements TriggerRule {
        @Override
        public String type() {
            return "DependenciesCompleted";
        }

        @Override
        public List<TriggerCondition> conditions() {
            return List.of();
        }
    }

    /** However the dependencies ended. */
    record Always() implements TriggerRule {
        @Override
        public String type() {
            return "Always";
        }

        @Override
        public List<TriggerCondition> conditions() {
            return List.of();
        }
    }

    /**
     * All conditions hold.
     *
     * @param conditions at least one
     */
    record All(List<TriggerCondition> conditions) implements TriggerRule {
        /** Copies them. */
        public All {
            conditions = some("all", conditions);
        }

        @Override
        public String type() {
            return "All";
        }
    }

    /**
     * At least one condition holds.
     *
     * @param conditions at least one
     */
    record Any(List<TriggerCondition> conditions) implements TriggerRule {
        /** Copies them. */
        public Any {
            conditions = some("any", conditions);
        }

        @Override
        public String type() {
            return "Any";
        }
    }

    /**
     * No condition holds.
     *
     * @param conditions at least one
     */
    record None(List<TriggerCondition> conditions) implements TriggerRule {
        /** Copies them. */
        public None {
            conditions = some("none", conditions);
        }

        @Override
        public String type() {
            return "None";
        }
    }

    private static List<TriggerCondition> some(String kind, List<TriggerCondition> conditions) {
        List<TriggerCondition> all = Arguments.all("the conditions of the rule '" + kind + "'", conditions);
        if (all.isEmpty()) {
            throw Arguments.invalid("the rule '" + kind + "' needs a condition; to run in any case use always()");
        }
        return all;
    }
}
