package io.cloacina.schema.migration;

import java.util.List;

/** All versions of a schema, from 1 upward without a gap. Immutable. */
public final class Migrations {
    private final List<Migration> all;

    private Migrations(List<Migration> all) {
        this.all = all;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).version() != i + 1) {
                throw new IllegalArgumentException("migration '" + all.get(i).name() + "' is version "
                        + all.get(i).version() + " where " + (i + 1) + " is expected");
            }
        }
    }

    /** These versions, in order. */
    public static Migrations of(Migration... all) {
        return new Migrations(List.of(all));
    }

    /** The versions, in order. */
    public List<Migration> all() {
        return all;
    }
}
