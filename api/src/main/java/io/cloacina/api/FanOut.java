package io.cloacina.api;

/**
 * A task runs once for each element of a list. Immutable.
 *
 * @param list the key of the list in the context
 * @param atOnce how many run at once, at least 1; {@link #UNBOUNDED} for as many as there are slots
 * @param isCollecting whether failed elements are collected with the others; if false, one failed element fails the
 *     task
 */
public record FanOut(String list, int atOnce, boolean isCollecting) {
    /** As many at once as there are slots. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Checks that there is a list, and a number of runs. */
    public FanOut {
        Arguments.given("the key of the list", list);
        Arguments.number(Arguments.INVALID, "the number of runs at once must be", atOnce, 1, UNBOUNDED);
    }

    /**
     * Returns the name of the task that a run for an element belongs to: {@code resize} for {@code resize[7]}. Every
     * other name is returned unchanged.
     *
     * @param runName the name of a task, or of a run for one of its elements
     */
    public static String taskOf(String runName) {
        Arguments.given("the name of a task", runName);
        int bracket = runName.endsWith("]") ? runName.lastIndexOf('[') : -1;
        boolean isElement = bracket > 0 && bracket < runName.length() - 2;
        for (int i = bracket + 1; isElement && i < runName.length() - 1; i++) {
            isElement = runName.charAt(i) >= '0' && runName.charAt(i) <= '9';
        }
        return isElement ? runName.substring(0, bracket) : runName;
    }
}
