package io.cloacina.schema.copy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import java.util.stream.Collectors;

/** Finds engines that may still work on a database, by the database's own clock. */
final class LiveRunners {
    static final Statements STATEMENTS = new Statements("live-runners");

    private static final Select<NoArgument, UniversalTimestamp> CLOCK = STATEMENTS.nativeSelect(
            "clock",
            "SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
            "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
            q -> {
                var now = q.column(DataType.TIMESTAMP);
                return row -> row.get(now);
            });

    private static final Select<UniversalTimestamp, String> LIVE = STATEMENTS.select("live", q -> {
        var r = q.from(Runners::new);
        q.where(r.leaseExpiresAt.gt(q.arg()));
        q.orderBy(r.id.asc());
        return row -> "process " + row.get(r.pid) + " on host " + row.get(r.host) + " (lease until "
                + row.get(r.leaseExpiresAt) + ")";
    });

    private LiveRunners() {}

    /** @throws DatabaseException naming the processes that must be stopped */
    static void requireNone(Database database, ReadTransaction transaction) {
        List<String> live = transaction.list(LIVE, transaction.list(CLOCK).get(0));
        if (!live.isEmpty()) {
            throw new DatabaseException(
                    ErrorKind.COPY,
                    database + " is in use by an engine: " + live.stream().collect(Collectors.joining(", "))
                            + "; stop it and copy again. One that was killed counts as stopped when its lease is over.",
                    null);
        }
    }
}
