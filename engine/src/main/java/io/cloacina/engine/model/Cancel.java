package io.cloacina.engine.model;

/**
 * How to cancel an execution. Immutable.
 *
 * <pre>{@code
 * engine.cancel(id, Cancel.withCompensation());
 * }</pre>
 */
public final class Cancel {
    private static final Cancel IMMEDIATELY = new Cancel(false);
    private static final Cancel WITH_COMPENSATION = new Cancel(true);

    private final boolean isWithCompensation;

    private Cancel(boolean isWithCompensation) {
        this.isWithCompensation = isWithCompensation;
    }

    /** No further task starts, and what the execution has done until then stays as it is. */
    public static Cancel immediately() {
        return IMMEDIATELY;
    }

    /**
     * With compensation: the active tasks, which run, wait, or could run, fail, and the trigger rules of the tasks
     * after them decide what else runs, such as a refund that reacts to the failure of a shipment. When these tasks
     * have ended, the execution is cancelled. A task that had not begun fails as well, so a task that reacts must not
     * rely on effects of the failed task. A task that already reacts to an earlier failure is left alone.
     */
    public static Cancel withCompensation() {
        return WITH_COMPENSATION;
    }

    /** Whether tasks that react to the cancellation run. */
    public boolean isWithCompensation() {
        return isWithCompensation;
    }
}
