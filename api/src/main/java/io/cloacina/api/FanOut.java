package io.cloacina.api;

/**
 * A task runs once for each element of a list. Immutable.
 *
 * @param list the key of the list in the context
 * @param atOnce how many run at once, at least 1; {@link #UNBOUNDED} for as many as there are slots
 * @param isCollecting whether failed elements are collected with the others; otherwise one that fails fails the task
 */
public record FanOut(String list, int atOnce, boolean isCollecting) {
    /** As many at once as there are slots. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Checks that there is a list, and a number of runs. */
    public FanOut {
        Arguments.given("the key of the list", list);
        Arguments.number(Arguments.INVALID, "the number of runs at once is", atOnce, 1, UNBOUNDED);
    }
}
