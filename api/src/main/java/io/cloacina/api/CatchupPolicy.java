package io.cloacina.api;

/** What a schedule does with missed occurrences. */
public enum CatchupPolicy implements Labeled {
    /** Missed occurrences are dropped. */
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
