package io.cloacina.processor;

import java.util.Locale;

/** Everything that the processor reports: what is wrong, where, and what to do. */
enum Message {
    WORKFLOW_NOT_A_CLASS("%s is %s; annotate a concrete class with @Workflow, and pass its instance to the engine"),
    WORKFLOW_NOT_VISIBLE(
            "%s is private, so the generated definition cannot access it; make it package-private or public"),
    WORKFLOW_INNER("%s is an inner class; make it static, or move it to a file of its own"),
    WORKFLOW_GENERIC("%s has type parameters, which a workflow class cannot have; annotate a subclass that sets"
            + " the type arguments"),
    WORKFLOW_EMPTY("%s has no task; annotate a method with @Task"),
    WORKFLOW_NAME_TAKEN("the workflow name '%s' is already used by %s; choose another name with @Workflow(name = ...)"),
    BAD_NAME("%s %s; choose another one"),
    METHOD_NOT_CALLABLE("the task method %s is %s, so the generated definition cannot call it; %s"),
    METHOD_GENERIC("the task method %s has type parameters, which a task method cannot have; use concrete types"),
    DUPLICATE_TASK("task '%s' is declared twice, also by %s; choose another name with @Task(name = ...)"),
    PARAMETER_UNCLEAR("parameter '%s' has no annotation that names the source of its value; annotate it with @From,"
            + " @ForEach, @Input or @Signal, or change its type to TaskContext"),
    SUSPENDED("the task method %s is a suspend function, which a task method cannot be; make it an ordinary function,"
            + " and call suspend functions in it with runBlocking"),
    PARAMETER_AMBIGUOUS("parameter '%s' has %s, but its value can have only one source; keep one of them"),
    SEVERAL_OF_A_KIND("the task has %d parameters with @%s, but can have only one; split it into several tasks"),
    SEVERAL_WAITS("task '%s' has %s, but a task can have only one of them; move the others to a task before it"),
    BAD_DURATION("%s is %s, but must be a duration of %s, such as 500ms, 30s, 5m, 1h30m, 2d or PT1H30M"),
    BAD_NUMBER("%s must be %s, but is %s"),
    RETRY_WITHOUT_ATTEMPTS("%1$s is set, but maxAttempts is 1, so the task is never retried; set maxAttempts to 2 or"
            + " more, or remove %1$s"),
    RETRY_CONDITION("%s cannot be instantiated: it %s; use a class that has a visible constructor without parameters"),
    NOT_VISIBLE("%s is not visible in package %s, where the definition is generated; make it visible there"),
    UNKNOWN_TASK("there is no task '%s' in this workflow%s"),
    SELF_DEPENDENCY("task '%s' depends on itself; name another task"),
    CYCLE("the tasks depend on each other: %s; remove one of these dependencies"),
    TYPE_MISMATCH("the output of task '%s' is %s, but parameter '%s' is %s; make the types match"),
    NO_OUTPUT("task '%s' returns nothing, but task '%s' uses its output; return a value, or depend on the task with"
            + " @Task(after = \"%s\") only"),
    NOT_A_LIST("the output of task '%s' is %s, but @ForEach needs a list; return a List"),
    NOT_AN_INSTANT("the output of task '%s' is %s, but @SleepUntil needs a point in time; return an Instant"),
    INPUT_TYPES("the input '%s' is %s in method %s, but %s in method %s; make them the same type"),
    SCHEDULED_INPUT("%s needs %s in its input, for an @Input that is not an Optional or for a limit, but @Scheduled"
            + " submits it without input; make the parameter an Optional, or store a schedule with input in code:"
            + " Schedule.of(...).input(...)"),
    LIMIT_KEY("the limit is per '%s', but %s; %s"),
    SIGNAL_NEVER_EMPTY("parameter '%s' is an Optional, but is never empty, because the task waits for the signal"
            + " without a time limit; write @Signal(within = ...), or use the type without Optional"),
    CANNOT_BE_JSON("%s is %s, which cannot be written as JSON: %s; use a record, a collection or a simple value"),
    CHILD_INPUT("task '%s' returns %s, but the value that it returns is the input of its child; return a record or a"
            + " Map<String, ...>"),
    CHILD_TRANSACTIONAL("task '%s' has a child and is transactional, but its transaction cannot stay open until the"
            + " child ends; write to the database in another task"),
    SEVERAL_RULES("this @When sets %s, but can set only one of them; keep one"),
    CONDITION_UNCLEAR("a @Condition must set exactly one of completed, failed, skipped and key, but this one sets %s"),
    CONDITION_VALUE("the condition on key '%s' %s"),
    CONDITION_NO_JSON("the value %s is not JSON that can be compared: %s; write a string in quotes: \"\\\"paid\\\"\""),
    RULE_NEVER_HOLDS(
            "the rule of task '%s' can never be true, so the task would always be skipped: %s; change a condition"),
    RULE_NOT_BEFORE("the rule of task '%s' names task '%s', on which it does not depend, so that the state of that task"
            + " would be unknown; add it to after"),
    MAY_BE_ABSENT("the rule of task '%s' lets it run when task '%s' has not completed; %sadd"
            + " @Condition(completed = \"%s\") to allOf"),
    WITHOUT_TASK("@%s is on %s, which is not a task; annotate the method with @Task"),
    WITHOUT_WORKFLOW("@%s is on %s, but %s is not a workflow; annotate the class with @Workflow, or make it abstract if"
            + " workflows extend it"),
    BAD_CRON("%s"),
    CLIENT_NAME_TAKEN("the typed client of %s is not generated, because there is another class %s; rename one of the"
            + " two classes to get the client"),
    NOT_WRITTEN("the definition of %s could not be written: %s");

    private final String format;

    Message(String format) {
        this.format = format;
    }

    String text(Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
