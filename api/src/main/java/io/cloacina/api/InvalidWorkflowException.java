package io.cloacina.api;

import java.util.List;

/** A workflow definition that cannot be: all its problems at once. */
public final class InvalidWorkflowException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidWorkflowException(String workflow, List<String> problems) {
        super("workflow '" + workflow + "' is not valid:\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one sentence each. */
    public List<String> problems() {
        return problems;
    }
}
