package io.cloacina.api;

import java.util.List;

/** A workflow definition that is not valid, with all its problems at once. Its code is {@code INVALID_WORKFLOW}. */
public final class InvalidWorkflowException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_IN_MESSAGE = 100;

    private final transient List<String> problems;

    InvalidWorkflowException(String workflow, List<String> problems) {
        super(ErrorCodes.INVALID_WORKFLOW, message(workflow, problems));
        this.problems = List.copyOf(problems);
    }

    /** The problems, one sentence each; all of them, also when the message has only the first hundred. */
    public List<String> problems() {
        return problems;
    }

    private static String message(String workflow, List<String> problems) {
        int shown = Math.min(problems.size(), MAX_IN_MESSAGE);
        String message = "workflow " + Names.quoted(workflow) + " is not valid:\n  "
                + String.join("\n  ", problems.subList(0, shown));
        return shown == problems.size() ? message : message + "\n  … and " + (problems.size() - shown) + " more";
    }
}
