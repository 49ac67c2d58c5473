package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BIGINT;
import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code runners}. */
public class Runners extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> host = column("host", text(255));
    public final Column<String> bootId = column("boot_id", text(64))
            .describedAs("The boot of the machine; with host, pid and process_start it identifies the process, so that"
                    + " the same machine recognises a dead one at once.");
    public final Column<Long> pid = column("pid", BIGINT);
    public final Column<String> processStart = column("process_start", text(64))
            .describedAs(
                    "The start of the process, independent of the wall-clock time: on Linux the ticks since the boot.");
    public final Column<String> workflows = column("workflows", JSON)
            .describedAs("The names and versions of the workflows that the runner has: an array of pairs.");
    public final Column<Long> heartbeats = column("heartbeats", BIGINT)
            .describedAs("The number of renewals of the lease. If it does not change for the length of a lease, other"
                    + " runners consider the runner dead, independent of clocks.");
    public final Column<UniversalTimestamp> heartbeatAt = column("heartbeat_at", TIMESTAMP);
    public final Column<UniversalTimestamp> leaseExpiresAt = column("lease_expires_at", TIMESTAMP)
            .describedAs("The end of the lease by the clock of the database, for information; the difference to"
                    + " heartbeat_at is the length of the lease.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final NullableColumn<String> packageProblems = nullable("package_problems", JSON)
            .describedAs("The packages that the runner cannot load, with the reasons: an array of pairs of an id and a"
                    + " text; NULL if there are none.");

    public final NullableColumn<Integer> slots = nullable("slots", INTEGER)
            .describedAs("The maximum number of tasks that the runner runs at once; NULL if that is not known.");
    public final NullableColumn<UniversalBool> closing = nullable("closing", BOOL)
            .describedAs("Whether the runner was closing at its last heartbeat, so that it claims no more tasks.");

    public final NullableColumn<UniversalBool> measured = nullable("measured", BOOL)
            .describedAs(
                    "Whether the runner reports metrics; the oldest such runner reports those of the whole database.");

    /** Opened by a statement or by the schema. */
    public Runners(Source source) {
        super("runners", "Runners and their leases, by the clock of the database.", source);
    }
}
