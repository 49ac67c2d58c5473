package io.cloacina.api;

/** What a schedule does with missed occurrences. */
public enum CatchUpPolicy implements Labeled {
    /** Missed occurrences are dropped. */
    SKIP("skip"),
    /** One execution stands for all missed occurrences. */
    RUN_ONCE("run_once"),
    /** Each missed occurrence gets an execution of its own. */
    RUN_ALL("run_all");

    private final String label;

    CatchUpPolicy(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
