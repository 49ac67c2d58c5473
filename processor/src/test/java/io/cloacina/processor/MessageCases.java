package io.cloacina.processor;

import io.cloacina.processor.MessageTest.Wrong;
import java.util.List;

/** Sources that each have one problem, on the line with the mark. */
final class MessageCases {
    private MessageCases() {}

    /** In the body of a workflow class. */
    private static Wrong body(Message message, String expected, String body) {
        return new Wrong(message, expected, "@Workflow class Weather {\n" + body + "\n}\n");
    }

    private static Wrong of(Message message, String expected, String source) {
        return new Wrong(message, expected, source);
    }

    static List<Wrong> ofClasses() {
        return List.of(
                of(Message.WORKFLOW_NOT_A_CLASS, "Weather is an interface", "/*!*/@Workflow interface Weather {}"),
                of(Message.WORKFLOW_NOT_A_CLASS, "Weather is an enum", "/*!*/@Workflow enum Weather { RAIN }"),
                of(Message.WORKFLOW_NOT_A_CLASS, "Weather is a record", "/*!*/@Workflow record Weather(int a) {}"),
                of(
                        Message.WORKFLOW_NOT_A_CLASS,
                        "Weather is abstract",
                        "/*!*/@Workflow abstract class Weather { @Task int read() { return 1; } }"),
                of(
                        Message.WORKFLOW_NOT_VISIBLE,
                        "Weather is private, so the generated definition cannot access it",
                        "class Outer {\n/*!*/@Workflow private static class Weather { @Task int read() { return 1; } }\n}"),
                of(
                        Message.WORKFLOW_INNER,
                        "Weather is an inner class; make it static",
                        "class Outer {\n/*!*/@Workflow class Weather { @Task int read() { return 1; } }\n}"),
                of(
                        Message.WORKFLOW_GENERIC,
                        "Weather has type parameters",
                        "/*!*/@Workflow class Weather<T> { @Task int read() { return 1; } }"),
                of(Message.WORKFLOW_EMPTY, "Weather has no task", "/*!*/@Workflow class Weather {}"),
                of(
                        Message.WORKFLOW_NAME_TAKEN,
                        "the workflow name 'weather' is already used by weather.Weather",
                        "@Workflow class Weather { @Task int read() { return 1; } }\n"
                                + "/*!*/@Workflow(name = \"weather\") class Other { @Task int read() { return 1; } }"),
                of(
                        Message.BAD_NAME,
                        "the workflow name \" \" is blank",
                        "/*!*/@Workflow(name = \" \") class Weather { @Task int read() { return 1; } }"),
                of(
                        Message.BAD_NAME,
                        "has 201 characters, at most 200 are allowed",
                        "/*!*/@Workflow(name = \"" + "x".repeat(201)
                                + "\") class Weather { @Task int read() { return 1; } }"),
                of(
                        Message.WITHOUT_WORKFLOW,
                        "@Task is on method read, but Weather is not a workflow",
                        "class Weather {\n/*!*/@Task int read() { return 1; }\n}"),
                of(
                        Message.WITHOUT_WORKFLOW,
                        "@AtMost is on Weather, but Weather is not a workflow",
                        "/*!*/@AtMost(1) class Weather {}"),
                of(
                        Message.BAD_CRON,
                        "cron expression '0 25 * * *'",
                        "@Workflow\n/*!*/@Scheduled(cron = \"0 25 * * *\") class Weather { @Task int read() { return 1; } }"),
                of(
                        Message.BAD_CRON,
                        "there is no time zone 'Europe/Berlim'; did you mean 'Europe/Berlin'?",
                        "@Workflow @Scheduled(cron = \"0 2 * * *\")\n/*!*/@Scheduled(cron = \"0 3 * * *\", zone ="
                                + " \"Europe/Berlim\") class Weather { @Task int read() { return 1; } }"),
                body(
                        Message.WITHOUT_TASK,
                        "@Sleep is on method pause, which is not a task",
                        "@Task int read() { return 1; }\n/*!*/@Sleep(\"1h\") void pause() {}"),
                body(
                        Message.WITHOUT_TASK,
                        "@From is on method pause, which is not a task",
                        "@Task int read() { return 1; }\nvoid pause(/*!*/@From int read) {}"),
                of(
                        Message.NOT_WRITTEN,
                        "the definition of Inner could not be written: ",
                        "@Workflow(name = \"a\") class Out_Inner { @Task int read() { return 1; } }\nclass Out {\n"
                                + "@Workflow(name = \"b\") /*!*/static class Inner { @Task int read() { return 1; } } }"));
    }

    static List<Wrong> ofMethods() {
        return List.of(
                body(Message.METHOD_NOT_CALLABLE, "read is private", "/*!*/@Task private int read() { return 1; }"),
                body(Message.METHOD_NOT_CALLABLE, "read is static", "/*!*/@Task static int read() { return 1; }"),
                of(
                        Message.METHOD_GENERIC,
                        "read has type parameters",
                        "@Workflow class Weather {\n/*!*/@Task <T> int read() { return 1; }\n}"),
                body(
                        Message.DUPLICATE_TASK,
                        "task 'read' is declared twice, also by method read",
                        "@Task int read() { return 1; }\n@Task(name = \"read\")/*!*/ int other() { return 1; }"),
                body(
                        Message.PARAMETER_UNCLEAR,
                        "parameter 'count' has no annotation",
                        "@Task int read(/*!*/int count) { return 1; }"),
                body(
                        Message.SUSPENDED,
                        "the task method read is a suspend function",
                        "/*!*/@Task int read(kotlin.coroutines.Continuation<? super Integer> completion) { return 1; }"),
                body(
                        Message.PARAMETER_AMBIGUOUS,
                        "parameter 'count' has @Input and @Signal",
                        "@Task int read(/*!*/@Input @Signal int count) { return 1; }"),
                body(
                        Message.PARAMETER_AMBIGUOUS,
                        "has @Input and the type TaskContext",
                        "@Task int read(/*!*/@Input TaskContext context) { return 1; }"),
                body(
                        Message.SEVERAL_OF_A_KIND,
                        "2 parameters with @Signal",
                        "/*!*/@Task int read(@Signal int one, @Signal int two) { return 1; }"),
                body(
                        Message.SEVERAL_OF_A_KIND,
                        "2 parameters with @ForEach",
                        "@Task List<String> read() { return List.of(); }\n"
                                + "/*!*/@Task int each(@ForEach(\"read\") String one, @ForEach(\"read\") String two) { return 1; }"),
                body(
                        Message.SEVERAL_WAITS,
                        "has @Sleep and @Signal, but a task can have only one of them",
                        "/*!*/@Task @Sleep(\"1h\") int read(@Signal int one) { return 1; }"),
                body(
                        Message.SIGNAL_NEVER_EMPTY,
                        "parameter 'one' is an Optional, but is never empty",
                        "@Task int read(/*!*/@Signal Optional<String> one) { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "the return type of read is Object, which cannot be written as JSON: Object has no fixed",
                        "/*!*/@Task Object read() { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "component 'from' of record Report: InputStream is not a value",
                        "record Report(List<InputStream> from) {}\n@Task int read(/*!*/@Input Report report) { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "the key of a map must be a string, a number, an enum or a UUID, not Instant",
                        "@Task int read(/*!*/@Input Map<Instant, String> report) { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "Supplier is not a value",
                        "@Task int read(/*!*/@Input Supplier<String> report) { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "Shape is an interface",
                        "interface Shape {}\n@Task int read(/*!*/@Input Shape report) { return 1; }"),
                body(
                        Message.CANNOT_BE_JSON,
                        "Ball has no constructor without parameters",
                        "static class Ball { Ball(int size) {} }\n@Task int read(/*!*/@Input Ball ball) { return 1; }"),
                body(
                        Message.CHILD_INPUT,
                        "task 'bill' returns int, but the value that it returns is the input of its child",
                        "/*!*/@Task @Child(\"billing\") int bill() { return 1; }"),
                body(
                        Message.CHILD_TRANSACTIONAL,
                        "task 'bill' has a child and is transactional",
                        "/*!*/@Task(transactional = true) @Child(\"billing\") Map<String, String> bill() { return Map.of(); }"),
                body(
                        Message.NOT_VISIBLE,
                        "Report is not visible in package weather",
                        "private record Report(int size) {}\n@Task int read(/*!*/@Input Report report) { return 1; }"));
    }

    static List<Wrong> ofSettings() {
        return List.of(
                body(
                        Message.BAD_DURATION,
                        "timeout is \"5 minutes\", but must be a duration",
                        "/*!*/@Task(timeout = \"5 minutes\") int read() { return 1; }"),
                body(Message.BAD_DURATION, "value is \"0s\"", "/*!*/@Task @Sleep(\"0s\") int read() { return 1; }"),
                body(
                        Message.BAD_DURATION,
                        "within is \"soon\"",
                        "@Task int read(/*!*/@Signal(within = \"soon\") int one) { return 1; }"),
                body(
                        Message.BAD_DURATION,
                        "every is \"-PT1H\"",
                        "/*!*/@AtMost(value = 1, every = \"-PT1H\") @Task int read() { return 1; }"),
                body(
                        Message.BAD_DURATION,
                        "delay is \"1x\", but must be a duration of zero or more, such as 500ms",
                        "/*!*/@Task(retry = @Retry(maxAttempts = 2, delay = \"1x\")) int read() { return 1; }"),
                body(
                        Message.BAD_NUMBER,
                        "maxAttempts must be at least 1, but is 0",
                        "/*!*/@Task(retry = @Retry(maxAttempts = 0)) int read() { return 1; }"),
                body(
                        Message.BAD_NUMBER,
                        "jitter must be from 0 to 1, but is 1.5",
                        "/*!*/@Task(retry = @Retry(maxAttempts = 2, jitter = 1.5)) int read() { return 1; }"),
                body(
                        Message.BAD_NUMBER,
                        "priority must be from -1000 to 1000, but is 1001",
                        "/*!*/@Task(priority = 1001) int read() { return 1; }"),
                body(
                        Message.BAD_NUMBER,
                        "value must be at least 1, but is 0",
                        "/*!*/@Task @AtMost(0) int read() { return 1; }"),
                body(
                        Message.BAD_NUMBER,
                        "atOnce must be at least 1, but is 0",
                        "@Task List<String> read() { return List.of(); }\n"
                                + "@Task int each(/*!*/@ForEach(value = \"read\", atOnce = 0) String one) { return 1; }"),
                body(
                        Message.RETRY_WITHOUT_ATTEMPTS,
                        "delay is set, but maxAttempts is 1",
                        "/*!*/@Task(retry = @Retry(delay = \"1s\")) int read() { return 1; }"),
                body(
                        Message.RETRY_CONDITION,
                        "Later cannot be instantiated: it is abstract",
                        "abstract static class Later implements RetryCondition {}\n"
                                + "/*!*/@Task(retry = @Retry(maxAttempts = 2, when = Later.class)) int read() { return 1; }"),
                body(Message.RETRY_CONDITION, "has no visible constructor without parameters", """
                        static class Later implements RetryCondition { Later(int a) {} public boolean test(Throwable error) { return true; } }
                        /*!*/@Task(retry = @Retry(maxAttempts = 2, when = Later.class)) int read() { return 1; }"""),
                body(
                        Message.NOT_VISIBLE,
                        "Lost is not visible in package",
                        "private static class Lost extends RuntimeException { static final long serialVersionUID = 1; }\n"
                                + "/*!*/@Task(retry = @Retry(maxAttempts = 2, on = Lost.class)) int read() { return 1; }"),
                body(
                        Message.BAD_NAME,
                        "the task name 'fan[3]' is reserved for the runs of task 'fan' for its elements",
                        "@Task List<String> read() { return List.of(); }\n@Task int fan(@ForEach(\"read\") String one) { return 1; }\n"
                                + "/*!*/@Task(name = \"fan[3]\") int third() { return 1; }"),
                body(
                        Message.BAD_NAME,
                        "the signal \"a\\tb\" has a control character",
                        "@Task int read(/*!*/@Signal(\"a\\tb\") int one) { return 1; }"));
    }

    static List<Wrong> ofInputs() {
        String order = "record Order(String customer, int total) {}\n";
        return List.of(
                body(
                        Message.INPUT_TYPES,
                        "the input 'city' is UUID in method sum, but String in method read; make them the same type",
                        "@Task int read(@Input String city) { return 1; }\n"
                                + "@Task int sum(/*!*/@Input(\"city\") Optional<UUID> where) { return 1; }"),
                body(
                        Message.INPUT_TYPES,
                        "the input 'days' is List<Long> in method sum, but List<Integer> in method read",
                        "@Task int read(@Input List<Integer> days) { return 1; }\n"
                                + "@Task int sum(/*!*/@Input List<Long> days) { return 1; }"),
                body(
                        Message.INPUT_TYPES,
                        "the input 'days' is a list of String in method each, but List<Integer> in method read",
                        "@Task int read(@Input List<Integer> days) { return 1; }\n"
                                + "@Task int each(/*!*/@ForEach(\"days\") String day) { return 1; }"),
                of(
                        Message.SCHEDULED_INPUT,
                        "Weather needs 'csv' in its input, for an @Input that is not an Optional or for a limit, but"
                                + " @Scheduled submits it without input",
                        "@Workflow\n/*!*/@Scheduled(cron = \"0 2 * * *\") class Weather {"
                                + " @Task int read(@Input String csv, @Input(\"schedule\") String name) { return 1; } }"),
                of(
                        Message.SCHEDULED_INPUT,
                        "Weather needs 'city' in its input",
                        "@Workflow @AtMost(value = 2, per = \"city\")\n/*!*/@Scheduled(cron = \"0 2 * * *\") class Weather {"
                                + " @Task int read(@Input Optional<String> city) { return 1; } }"),
                of(
                        Message.LIMIT_KEY,
                        "the limit is per 'costumer', but no parameter with @Input has the key 'costumer'; did you mean"
                                + " 'customer'?",
                        "@Workflow\n/*!*/@AtMost(value = 2, per = \"costumer\") class Weather {"
                                + " @Task int read(TaskContext context, @Input String customer) { return 1; } }"),
                of(
                        Message.LIMIT_KEY,
                        "no parameter with @Input has the key 'city'; name the key of an input, or add a",
                        "@Workflow\n/*!*/@AtMost(value = 2, per = \"city\") class Weather {"
                                + " @Task int read() { return 1; } }"),
                body(
                        Message.LIMIT_KEY,
                        "the limit is per 'order.costumer', but record Order has no component 'costumer'; did you mean"
                                + " 'customer'?",
                        order
                                + "/*!*/@AtMost(value = 2, per = \"order.costumer\") @Task int read(@Input Order order) { return 1; }"),
                body(
                        Message.LIMIT_KEY,
                        "no parameter with @Input has the key 'list'",
                        "@Task List<String> read(@Input int a) { return List.of(); }\n"
                                + "/*!*/@AtMost(value = 2, per = \"list\") @Task int each(@ForEach(\"read\") String one) { return 1; }"));
    }

    static List<Wrong> ofOutputs() {
        return List.of(
                body(
                        Message.UNKNOWN_TASK,
                        "there is no task 'raed' in this workflow; did you mean 'read'?",
                        "@Task int read() { return 1; }\n@Task int sum(/*!*/@From(\"raed\") int one) { return 1; }"),
                body(
                        Message.UNKNOWN_TASK,
                        "there is no task 'tests' in this workflow; name a task",
                        "@Task int read() { return 1; }\n/*!*/@Task(after = {\"read\", \"tests\"}) int sum() { return 1; }"),
                body(
                        Message.UNKNOWN_TASK,
                        "there is no task 'due'",
                        "/*!*/@Task @SleepUntil(\"due\") int read() { return 1; }"),
                body(
                        Message.SELF_DEPENDENCY,
                        "task 'read' depends on itself",
                        "/*!*/@Task(after = \"read\") int read() { return 1; }"),
                body(Message.CYCLE, "the tasks depend on each other: a -> b -> c -> a", """
                        /*!*/@Task(after = "b") void a() {}
                        @Task(after = "c") void b() {}
                        @Task(after = "a") void c() {}"""),
                body(
                        Message.TYPE_MISMATCH,
                        "the output of task 'read' is List<String>, but parameter 'read' is List<Integer>",
                        "@Task List<String> read() { return List.of(); }\n@Task int sum(/*!*/@From List<Integer> read) { return 1; }"),
                body(
                        Message.TYPE_MISMATCH,
                        "the output of task 'read' is a list of String, but parameter 'one' is int",
                        "@Task List<String> read() { return List.of(); }\n"
                                + "@Task int sum(/*!*/@ForEach(\"read\") int one) { return 1; }"),
                body(
                        Message.TYPE_MISMATCH,
                        "is List<ElementOutcome<Integer>>, but parameter 'each' is List<Integer>",
                        """
                        @Task List<String> read() { return List.of(); }
                        @Task int each(@ForEach(value = "read", collect = true) String one) { return 1; }
                        @Task int sum(/*!*/@From List<Integer> each) { return 1; }"""),
                body(
                        Message.NO_OUTPUT,
                        "task 'read' returns nothing, but task 'sum' uses its output",
                        "@Task void read() {}\n@Task int sum(/*!*/@From int read) { return 1; }"),
                body(
                        Message.NOT_A_LIST,
                        "the output of task 'read' is String, but @ForEach needs a list",
                        "@Task String read() { return \"\"; }\n@Task int sum(/*!*/@ForEach(\"read\") String one) { return 1; }"),
                body(
                        Message.NOT_AN_INSTANT,
                        "the output of task 'due' is String, but @SleepUntil needs a point in time",
                        "@Task String due() { return \"\"; }\n/*!*/@Task @SleepUntil(\"due\") int read() { return 1; }"));
    }

    static List<Wrong> ofRules() {
        String two = "@Task int a() { return 1; }\n@Task(after = \"a\") int b() { return 1; }\n";
        return List.of(
                body(
                        Message.SEVERAL_RULES,
                        "this @When sets always and allOf",
                        two
                                + "/*!*/@Task(after = \"a\", when = @When(always = true, allOf = @Condition(failed = \"a\"))) void c() {}"),
                body(
                        Message.CONDITION_UNCLEAR,
                        "but this one sets none",
                        two + "/*!*/@Task(after = \"a\", when = @When(allOf = @Condition)) void c() {}"),
                body(
                        Message.CONDITION_UNCLEAR,
                        "but this one sets completed and failed",
                        two
                                + "/*!*/@Task(after = \"a\", when = @When(allOf = @Condition(completed = \"a\", failed = \"a\"))) void c() {}"),
                body(
                        Message.CONDITION_VALUE,
                        "the condition on key 'total' has no value to compare with",
                        "/*!*/@Task(when = @When(allOf = @Condition(key = \"total\", is = ValueOperator.EQUALS))) void c() {}"),
                body(
                        Message.CONDITION_VALUE,
                        "the condition on key 'total' has a value, but EXISTS takes none",
                        "/*!*/@Task(when = @When(allOf = @Condition(key = \"total\", value = \"1\"))) void c() {}"),
                body(
                        Message.CONDITION_NO_JSON,
                        "the value \"paid\" is not JSON that can be compared: no value begins at position 0",
                        "/*!*/@Task(when = @When(allOf = @Condition(key = \"state\", is = ValueOperator.EQUALS, value = \"paid\"))) void c() {}"),
                body(
                        Message.UNKNOWN_TASK,
                        "there is no task 'x'",
                        two
                                + "/*!*/@Task(after = \"a\", when = @When(anyOf = @Condition(failed = \"x\"))) void c() {}"),
                body(
                        Message.RULE_NEVER_HOLDS,
                        "completed = 'b' and failed = 'b' exclude each other",
                        two
                                + "/*!*/@Task(after = \"b\", when = @When(allOf = {@Condition(completed = \"b\"), @Condition(failed = \"b\")})) void c() {}"),
                body(
                        Message.RULE_NEVER_HOLDS,
                        "task 'a' is never skipped",
                        two
                                + "/*!*/@Task(after = \"b\", when = @When(anyOf = @Condition(skipped = \"a\"))) void c() {}"),
                body(
                        Message.RULE_NEVER_HOLDS,
                        "task 'a' always ends in one of these states",
                        two
                                + "/*!*/@Task(after = \"b\", when = @When(noneOf = {@Condition(completed = \"a\"), @Condition(failed = \"a\")})) void c() {}"),
                body(
                        Message.RULE_NOT_BEFORE,
                        "the rule of task 'c' names task 'b', on which it does not depend",
                        two
                                + "/*!*/@Task(after = \"a\", when = @When(allOf = @Condition(failed = \"b\"))) void c() {}"),
                body(
                        Message.MAY_BE_ABSENT,
                        "lets it run when task 'b' has not completed; make the parameter an Optional",
                        two + "@Task(when = @When(always = true)) void c(/*!*/@From int b) {}"));
    }
}
