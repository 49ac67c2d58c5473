package io.cloacina.schema.migration;

import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import java.util.Optional;

/**
 * Marks a database as the target of an unfinished copy. The mark is a row in its migration history with a version
 * higher than any other, so that no version of a program works on the database before the copy is finished.
 *
 * @param from the source as messages show it, at most {@link #MAX_FROM} characters
 * @param fingerprint identifies the source when the copy is continued, at most 64 characters
 */
public record UnfinishedCopy(String from, String fingerprint, UniversalTimestamp begunAt) {
    /** The version in the row. */
    public static final int VERSION = Integer.MAX_VALUE;

    /** The greatest length of {@link #from}. */
    public static final int MAX_FROM = 200;

    /** Checks that nothing is null. */
    public UnfinishedCopy {
        ArgumentChecks.given("the source", from);
        ArgumentChecks.given("the fingerprint", fingerprint);
        ArgumentChecks.given("the time", begunAt);
    }

    /** Returns the unfinished copy that a history records; empty if there is none. */
    public static Optional<UnfinishedCopy> in(List<Applied> history) {
        return ArgumentChecks.all("the history", history).stream()
                .filter(applied -> applied.version() == VERSION)
                .map(row -> new UnfinishedCopy(row.name(), row.checksum(), row.at()))
                .findFirst();
    }

    /** Describes the state of the database, for a sentence that begins with its name. */
    public String says() {
        return "holds an unfinished copy of " + from + ", begun on " + begunAt
                + ": run the same 'cloacina schema copy' again to finish it, or empty the database";
    }

    /** Records in the history of the target that the copy has begun. */
    public void begin(WriteTransaction target, Migrations migrations) {
        given(target).run(given(migrations).record, new Applied(VERSION, from, fingerprint, begunAt));
    }

    /** Locks the copy until the transaction ends, so that one transaction at a time copies; false if no copy has begun. */
    public boolean hold(WriteTransaction target, Migrations migrations) {
        return given(target).run(given(migrations).holdCopy, this) == 1;
    }

    /** Records that the copy is complete; false if that was recorded before. */
    public boolean end(WriteTransaction target, Migrations migrations) {
        return given(target).run(given(migrations).endCopy, this) == 1;
    }

    private static WriteTransaction given(WriteTransaction transaction) {
        return ArgumentChecks.given("the transaction", transaction);
    }

    private static History given(Migrations migrations) {
        return ArgumentChecks.given("the migrations", migrations).history();
    }
}
