package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An index. A unique key is a unique index on both backends, which may be partial. */
public final class Index {
    private final String name;
    private final boolean unique;
    private final List<IndexPart> parts;
    private @Nullable Condition predicate;
    private String description = "";
    private int since = 1;
    private boolean isOptional;

    Index(String name, boolean unique, List<IndexPart> parts) {
        this.name = name;
        this.unique = unique;
        this.parts = parts;
    }

    /**
     * Makes the index partial: it contains only the rows for which the condition is true. A statement uses it only if
     * it has the same condition with literals.
     *
     * @return this index
     */
    public Index where(Condition condition) {
        predicate = ArgumentChecks.given("the condition", condition);
        return this;
    }

    /**
     * Sets the description of the index for the reference of the schema: its purpose and, if it is partial, why other
     * rows are left out.
     *
     * @return this index
     */
    public Index describedAs(String text) {
        description = ArgumentChecks.given("the description", text);
        return this;
    }

    /**
     * Declares the later version of the schema that introduced this index.
     *
     * @return this index
     */
    public Index addedIn(int version) {
        since = Table.requireVersion(version);
        return this;
    }

    /**
     * Declares this index as optional: no migration creates it. Applications create it with
     * {@link io.cloacina.schema.migration.OptionalIndexes}, and a database fits the declaration with it and without.
     *
     * @return this index
     */
    public Index optional() {
        isOptional = true;
        return this;
    }

    /** The name in the database. */
    public String name() {
        return name;
    }

    /** What it is for; empty if that is not declared. */
    public String description() {
        return description;
    }

    /** Whether it refuses a second row with equal columns. */
    public boolean isUnique() {
        return unique;
    }

    /** Whether a database may be without it. */
    public boolean isOptional() {
        return isOptional;
    }

    /** The indexed columns, in order. */
    public List<IndexPart> parts() {
        return parts;
    }

    /** The names of the indexed columns, in order. */
    public List<String> columnNames() {
        return parts.stream().map(part -> part.column().name()).toList();
    }

    /** The condition of a partial index. */
    public Optional<Condition> predicate() {
        return Optional.ofNullable(predicate);
    }

    /** The schema version that added this index. */
    public int sinceVersion() {
        return since;
    }
}
