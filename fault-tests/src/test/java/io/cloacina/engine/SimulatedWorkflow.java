package io.cloacina.engine;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A random workflow, in words of its own: what its rules and contexts mean is said here a second time, and simply. */
final class SimulatedWorkflow {
    private static final int KEYS = 4;

    private final String name;
    private final List<Task> tasks;
    private final Map<String, Task> byName = new HashMap<>();
    private final IdentityHashMap<Task, List<String>> ancestors = new IdentityHashMap<>();
    private final IdentityHashMap<Task, List<Task>> after = new IdentityHashMap<>();

    private SimulatedWorkflow(String name, List<Task> tasks) {
        this.name = name;
        this.tasks = tasks;
        for (Task task : tasks) {
            byName.put(task.name, task);
            Set<String> found = ancestors(task.before, tasks);
            ancestors.put(
                    task, tasks.stream().map(Task::name).filter(found::contains).toList());
            after.put(
                    task,
                    tasks.stream()
                            .filter(each -> each.before.contains(task.name))
                            .toList());
        }
    }

    /** {@code growth} is 0 for equal delays, 1 for linear and 2 for doubled ones. */
    record Task(
            String name,
            List<String> before,
            Rule rule,
            int attempts,
            int growth,
            int delaySeconds,
            int priority,
            boolean transactional) {
        int delaySeconds(int failures) {
            return growth == 0 ? delaySeconds : growth == 1 ? delaySeconds * failures : delaySeconds << (failures - 1);
        }
    }

    /** {@code kind} is Default, Always, All, Any or None. */
    record Rule(String kind, List<Condition> conditions) {}

    /** The end of a task, or with an operator the value of a key. */
    record Condition(
            String subject, String wanted, @Nullable ValueOperator operator, int value) {}

    static SimulatedWorkflow random(String name, Random random) {
        int size = 1 + random.nextInt(8);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Set<String> before = new TreeSet<>();
            int most = i == 0 ? 0 : random.nextInt(Math.min(i, 3) + 1);
            for (int edge = 0; edge < most; edge++) {
                before.add("t" + random.nextInt(i));
            }
            List<String> ancestors = new ArrayList<>(ancestors(before, tasks));
            tasks.add(new Task(
                    "t" + i,
                    List.copyOf(before),
                    rule(ancestors, random),
                    1 + random.nextInt(3),
                    random.nextInt(3),
                    random.nextBoolean() ? 0 : 5 + random.nextInt(20),
                    random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0,
                    random.nextInt(4) == 0));
        }
        return new SimulatedWorkflow(name, tasks);
    }

    private static Rule rule(List<String> ancestors, Random random) {
        int kind = random.nextInt(10);
        if (kind < 5 || ancestors.isEmpty()) {
            return new Rule("Default", List.of());
        }
        if (kind < 7) {
            return new Rule("Always", List.of());
        }
        List<Condition> conditions = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            conditions.add(condition(ancestors, random));
        }
        return new Rule(List.of("All", "Any", "None").get(random.nextInt(3)), conditions);
    }

    private static Condition condition(List<String> ancestors, Random random) {
        if (random.nextInt(3) > 0) {
            String wanted = List.of("Completed", "Failed", "Skipped").get(random.nextInt(3));
            return new Condition(ancestors.get(random.nextInt(ancestors.size())), wanted, null, 0);
        }
        ValueOperator operator = List.of(
                        ValueOperator.EQUALS,
                        ValueOperator.NOT_EQUALS,
                        ValueOperator.GREATER_THAN,
                        ValueOperator.LESS_THAN,
                        ValueOperator.EXISTS,
                        ValueOperator.NOT_EXISTS)
                .get(random.nextInt(6));
        return new Condition("k" + random.nextInt(KEYS), "", operator, random.nextInt(4));
    }

    String name() {
        return name;
    }

    List<Task> tasks() {
        return tasks;
    }

    Task task(String task) {
        return Simulated.known(byName.get(task), task);
    }

    List<Task> after(Task task) {
        return Simulated.known(after.get(task), task.name);
    }

    /** All before a task, in the order of the definition. */
    List<String> ancestors(Task task) {
        return Simulated.known(ancestors.get(task), task.name);
    }

    private static Set<String> ancestors(Iterable<String> before, List<Task> tasks) {
        Set<String> found = new LinkedHashSet<>();
        for (String direct : before) {
            found.add(direct);
            tasks.stream()
                    .filter(task -> task.name.equals(direct))
                    .forEach(task -> found.addAll(ancestors(task.before, tasks)));
        }
        return found;
    }

    /** Whether a task runs, of whose ancestors the ends are known. */
    boolean runs(Task task, Map<String, String> ends, Map<String, Integer> context) {
        List<Condition> conditions = task.rule.conditions;
        return switch (task.rule.kind) {
            case "Always" -> true;
            case "All" -> conditions.stream().allMatch(each -> holds(each, ends, context));
            case "Any" -> conditions.stream().anyMatch(each -> holds(each, ends, context));
            case "None" -> conditions.stream().noneMatch(each -> holds(each, ends, context));
            default -> task.before.stream().allMatch(each -> "Completed".equals(ends.get(each)));
        };
    }

    private static boolean holds(Condition condition, Map<String, String> ends, Map<String, Integer> context) {
        if (condition.operator == null) {
            return condition.wanted.equals(ends.get(condition.subject));
        }
        Integer found = context.get(condition.subject);
        return switch (condition.operator) {
            case EXISTS -> found != null;
            case NOT_EXISTS -> found == null;
            case EQUALS -> found != null && found == condition.value;
            case NOT_EQUALS -> found == null || found != condition.value;
            case GREATER_THAN -> found != null && found > condition.value;
            case LESS_THAN -> found != null && found < condition.value;
            case CONTAINS, NOT_CONTAINS -> throw new AssertionError(condition);
        };
    }

    /** What a task sees: the input, changed by what each of its ancestors wrote, in the order of the definition. */
    Map<String, Integer> seenBy(
            Task task, Map<String, Integer> input, Map<String, Map<String, @Nullable Integer>> outputs) {
        Map<String, Integer> seen = new TreeMap<>(input);
        for (String ancestor : ancestors(task)) {
            outputs.getOrDefault(ancestor, Map.of()).forEach((key, value) -> {
                if (value == null) {
                    seen.remove(key);
                } else {
                    seen.put(key, value);
                }
            });
        }
        return seen;
    }

    static Map<String, @Nullable Integer> randomValues(Random random, boolean mayRemove) {
        Map<String, @Nullable Integer> values = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            values.put("k" + random.nextInt(KEYS), mayRemove && random.nextInt(4) == 0 ? null : random.nextInt(4));
        }
        return values;
    }

    /** The same for the engine. */
    WorkflowDefinition definition(TaskBody body) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(name).version("1");
        for (Task task : tasks) {
            builder.task(task.name, body, options -> {
                options.after(task.before)
                        .priority(task.priority)
                        .retry(policy(task))
                        .when(rule(task.rule));
                if (task.transactional) {
                    options.transactional();
                }
            });
        }
        return builder.build();
    }

    private static RetryPolicy policy(Task task) {
        Duration delay = Duration.ofSeconds(task.delaySeconds);
        return switch (task.growth) {
            case 0 -> RetryPolicy.fixed(task.attempts, delay);
            case 1 -> RetryPolicy.linear(task.attempts, delay);
            default -> RetryPolicy.exponential(task.attempts, delay);
        };
    }

    private static TriggerRule rule(Rule rule) {
        TriggerCondition[] conditions =
                rule.conditions.stream().map(SimulatedWorkflow::condition).toArray(TriggerCondition[]::new);
        return switch (rule.kind) {
            case "Always" -> TriggerRule.always();
            case "All" -> TriggerRule.all(conditions);
            case "Any" -> TriggerRule.any(conditions);
            case "None" -> TriggerRule.none(conditions);
            default -> TriggerRule.dependenciesCompleted();
        };
    }

    private static TriggerCondition condition(Condition condition) {
        if (condition.operator != null) {
            return condition.operator.takesValue()
                    ? TriggerCondition.contextValue(condition.subject, condition.operator, condition.value)
                    : TriggerCondition.contextValue(condition.subject, condition.operator);
        }
        return switch (condition.wanted) {
            case "Completed" -> TriggerCondition.taskCompleted(condition.subject);
            case "Failed" -> TriggerCondition.taskFailed(condition.subject);
            default -> TriggerCondition.taskSkipped(condition.subject);
        };
    }

    @Override
    public String toString() {
        return name + tasks;
    }
}
