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
            .describedAs("With host, pid and start: recognises a dead process of the same machine at once.");
    public final Column<Long> pid = column("pid", BIGINT);
    public final Column<String> processStart = column("process_start", text(64))
            .describedAs("When the process began, by what no clock moves: on Linux the ticks since the boot.");
    public final Column<String> workflows =
            column("workflows", JSON).describedAs("The names and versions that it runs: an array of pairs.");
    public final Column<Long> heartbeats = column("heartbeats", BIGINT)
            .describedAs(
                    "Counted up with each renewal of the lease: whoever sees it stand still for a whole lease takes"
                            + " the runner for dead, whatever clocks say.");
    public final Column<UniversalTimestamp> heartbeatAt = column("heartbeat_at", TIMESTAMP);
    public final Column<UniversalTimestamp> leaseExpiresAt = column("lease_expires_at", TIMESTAMP)
            .describedAs("The end of the lease by the clock of the database, for who reads it; its distance from the"
                    + " heartbeat is how long the lease is.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final NullableColumn<String> packageProblems = nullable("package_problems", JSON)
            .describedAs(
                    "The packages that it cannot load and why: an array of pairs of an id and a text; NULL for none.");

    public final NullableColumn<Integer> slots =
            nullable("slots", INTEGER).describedAs("How many tasks it runs at once; NULL when that is not known.");
    public final NullableColumn<UniversalBool> closing = nullable("closing", BOOL)
            .describedAs("It is being closed and takes no more tasks, as its last heartbeat said.");

    public final NullableColumn<UniversalBool> measured = nullable("measured", BOOL)
            .describedAs(
                    "It has somebody who measures, to whom the oldest such runner tells the state of the database.");

    /** Opened by a statement or by the schema. */
    public Runners(Source source) {
        super("runners", "Engine instances and their leases, by the clock of the database.", source);
    }
}
