package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Classes need each other in one direction, but for the cycles that are named here, each with its reason. */
class ClassCyclesTest {
    /**
     * A cycle that may stay.
     *
     * @param members names of its classes, or the package that all of them are in
     */
    private record Allowed(String members, String reason) {
        boolean covers(Set<String> cycle) {
            Set<String> names = new HashSet<>(Arrays.asList(members.split(" ")));
            return cycle.stream().allMatch(name -> names.contains(name) || names.contains(packageOf(name)));
        }

        private static String packageOf(String name) {
            return name.substring(0, name.lastIndexOf('.'));
        }
    }

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "api.Providers api.WorkflowDefinition api.WorkflowProvider",
                    "WorkflowDefinition.of finds the provider that the processor wrote, which returns one"),
            new Allowed(
                    "api.RuleCheck api.TaskGraph", "the rules of a graph are checked by the graph that is being made"),
            new Allowed(
                    "engine",
                    "the facade: each part is reached through the Engine, and reaches the others through its runtime"),
            new Allowed(
                    "engine.internal.json",
                    "the form of a value consists of forms; each reports what does not fit, and is read as JSON"),
            new Allowed(
                    "engine.internal.write.Completer engine.internal.write.ParentNotifier engine.internal.write.Planner",
                    "the end of an execution can complete the task that waits for it, and so another execution"),
            new Allowed(
                    "engine.internal.write.Lane engine.internal.write.SideLane engine.internal.write.WriteLanes",
                    "a lane hands what it cannot write back to all, which know where to put it"),
            new Allowed(
                    "schema.copy.SelfReference schema.copy.TableStatements",
                    "a table that refers to itself is copied twice"),
            new Allowed(
                    "schema.database.DatabaseUrl schema.database.PostgresUrl schema.database.UrlParser",
                    "DatabaseUrl.parse chooses among its own subtypes"),
            new Allowed(
                    "schema.database",
                    "a database lends sessions, a session lends connections and transactions, and each leads back to it"),
            new Allowed("schema.migration", "the history of migrations is a table that migrations make"),
            new Allowed(
                    "schema.sql",
                    "the terms of statements: an expression has columns, a column makes conditions, and so on"),
            new Allowed(
                    "testing.ExecutionAssert testing.TaskExecutionAssert",
                    "an assertion about an execution leads to one about a task of it, and that leads back"));

    @Test
    void classes_depend_on_each_other_in_one_direction_but_for_the_cycles_that_have_a_reason() {
        List<Set<String>> cycles = cycles(OurClasses.dependencies());

        assertThat(cycles)
                .allSatisfy(cycle -> assertThat(ALLOWED)
                        .as("%s need each other: turn one of them round, or name the cycle with its reason", cycle)
                        .anyMatch(allowed -> allowed.covers(cycle)));
        assertThat(ALLOWED)
                .allSatisfy(allowed -> assertThat(cycles)
                        .as("there is no such cycle any more: %s", allowed)
                        .anyMatch(allowed::covers));
    }

    /** Groups of classes of which each reaches each. */
    private static List<Set<String>> cycles(Map<String, Set<String>> dependencies) {
        Map<String, Set<String>> reached = dependencies.keySet().stream()
                .collect(Collectors.toMap(name -> name, name -> OurClasses.reachable(List.of(name), dependencies)));
        Set<String> placed = new HashSet<>();
        List<Set<String>> cycles = new ArrayList<>();
        for (String name : new TreeSet<>(dependencies.keySet())) {
            Set<String> cycle = new TreeSet<>();
            for (String other : reached.getOrDefault(name, Set.of())) {
                if (reached.getOrDefault(other, Set.of()).contains(name)) {
                    cycle.add(other);
                }
            }
            if (cycle.size() > 1 && placed.add(cycle.iterator().next())) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }
}
