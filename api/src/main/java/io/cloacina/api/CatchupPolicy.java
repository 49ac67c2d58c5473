package io.cloacina.api;

/** What a schedule does about occurrences that it missed. */
public enum CatchupPolicy implements Labeled {
    /** They are dropped. */
    SKIP("skip"),
    /** One run stands for all of them. */
    RUN_ONCE("run_once"),
    /** Each is run. */
    RUN_ALL("run_all");

    private final String label;

    CatchupPolicy(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
