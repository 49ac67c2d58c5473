package io.cloacina.schema.migration;

import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import java.util.Optional;

/**
 * Marks a database as the target of an unfinished copy. The mark is a row in its migration history with a version
 * higher than any other, so that no version of a program works on the database before the copy is finished.
 *
 * @param from the source as messages show it, at most {@link #MAX_FROM} characters
 * @param fingerprint by which the source is known again, at most 64 characters
 */
public record UnfinishedCopy(String from, String fingerprint, UniversalTimestamp begunAt) {
    /** The version that the row has. */
    public static final int VERSION = Integer.MAX_VALUE;

    /** The greatest length of {@link #from}. */
    public static final int MAX_FROM = 200;

    /** The one that a history tells of. */
    public static Optional<UnfinishedCopy> in(List<Applied> history) {
        return history.stream()
                .filter(applied -> applied.version() == VERSION)
                .map(row -> new UnfinishedCopy(row.name(), row.checksum(), row.at()))
                .findFirst();
    }

    /** What is so about the database, for the end of a sentence that begins with its name. */
    public String says() {
        return "holds an unfinished copy of " + from + ", begun on " + begunAt
                + ": run the same 'cloacina schema copy' again to finish it, or empty the database";
    }

    /** Records in the target, in the history of these versions, that it has begun. */
    public void begin(WriteTransaction target, Migrations migrations) {
        target.run(migrations.history().record, new Applied(VERSION, from, fingerprint, begunAt));
    }

    /** Keeps it under way until the transaction ends, one transaction at a time; false if it is not under way. */
    public boolean hold(WriteTransaction target, Migrations migrations) {
        return target.run(migrations.history().holdCopy, this) == 1;
    }

    /** Records that the database is complete; false if that was said before. */
    public boolean end(WriteTransaction target, Migrations migrations) {
        return target.run(migrations.history().endCopy, this) == 1;
    }
}
