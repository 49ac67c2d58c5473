package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
     * @param members the names of all its classes, without the package that they are in
     */
    private record Allowed(String in, String members, String reason) {
        Set<String> names() {
            return Arrays.stream(members.split("\\s+", -1))
                    .map(member -> in + "." + member)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        boolean sharesClassesWith(Set<String> cycle) {
            return !Collections.disjoint(names(), cycle);
        }
    }

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "api",
                    "Providers WorkflowDefinition WorkflowProvider",
                    "WorkflowDefinition.of finds the provider that the processor wrote, which returns one"),
            new Allowed(
                    "api", "RuleCheck TaskGraph", "the rules of a graph are checked by the graph that is being made"),
            new Allowed(
                    "engine",
                    """
                    Alerts AuditLog BulkOperations Closing Diagnosis DispatcherWakeups Engine
                    EngineBuilder EngineConfiguration EngineRuntime Events ExecutionQuery
                    ExecutionWaiter Gauges History Hooks Interventions JoinedSubmitter
                    ManualEngine NotificationHandler Packages RunningEngine Schedules SignalNames
                    Submissions TaskPages TaskQuery Versions WorkflowClient""",
                    "the facade: each part is reached through the Engine, and reaches the others through its runtime"),
            new Allowed(
                    "engine.internal.json",
                    """
                    BeanShapes EnumShapes Fields Form JsonContext JsonMapping LargeValues
                    Mismatches OneOf Scalar Shape Shapes StoredForm Trial""",
                    "the form of a value consists of forms; each reports what does not fit, and is read as JSON"),
            new Allowed(
                    "engine.internal.json",
                    "SealedReading SealedTypes SealedWriting",
                    "SealedTypes registers what reads and what writes them, and both ask it which types are sealed"),
            new Allowed(
                    "engine.internal.write",
                    "Completer ParentNotifier Planner",
                    "the end of an execution can complete the task that waits for it, and so another execution"),
            new Allowed(
                    "engine.internal.write",
                    "Lane SideLane WriteLanes",
                    "a lane hands what it cannot write back to all, which know where to put it"),
            new Allowed(
                    "schema.copy", "SelfReference TableStatements", "a table that refers to itself is copied twice"),
            new Allowed(
                    "schema.database",
                    "DatabaseUrl PostgresUrl UrlParser",
                    "DatabaseUrl.parse chooses among its own subtypes"),
            new Allowed(
                    "schema.database",
                    """
                    Database Definitions ErrorClassifier Gate GivenSource Joined JoinedSession
                    Lender Lending LentConnection LentObject Pipeline PostgresErrors
                    PostgresListener PostgresPool PostgresProduct PostgresServer PostgresSession
                    PostgresSessions ReadTransaction ServerStatements Session SessionState
                    Sessions SetStatements SqliteErrors SqliteIdentity SqliteListener
                    SqliteSession SqliteSessions StatementCache Subscription Subscriptions
                    TransactionAbortedException TransactionRunner WriteTransaction""",
                    "a database lends sessions, a session lends connections and transactions, and each leads back to it"),
            new Allowed(
                    "schema.migration",
                    "CloacinaMigrations History Migrations Migrator UnfinishedCopy",
                    "the history of migrations is a table that migrations make"),
            new Allowed(
                    "schema.sql",
                    """
                    AnyColumn Builder ChangeBuilder Check Column ComposedSet Condition
                    Expression ForeignKey Index IndexPart InsertBuilder KeysetPart
                    NullableColumn Ordering Outer ReferenceProbe Row RowReader Selectable
                    Selection SqlWriter Table""",
                    "the terms of statements: an expression has columns, a column makes conditions, and so on"),
            new Allowed(
                    "schema.sql", "Dialect PostgresDialect SqliteDialect", "Dialect.of chooses among its own subtypes"),
            new Allowed(
                    "testing",
                    "ExecutionAssert TaskExecutionAssert",
                    "an assertion about an execution leads to one about a task of it, and that leads back"));

    @Test
    void classes_depend_on_each_other_in_one_direction_but_for_the_cycles_that_have_a_reason() {
        List<Set<String>> cycles = cycles(OurClasses.dependencies());

        for (Set<String> cycle : cycles) {
            Allowed like = ALLOWED.stream()
                    .filter(allowed -> allowed.sharesClassesWith(cycle))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(
                            cycle + " need each other: turn one of them round, or name the cycle with its reason"));
            assertThat(cycle)
                    .as(
                            "the cycle of %s, allowed because %s",
                            like.names().iterator().next(), like.reason)
                    .containsExactlyInAnyOrderElementsOf(like.names());
        }
        assertThat(ALLOWED)
                .allSatisfy(allowed -> assertThat(cycles)
                        .as("there is no such cycle any more: %s", allowed)
                        .anyMatch(allowed::sharesClassesWith));
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
