package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.ScheduleStatistics;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import io.cloacina.server.json.StatusJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A component that is added to a value of the engine is in its JSON, or it is listed here why it is not; and the description of the
 * HTTP API names the same properties. Each component is changed alone, and the JSON must change with it.
 */
class JsonFieldsTest {
    /** Which components are not in the JSON, with the reason. */
    private static final Map<String, String> ABSENT = Map.of(
            "StoredEvent.ExecutionSubmitted.priority",
            "events of all kinds have the same fields; GET /executions/{id} has the priority",
            "StoredEvent.ExecutionEnded.submittedAt",
            "events of all kinds have the same fields; GET /executions/{id} has it as created_at",
            "StoredWorkflow.name",
            "the version of the workflow, which the answer begins with, has it",
            "StoredWorkflow.version",
            "the version of the workflow, which the answer begins with, has it",
            "Status.runners > Status.RunnerState.used > Count.isMore",
            "a runner has at most 10,000 slots, and so many are counted");

    /** Methods that make no JSON of a value, or one that has no form of its own. */
    private static final Set<String> OTHERS =
            Set.of("condition", "labels", "eventName", "context", "input", "text", "workflow", "version");

    /** A value, how it becomes JSON, and where the description has its form. */
    private record Form<T>(Class<T> type, Function<T, JsonNode> json, String schema) {
        JsonNode of(Object value) {
            return json.apply(type.cast(value));
        }
    }

    /** Two values that differ in one part only. */
    private record Change(String part, Object before, Object after) {}

    private static final Map<String, Form<?>> FORMS = new HashMap<>();

    static {
        form("execution", Execution.class, JsonOf::execution, "ExecutionSummary");
        form("audited", AuditEntry.class, JsonOf::audited, "AuditEntry");
        form("hook", Hook.class, JsonOf::hook, "Hook");
        form("alert", Alert.class, JsonOf::alert, "Alert");
        form("operation", BulkOperation.class, JsonOf::operation, "Operation");
        form("preview", BulkPreview.class, each -> JsonOf.preview(each, BulkAction.retry()), "OperationPreview");
        form("failures", FailureGroup.class, JsonOf::failures, "FailureGroup");
        form("task", TaskExecution.class, JsonOf::task, "Task");
        form("attempt", TaskAttempt.class, JsonOf::attempt, "Attempt");
        form("event", StoredEvent.ExecutionSubmitted.class, JsonOf::event, "Event");
        form("event of a task", StoredEvent.TaskEnded.class, JsonOf::event, "Event");
        form("event of an end", StoredEvent.ExecutionEnded.class, JsonOf::event, "Event");
        form("recovery", RecoveryEvent.class, JsonOf::recovery, "Recovery");
        form("runner", Runner.class, JsonOf::runner, "Runner");
        form("schedule", ScheduleState.class, JsonOf::schedule, "Schedule");
        form("occurrence", Occurrence.class, JsonOf::occurrence, "Occurrences/properties/occurrences/items");
        form("statistics", ScheduleStatistics.class, JsonOf::statistics, "ScheduleStatistics");
        form("storedPackage", StoredPackage.class, JsonOf::storedPackage, "Package");
        form("versions", WorkflowVersion.class, JsonOf::version, "WorkflowVersion");
        form("version and workflow", StoredWorkflow.class, JsonFieldsTest::ofVersion, "Workflow");
        form("of", Status.class, StatusJson::of, "Status");
        form("reason", Reason.class, StatusJson::reason, "Reason");
    }

    private final JsonNode document = document();

    private static <T> void form(String method, Class<T> type, Function<T, JsonNode> json, String schema) {
        FORMS.put(method, new Form<>(type, json, "/components/schemas/" + schema));
    }

    /** As the server answers it: the version, and then what is stored of it. */
    private static JsonNode ofVersion(StoredWorkflow stored) {
        ObjectNode node = JsonOf.version(
                (WorkflowVersion) changes(WorkflowVersion.class).get(0).before());
        node.setAll(JsonOf.workflow(stored));
        return node;
    }

    @Test
    void each_method_that_makes_json_of_a_value_is_compared() {
        Set<String> methods = Stream.of(JsonOf.class, StatusJson.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !OTHERS.contains(name))
                .collect(Collectors.toSet());

        assertThat(FORMS.keySet()).containsAll(methods);
    }

    @Test
    void each_component_of_a_value_changes_its_json() {
        Set<String> unchanged = new TreeSet<>();
        for (Form<?> form : FORMS.values()) {
            for (Change change : changes(form.type())) {
                if (form.of(change.before()).equals(form.of(change.after()))) {
                    unchanged.add(change.part());
                }
            }
        }

        assertThat(unchanged)
                .as("parts that are not in the JSON: add them to JsonOf or StatusJson, or say here why they are not")
                .isEqualTo(new TreeSet<>(ABSENT.keySet()));
    }

    @Test
    void the_description_names_the_properties_of_the_json_and_no_others() {
        List<String> differences = new ArrayList<>();
        FORMS.forEach((method, form) -> {
            JsonNode json = form.of(changes(form.type()).get(0).before());
            compare(method, document.at(form.schema()), json, differences);
        });

        assertThat(differences).isEmpty();
    }

    private void compare(String where, JsonNode given, JsonNode value, List<String> differences) {
        JsonNode schema =
                given.has("$ref") ? document.at(given.get("$ref").asText().substring(1)) : given;
        if (value.isArray()) {
            value.forEach(element -> compare(where + "[]", schema.path("items"), element, differences));
        } else if (schema.has("properties")) {
            Set<String> described = new TreeSet<>();
            schema.get("properties").fieldNames().forEachRemaining(described::add);
            Set<String> present = new TreeSet<>();
            value.fieldNames().forEachRemaining(present::add);
            if (!described.equals(present)) {
                differences.add(where + " has " + present + ", but " + described + " are described");
            }
            value.properties()
                    .forEach(field -> compare(
                            where + "." + field.getKey(),
                            schema.path("properties").path(field.getKey()),
                            field.getValue(),
                            differences));
        }
    }

    /** Pairs of values of a type that differ in one part, one pair at least for each part. */
    private static List<Change> changes(Type type) {
        if (type instanceof ParameterizedType of) {
            return changesOfMany(of);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == Schedule.class) {
            return ofSchedule();
        }
        if (plain == AlertRule.class) {
            return ofRule();
        }
        return plain.isRecord() ? ofRecord(plain) : List.of(simple(plain));
    }

    private static List<Change> changesOfMany(ParameterizedType type) {
        Type of = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        return changes(of).stream()
                .map(each -> type.getRawType() == Map.class
                        ? new Change(each.part(), Map.of(key(type), each.before()), Map.of(key(type), each.after()))
                        : new Change(each.part(), List.of(each.before()), List.of(each.after())))
                .toList();
    }

    private static Object key(ParameterizedType map) {
        return changes(map.getActualTypeArguments()[0]).get(0).before();
    }

    private static List<Change> ofRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = Arrays.stream(components)
                .map(each -> changes(each.getGenericType()).get(0).before())
                .toArray();
        List<Change> all = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            for (Change change : changes(components[i].getGenericType())) {
                String name =
                        type.getCanonicalName().substring(type.getPackageName().length() + 1);
                String part =
                        name + "." + components[i].getName() + (change.part().isEmpty() ? "" : " > " + change.part());
                all.add(new Change(
                        part, made(type, values, i, change.before()), made(type, values, i, change.after())));
            }
        }
        return all;
    }

    private static Object made(Class<?> type, Object[] values, int index, Object value) {
        Object[] all = values.clone();
        all[index] = value;
        try {
            return type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(all);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " of " + Arrays.toString(all), e);
        }
    }

    private static Change simple(Class<?> type) {
        Instant time = Instant.parse("2026-03-01T17:05:00Z");
        if (type.isEnum()) {
            return new Change("", type.getEnumConstants()[0], type.getEnumConstants()[1]);
        }
        return switch (type.getSimpleName()) {
            case "String" -> new Change("", "/a", "/b");
            case "int", "Integer" -> new Change("", 3, 4);
            case "long", "Long" -> new Change("", 5L, 6L);
            case "boolean" -> new Change("", true, false);
            case "UUID" -> new Change("", new UUID(1, 2), new UUID(3, 4));
            case "Instant" -> new Change("", time, time.plusSeconds(1));
            case "Duration" -> new Change("", Duration.ofHours(1), Duration.ofHours(2));
            case "EventCursor" -> new Change("", EventCursor.since(time), EventCursor.since(time.plusSeconds(1)));
            case "BulkAction" -> new Change("", BulkAction.retry(), BulkAction.restart());
            default -> throw new IllegalStateException("there are no two samples of " + type);
        };
    }

    private static List<Change> ofSchedule() {
        Instant time = Instant.parse("2026-03-01T17:05:00Z");
        Schedule one = Schedule.of("nightly", "order").cron("0 2 * * *").between(time, time.plusSeconds(60));
        Map<String, Schedule> others = Map.of(
                "name", Schedule.of("daily", "order").cron("0 2 * * *").between(time, time.plusSeconds(60)),
                "workflow", Schedule.of("nightly", "invoice").cron("0 2 * * *").between(time, time.plusSeconds(60)),
                "cron", one.cron("0 3 * * *"),
                "zone", one.zone("Europe/Berlin"),
                "catchUp", one.catchUp(CatchUp.skip()),
                "input", one.input(Map.of("a", 1)),
                "start", one.between(time.minusSeconds(1), time.plusSeconds(60)),
                "end", one.between(time, time.plusSeconds(61)));
        Set<String> fields = Arrays.stream(Schedule.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .map(Field::getName)
                .filter(name -> !name.equals("expression")) // of the same text as cron
                .collect(Collectors.toSet());
        assertThat(others.keySet())
                .as("a schedule that differs, for each field")
                .isEqualTo(fields);
        return others.entrySet().stream()
                .map(other -> new Change("Schedule." + other.getKey(), one, other.getValue()))
                .toList();
    }

    /** Not every value fits every kind of rule. */
    private static List<Change> ofRule() {
        String url = "https://example.com/a";
        Duration hour = Duration.ofHours(1);
        AlertRule one = AlertRule.failureRate("a", url, "order", 20, 10, hour);
        Set<ExecutionStatus> failed = Set.of(ExecutionStatus.FAILED);
        List<Change> all = List.of(
                new Change("AlertRule.name", one, AlertRule.failureRate("b", url, "order", 20, 10, hour)),
                new Change("AlertRule.url", one, AlertRule.failureRate("a", url + "b", "order", 20, 10, hour)),
                new Change("AlertRule.workflow", one, AlertRule.failureRate("a", url, "invoice", 20, 10, hour)),
                new Change("AlertRule.percent", one, AlertRule.failureRate("a", url, "order", 21, 10, hour)),
                new Change("AlertRule.executions", one, AlertRule.failureRate("a", url, "order", 20, 11, hour)),
                new Change(
                        "AlertRule.duration", one, AlertRule.failureRate("a", url, "order", 20, 10, hour.plus(hour))),
                new Change(
                        "AlertRule.kind",
                        AlertRule.oldestReady("a", url, hour),
                        AlertRule.scheduleLate("a", url, hour)),
                new Change(
                        "AlertRule.statuses",
                        AlertRule.executionEnded("a", url, "order", failed),
                        AlertRule.executionEnded("a", url, "order", AlertRule.ENDS)));
        assertThat(all.stream().map(Change::part))
                .as("a rule that differs, for each component")
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(AlertRule.class.getRecordComponents())
                        .map(component -> "AlertRule." + component.getName())
                        .toList());
        return all;
    }

    private static JsonNode document() {
        try (InputStream in = CloacinaServlet.class.getResourceAsStream("openapi.json")) {
            return Json.stored(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
