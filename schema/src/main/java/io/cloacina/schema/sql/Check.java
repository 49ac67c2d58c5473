package io.cloacina.schema.sql;

/** A condition over the columns of one row that both backends enforce. */
public final class Check {
    private static final int NEVER = 0;

    private final String name;
    private final Condition condition;
    private int since = 1;
    private int until = NEVER;

    Check(String name, Condition condition) {
        this.name = name;
        this.condition = condition;
    }

    /**
     * Declares the later version of the schema that introduced this check.
     *
     * @return this check
     */
    public Check addedIn(int version) {
        since = Table.requireVersion(version);
        return this;
    }

    /**
     * Declares the version of the schema that removed this check.
     *
     * @return this check
     */
    public Check removedIn(int version) {
        until = Table.requireVersion(version);
        return this;
    }

    /** The name of the constraint. */
    public String name() {
        return name;
    }

    /** The condition. */
    public Condition condition() {
        return condition;
    }

    /** The schema version that introduced this check. */
    public int sinceVersion() {
        return since;
    }

    /** Whether the check is part of the given version of the schema. */
    public boolean isIn(int version) {
        return since <= version && (until == NEVER || version < until);
    }
}
