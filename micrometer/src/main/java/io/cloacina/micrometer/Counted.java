package io.cloacina.micrometer;

/** What is counted. */
enum Counted {
    SUBMITTED("cloacina.executions.submitted", "Executions that were submitted."),
    ENDED("cloacina.executions.ended", "Executions that ended, and how."),
    TASKS_ENDED("cloacina.tasks.ended", "Tasks that ended, and how."),
    RETRIED("cloacina.tasks.retried", "Attempts that failed and are tried again."),
    RECOVERED("cloacina.tasks.recovered", "Tasks that were taken from dead runners.");

    final String label;
    final String description;

    Counted(String label, String description) {
        this.label = label;
        this.description = description;
    }
}
