package io.cloacina.engine.model;

/**
 * How an execution is cancelled. Immutable.
 *
 * <pre>{@code
 * engine.cancel(id, Cancel.withCompensation());
 * }</pre>
 */
public final class Cancel {
    private static final Cancel AT_ONCE = new Cancel(false);
    private static final Cancel WITH_COMPENSATION = new Cancel(true);

    private final boolean isWithCompensation;

    private Cancel(boolean isWithCompensation) {
        this.isWithCompensation = isWithCompensation;
    }

    /** No task of it starts any more: whatever it has done until then stays as it is. */
    public static Cancel atOnce() {
        return AT_ONCE;
    }

    /**
     * The active tasks fail: those that run, wait, or could run. The rules of the tasks after them decide what else runs, such
     * as a refund that reacts to the failure of a shipment. When that has ended, the execution is cancelled. A task that had
     * not begun fails as well, so a task that reacts must not rely on what the failed one has done. A task that already reacts to
     * an earlier failure is left alone.
     */
    public static Cancel withCompensation() {
        return WITH_COMPENSATION;
    }

    /** Whether tasks that react to the cancellation run. */
    public boolean isWithCompensation() {
        return isWithCompensation;
    }
}
