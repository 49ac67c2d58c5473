package io.cloacina.engine.internal.store;

import io.cloacina.api.RecoveryType;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.ProcessIdentity;
import io.cloacina.engine.model.Runner;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The statements over runners, their leases, and what is recovered from dead ones. */
public final class RunnerStore {
    public static final Statements STATEMENTS = new Statements("runners");

    /**
     * The clock by which leases are written, for code that only reads them. A clock that can be set plays no part in
     * recovery.
     */
    public static final Select<NoArgument, UniversalTimestamp> DATABASE_CLOCK = STATEMENTS.nativeSelect(
            "database-clock",
            "SELECT strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
            "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
            q -> {
                var now = q.column(DataType.TIMESTAMP);
                return row -> row.get(now);
            });

    public record Registration(
            UniversalUuid id,
            ProcessIdentity process,
            String workflows,
            @Nullable String packageProblems,
            int slots,
            boolean isMeasured,
            UniversalTimestamp at,
            UniversalTimestamp expiresAt) {}

    public static final Command<Registration> REGISTER = STATEMENTS.insert("register", i -> {
        var r = i.into(Runners::new);
        i.set(r.id, i.arg(Registration::id));
        i.set(r.host, i.arg(registration -> registration.process().host()));
        i.set(r.bootId, i.arg(registration -> registration.process().bootId()));
        i.set(r.pid, i.arg(registration -> registration.process().pid()));
        i.set(r.processStart, i.arg(registration -> registration.process().start()));
        i.set(r.workflows, i.arg(Registration::workflows));
        i.set(r.packageProblems, i.argOrNull(Registration::packageProblems));
        i.set(r.slots, i.arg(Registration::slots));
        i.set(r.measured, i.arg(registration -> UniversalBool.of(registration.isMeasured())));
        i.set(r.heartbeats, 0L);
        i.set(r.heartbeatAt, i.arg(Registration::at));
        i.set(r.leaseExpiresAt, i.arg(Registration::expiresAt));
        i.set(r.createdAt, i.arg(Registration::at));
    });

    public record Heartbeat(UniversalUuid id, long leaseMillis, boolean isClosing) {}

    /**
     * Both times are from one reading of the clock, so that their distance is the lease even while the clock is set.
     */
    public static final Command<Heartbeat> RENEW = STATEMENTS.nativeCommand(
            "renew",
            "UPDATE runners SET heartbeats = heartbeats + 1, heartbeat_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'),"
                    + " lease_expires_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', (? / 1000.0) || ' seconds'),"
                    + " closing = ? WHERE id = ?",
            "UPDATE runners SET heartbeats = heartbeats + 1, heartbeat_at = statement_timestamp() AT TIME ZONE 'UTC',"
                    + " lease_expires_at = statement_timestamp() AT TIME ZONE 'UTC'"
                    + " + CAST(? AS bigint) * INTERVAL '1 millisecond', closing = ? WHERE id = ?",
            q -> {
                q.bind(DataType.BIGINT, Heartbeat::leaseMillis);
                q.bind(DataType.BOOL, heartbeat -> UniversalBool.of(heartbeat.isClosing()));
                q.bind(DataType.UUID, Heartbeat::id);
            });

    /** What a runner stores about itself, as JSON. */
    public record Said(
            UniversalUuid id, String workflows, @Nullable String packageProblems) {}

    public static final Command<Said> SAY = STATEMENTS.update("say", u -> {
        var r = u.table(Runners::new);
        u.set(r.workflows, u.arg(Said::workflows));
        u.set(r.packageProblems, u.argOrNull(Said::packageProblems));
        u.where(r.id.eq(u.arg(Said::id)));
    });

    /** A runner as it was when it was last read. */
    public record Known(
            UniversalUuid id,
            ProcessIdentity process,
            String workflows,
            long heartbeats,
            UniversalTimestamp heartbeatAt,
            UniversalTimestamp leaseExpiresAt) {
        /** How long the runner may send no heartbeat. */
        public Duration lease() {
            return Duration.between(heartbeatAt.toInstant(), leaseExpiresAt.toInstant());
        }
    }

    public static final Select<UniversalUuid, Known> OTHERS = STATEMENTS.select("others", q -> {
        var r = q.from(Runners::new);
        q.where(r.id.ne(q.arg()));
        q.orderBy(r.id.asc());
        return row -> new Known(
                row.get(r.id),
                new ProcessIdentity(row.get(r.host), row.get(r.bootId), row.get(r.pid), row.get(r.processStart)),
                row.get(r.workflows),
                row.get(r.heartbeats),
                row.get(r.heartbeatAt),
                row.get(r.leaseExpiresAt));
    });

    /** A runner as it is stored. */
    public record Stored(
            UniversalUuid id,
            ProcessIdentity process,
            UniversalTimestamp createdAt,
            UniversalTimestamp heartbeatAt,
            UniversalTimestamp leaseExpiresAt,
            String workflows,
            @Nullable String packageProblems,
            @Nullable Integer slots,
            boolean isClosing,
            boolean isMeasured) {
        public String host() {
            return process.host();
        }

        public long pid() {
            return process.pid();
        }

        /** The runner as applications see it. */
        public Runner runner(boolean isAlive) {
            return new Runner(
                    id.value(),
                    host(),
                    pid(),
                    createdAt.toInstant(),
                    leaseExpiresAt.toInstant(),
                    isAlive,
                    Workflows.labels(workflows));
        }
    }

    public static final Select<NoArgument, Stored> ALL = STATEMENTS.select("all", q -> {
        var r = q.from(Runners::new);
        q.orderBy(r.id.asc());
        return row -> new Stored(
                row.get(r.id),
                new ProcessIdentity(row.get(r.host), row.get(r.bootId), row.get(r.pid), row.get(r.processStart)),
                row.get(r.createdAt),
                row.get(r.heartbeatAt),
                row.get(r.leaseExpiresAt),
                row.get(r.workflows),
                row.orNull(r.packageProblems),
                row.orNull(r.slots),
                row.orNull(r.closing) == UniversalBool.TRUE,
                row.orNull(r.measured) == UniversalBool.TRUE);
    });

    /**
     * Locks the row of a runner that is believed dead, unless it has renewed its lease since, or another transaction
     * has locked the row. From then on, until it renews its lease, the runner has none: other processes see it as dead
     * at once.
     */
    public static final Command<Known> CONDEMN = STATEMENTS.update("condemn", u -> {
        var r = u.table(Runners::new);
        u.set(r.leaseExpiresAt, UniversalTimestamp.MIN);
        u.hold(r.id, q -> {
            var dead = q.from(Runners::new);
            q.where(dead.id.eq(q.arg(Known::id)), dead.heartbeats.eq(q.arg(Known::heartbeats)));
            return dead.id;
        });
    });

    /**
     * Locks a condemned row against claims as well, whose foreign keys share a lock of it, so that no further claim is
     * committed. Does nothing while a transaction with a claim of that runner is open: recovery does not wait for it.
     */
    public static final Command<UniversalUuid> CLOSE_TO_CLAIMS = STATEMENTS.update("close-to-claims", u -> {
        var r = u.table(Runners::new);
        u.set(r.leaseExpiresAt, UniversalTimestamp.MIN);
        u.claim(r.id, q -> {
            var dead = q.from(Runners::new);
            q.where(dead.id.eq(q.arg()));
            return dead.id;
        });
    });

    public static final Command<UniversalUuid> REMOVE = STATEMENTS.delete("remove", d -> {
        var r = d.from(Runners::new);
        d.where(r.id.eq(d.arg()));
    });

    public record NewEvent(
            UniversalUuid id,
            UniversalUuid execution,
            @Nullable UniversalUuid task,
            RecoveryType type,
            String details,
            UniversalTimestamp at) {}

    public static final Command<NewEvent> INSERT_EVENT = STATEMENTS.insert("insert-recovery-event", i -> {
        var r = i.into(RecoveryEvents::new);
        i.set(r.id, i.arg(NewEvent::id));
        i.set(r.pipelineExecutionId, i.arg(NewEvent::execution));
        i.set(r.taskExecutionId, i.argOrNull(NewEvent::task));
        i.set(r.recoveryType, i.arg(NewEvent::type));
        i.set(r.details, i.arg(NewEvent::details));
        i.set(r.recoveredAt, i.arg(NewEvent::at));
        i.set(r.createdAt, i.arg(NewEvent::at));
        i.set(r.updatedAt, i.arg(NewEvent::at));
    });

    private RunnerStore() {}
}
