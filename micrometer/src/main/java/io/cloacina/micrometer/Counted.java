package io.cloacina.micrometer;

/** What is counted, or timed. */
enum Counted {
    SUBMITTED("cloacina.executions.submitted", "Executions that were submitted."),
    ENDED("cloacina.executions.ended", "Executions that ended, and how."),
    TASKS_ENDED("cloacina.tasks.ended", "Tasks that ended, and how."),
    RETRIED("cloacina.tasks.retried", "Attempts that failed and are retried."),
    RECOVERED("cloacina.tasks.recovered", "Tasks that were recovered from dead runners."),
    RUN("cloacina.task.run", "From the claim of a task to the end of its attempt."),
    WAIT("cloacina.task.wait", "From the time a task became ready to the start of its body."),
    DURATION("cloacina.execution.duration", "From the submission of an execution to its end.");

    final String label;
    final String description;

    Counted(String label, String description) {
        this.label = label;
        this.description = description;
    }
}
