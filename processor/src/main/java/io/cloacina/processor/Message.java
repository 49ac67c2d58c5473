package io.cloacina.processor;

import java.util.Locale;

/** Everything that the processor reports: what is wrong, where, and what to do. */
enum Message {
    WORKFLOW_NOT_A_CLASS(
            "%s is %s; @Workflow is for a class that is not abstract, of which the engine is given an instance"),
    WORKFLOW_NOT_VISIBLE("%s is private, so its definition cannot call it; make it visible in its package"),
    WORKFLOW_INNER("%s is an inner class; make it static, or move it to a file of its own"),
    WORKFLOW_GENERIC("%s has type parameters, but a workflow has fixed types; annotate a subclass that says them"),
    WORKFLOW_EMPTY("%s has no task; annotate a method with @Task"),
    WORKFLOW_NAME_TAKEN("the workflow name '%s' is taken by %s; say another @Workflow(name = ...)"),
    BAD_NAME("%s %s; say another"),
    METHOD_NOT_CALLABLE("the task method %s is %s, so the definition cannot call it on the instance; %s"),
    METHOD_GENERIC("the task method %s has type parameters, but what it takes and returns is fixed; say the types"),
    DUPLICATE_TASK("task '%s' is declared twice, also by %s; say another @Task(name = ...)"),
    PARAMETER_UNCLEAR("parameter '%s' does not say what it takes; annotate it with @From, @ForEach, @Input or"
            + " @Signal, or take a TaskContext"),
    SUSPENDED("the task method %s is a suspend function, but a body runs in a thread of its own; make it an ordinary"
            + " function, and call runBlocking in it where something suspends"),
    PARAMETER_AMBIGUOUS("parameter '%s' has %s, but takes one thing; leave one annotation"),
    SEVERAL_OF_A_KIND("the task has %d parameters with @%s, but can have one; split it into several tasks"),
    SEVERAL_WAITS("task '%s' has %s, but waits for one thing; put the others on a task before it"),
    BAD_DURATION("%s is %s, which is not a duration that is allowed here; write 500ms, 30s, 5m, 2h, 1d or PT1H30M, %s"),
    BAD_NUMBER("%s is %s, but %s was given"),
    RETRY_WITHOUT_ATTEMPTS("%s is said, but there is one attempt; say maxAttempts of 2 or more, or leave it out"),
    RETRY_CONDITION("%s cannot be instantiated: it %s; name a class with a constructor without parameters"),
    NOT_VISIBLE("%s cannot be seen in package %s, where the definition is; make it less private"),
    UNKNOWN_TASK("there is no task '%s' in this workflow%s"),
    SELF_DEPENDENCY("task '%s' depends on itself; name a task before it"),
    CYCLE("the tasks wait for each other: %s; take one dependency out"),
    TYPE_MISMATCH("task '%s' puts out %s, but parameter '%s' is %s; make them the same"),
    NO_OUTPUT("task '%s' returns nothing that '%s' could take; let it return a value, or use @Task(after = \"%s\")"),
    NOT_A_LIST("task '%s' puts out %s, which has no elements; let it return a List"),
    NOT_AN_INSTANT("the output of task '%s' is %s, which is not a time to sleep until; let it return an Instant"),
    INPUT_TYPES("the input '%s' is %s in method %s, but %s in method %s; make them the same type"),
    SCHEDULED_INPUT(
            "%s needs %s in its input, for an @Input that is not an Optional or for a limit, but @Scheduled runs"
                    + " it without input; take an Optional, or store a schedule with input in code: Schedule.of(...).input(...)"),
    LIMIT_KEY("the limit is per '%s', but %s; %s"),
    SIGNAL_NEVER_EMPTY(
            "parameter '%s' is an Optional, but waits forever and is never empty; write @Signal(within = ...)"
                    + " or take the value"),
    CANNOT_BE_JSON("%s is %s, which cannot be JSON: %s; use a record, a collection or a simple value"),
    CHILD_INPUT(
            "task '%s' returns %s, but what it returns is the child's input; return a record or a Map<String, ...>"),
    CHILD_TRANSACTIONAL(
            "task '%s' has a child and is transactional, but waits for the child; put the writing in another task"),
    SEVERAL_RULES("a rule has one part, but this @When says %s; leave one"),
    CONDITION_UNCLEAR("a condition says one of completed, failed, skipped or key, but this says %s"),
    CONDITION_VALUE("the condition on key '%s' %s"),
    CONDITION_NO_JSON("the value %s is not JSON that can be compared: %s; a text has quotes: \"\\\"paid\\\"\""),
    RULE_NEVER_HOLDS(
            "the rule of task '%s' can never hold, so the task would always be skipped: %s; change a condition"),
    RULE_NOT_BEFORE("the rule of task '%s' names '%s', which is not before it, so how that ends would not be known;"
            + " add it to after"),
    MAY_BE_ABSENT("under its rule task '%s' may run without '%s' having completed; %sadd"
            + " @Condition(completed = \"%s\") to allOf"),
    WITHOUT_TASK("@%s is on %s, which is not a task; annotate the method with @Task"),
    WITHOUT_WORKFLOW("@%s is on %s, but %s is not a workflow; annotate the class with @Workflow, or make"
            + " one that workflows extend abstract"),
    BAD_CRON("%s"),
    CLIENT_NAME_TAKEN("the typed client of %s is not written, because there is another class %s; rename one of the two"
            + " classes to have it"),
    NOT_WRITTEN("the definition of %s could not be written: %s");

    private final String format;

    Message(String format) {
        this.format = format;
    }

    String text(Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
