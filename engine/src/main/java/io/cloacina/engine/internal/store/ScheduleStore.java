package io.cloacina.engine.internal.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TypeOf;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The statements over schedules and their occurrences. */
public final class ScheduleStore {
    public static final Statements STATEMENTS = new Statements("schedules");

    /** The settings of a schedule; {@code input} is JSON. */
    public record Said(
            String workflow,
            String cron,
            String zone,
            CatchUpPolicy policy,
            int catchupLimit,
            int catchupMaxAgeSeconds,
            @Nullable UniversalTimestamp start,
            @Nullable UniversalTimestamp end,
            @Nullable String input) {
        /** Whether it fires at the same times. */
        public boolean hasTimesOf(Said other) {
            return cron.equals(other.cron)
                    && zone.equals(other.zone)
                    && Objects.equals(start, other.start)
                    && Objects.equals(end, other.end);
        }
    }

    /** A stored schedule. */
    public record Stored(
            UniversalUuid id,
            String name,
            Said said,
            boolean enabled,
            @Nullable UniversalTimestamp nextAt,
            @Nullable UniversalTimestamp lastAt,
            UniversalTimestamp createdAt) {
        /** The schedule as applications see it; fails if its zone is unknown to this JVM. */
        public Schedule schedule() {
            Map<String, Object> input = shownInput();
            return Schedule.of(name, said.workflow())
                    .cron(said.cron())
                    .zone(said.zone())
                    .catchUp(new CatchUp(
                            said.policy(), said.catchupLimit(), Duration.ofSeconds(said.catchupMaxAgeSeconds())))
                    .input(input)
                    .between(Instants.of(said.start()), Instants.of(said.end()));
        }

        /** The input for display: if it cannot be decoded here, the id of the key in its place. */
        private Map<String, Object> shownInput() {
            try {
                ObjectNode own = inputs().without(List.of(Schedule.NAME_KEY, Schedule.TIME_KEY));
                return JsonContext.read(JsonMapping.PLAIN, own, "input", new TypeOf<Map<String, Object>>() {}, where())
                        .orElseGet(Map::of);
            } catch (PayloadUnreadableException e) {
                return Map.of("$encoded", e.keyId());
            }
        }

        /** The input of its executions, parsed at each call. */
        public ObjectNode inputs() {
            String json = said.input();
            return json == null ? JsonContext.empty() : JsonContext.parse(json, where());
        }

        private String where() {
            return "schedule '" + name + "'";
        }
    }

    private static Stored stored(Row row, CronSchedules s) {
        return new Stored(
                row.get(s.id),
                row.get(s.name),
                new Said(
                        row.get(s.workflowName),
                        row.get(s.cronExpression),
                        row.get(s.timezone),
                        row.get(s.catchupPolicy),
                        row.get(s.catchupLimit),
                        row.get(s.catchupMaxAgeSeconds),
                        row.orNull(s.startDate),
                        row.orNull(s.endDate),
                        row.orNull(s.input)),
                row.get(s.enabled).equals(UniversalBool.TRUE),
                row.orNull(s.nextRunAt),
                row.orNull(s.lastRunAt),
                row.get(s.createdAt));
    }

    /** When the next schedule of a workflow is due. */
    public record NextDue(String workflow, UniversalTimestamp at) {}

    private static String nextDue(String workflows) {
        return "SELECT name, next_at FROM (SELECT w.name, (SELECT s.next_run_at FROM cron_schedules s WHERE"
                + " s.workflow_name = w.name AND s.next_run_at IS NOT NULL ORDER BY s.next_run_at LIMIT 1) AS next_at FROM"
                + " (" + workflows + ") w) looked WHERE next_at IS NOT NULL";
    }

    /** The workflows of a JSON array of names that have schedules: one access to the index for each. */
    public static final Select<String, NextDue> NEXT_DUE = STATEMENTS.nativeSelect(
            "next-due",
            nextDue("SELECT value AS name FROM json_each(?)"),
            nextDue("SELECT name FROM jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb)) AS given(name)"),
            q -> {
                q.bind(DataType.TEXT, json -> json);
                var workflow = q.column(DataType.TEXT);
                var at = q.column(DataType.TIMESTAMP);
                return row -> new NextDue(row.get(workflow), row.get(at));
            });

    public record Due(String workflow, UniversalTimestamp now, int atMost) {}

    /** Locks schedules that are due and that no other transaction has locked. */
    public static final ChangeReturning<Due, Stored> CLAIM_DUE = STATEMENTS.updateReturning("claim-due", u -> {
        var s = u.table(CronSchedules::new);
        u.set(s.updatedAt, u.arg(Due::now));
        u.claim(s.id, q -> {
            var due = q.from(CronSchedules::new);
            q.where(
                    due.workflowName.eq(q.arg(Due::workflow)),
                    due.nextRunAt.isNotNull(),
                    due.nextRunAt.le(q.arg(Due::now)));
            q.orderBy(due.nextRunAt.asc(Nulls.LAST));
            q.limit(q.arg(Due::atMost));
            return due.id;
        });
        return row -> stored(row, s);
    });

    /** The times of a schedule after it fired; null if there is none. */
    public record Advanced(
            UniversalUuid id,
            @Nullable UniversalTimestamp next,
            @Nullable UniversalTimestamp last) {}

    public static final Command<Advanced> ADVANCE = STATEMENTS.update("advance", u -> {
        var s = u.table(CronSchedules::new);
        u.set(s.nextRunAt, u.argOrNull(Advanced::next));
        u.set(s.lastRunAt, u.argOrNull(Advanced::last));
        u.where(s.id.eq(u.arg(Advanced::id)));
    });

    public record Fired(
            UniversalUuid schedule, UniversalTimestamp scheduled, UniversalUuid execution, UniversalTimestamp at) {}

    public static final Command<Fired> INSERT_OCCURRENCE = STATEMENTS.insert("insert-occurrence", i -> {
        var o = i.into(CronExecutions::new);
        i.set(o.id, i.arg(fired -> UniversalUuid.v7()));
        i.set(o.scheduleId, i.arg(Fired::schedule));
        i.set(o.pipelineExecutionId, i.arg(Fired::execution));
        i.set(o.scheduledTime, i.arg(Fired::scheduled));
        i.set(o.claimedAt, i.arg(Fired::at));
        i.set(o.createdAt, i.arg(Fired::at));
        i.set(o.updatedAt, i.arg(Fired::at));
    });

    public record At(UniversalUuid schedule, UniversalTimestamp time) {}

    /** The execution of the occurrence of a schedule at a time. */
    public static final Select<At, UniversalUuid> OCCURRENCE = STATEMENTS.select("occurrence", q -> {
        var o = q.from(CronExecutions::new);
        q.where(o.scheduleId.eq(q.arg(At::schedule)), o.scheduledTime.eq(q.arg(At::time)));
        return row -> row.get(o.pipelineExecutionId);
    });

    public static final Select<String, Stored> FIND = STATEMENTS.select("find", q -> {
        var s = q.from(CronSchedules::new);
        q.where(s.name.eq(q.arg()));
        return row -> stored(row, s);
    });

    public static final Select<NoArgument, Stored> ALL = STATEMENTS.select("all", q -> {
        var s = q.from(CronSchedules::new);
        q.orderBy(s.name.asc());
        return row -> stored(row, s);
    });

    public record Named(String name, UniversalTimestamp at) {}

    /** Locks a schedule, so that it does not fire while it is changed. */
    public static final ChangeReturning<Named, Stored> LOCK = STATEMENTS.updateReturning("lock", u -> {
        var s = u.table(CronSchedules::new);
        u.set(s.updatedAt, u.arg(Named::at));
        u.where(s.name.eq(u.arg(Named::name)));
        return row -> stored(row, s);
    });

    public record New(
            UniversalUuid id,
            String name,
            Said said,
            @Nullable UniversalTimestamp next,
            UniversalTimestamp at) {}

    public static final Command<New> INSERT = STATEMENTS.insert("insert", i -> {
        var s = i.into(CronSchedules::new);
        i.set(s.id, i.arg(New::id));
        i.set(s.name, i.arg(New::name));
        i.set(s.workflowName, i.arg(each -> each.said().workflow()));
        i.set(s.cronExpression, i.arg(each -> each.said().cron()));
        i.set(s.timezone, i.arg(each -> each.said().zone()));
        i.set(s.enabled, UniversalBool.TRUE);
        i.set(s.catchupPolicy, i.arg(each -> each.said().policy()));
        i.set(s.catchupLimit, i.arg(each -> each.said().catchupLimit()));
        i.set(s.catchupMaxAgeSeconds, i.arg(each -> each.said().catchupMaxAgeSeconds()));
        i.set(s.startDate, i.argOrNull(each -> each.said().start()));
        i.set(s.endDate, i.argOrNull(each -> each.said().end()));
        i.set(s.input, i.argOrNull(each -> each.said().input()));
        i.set(s.nextRunAt, i.argOrNull(New::next));
        i.set(s.createdAt, i.arg(New::at));
        i.set(s.updatedAt, i.arg(New::at));
    });

    public record Change(
            UniversalUuid id, Said said, @Nullable UniversalTimestamp next) {}

    public static final Command<Change> CHANGE = STATEMENTS.update("change", u -> {
        var s = u.table(CronSchedules::new);
        u.set(s.workflowName, u.arg(each -> each.said().workflow()));
        u.set(s.cronExpression, u.arg(each -> each.said().cron()));
        u.set(s.timezone, u.arg(each -> each.said().zone()));
        u.set(s.catchupPolicy, u.arg(each -> each.said().policy()));
        u.set(s.catchupLimit, u.arg(each -> each.said().catchupLimit()));
        u.set(s.catchupMaxAgeSeconds, u.arg(each -> each.said().catchupMaxAgeSeconds()));
        u.set(s.startDate, u.argOrNull(each -> each.said().start()));
        u.set(s.endDate, u.argOrNull(each -> each.said().end()));
        u.set(s.input, u.argOrNull(each -> each.said().input()));
        u.set(s.nextRunAt, u.argOrNull(Change::next));
        u.where(s.id.eq(u.arg(Change::id)));
    });

    public record Switch(
            UniversalUuid id,
            UniversalBool enabled,
            @Nullable UniversalTimestamp next) {}

    public static final Command<Switch> SWITCH = STATEMENTS.update("switch", u -> {
        var s = u.table(CronSchedules::new);
        u.set(s.enabled, u.arg(Switch::enabled));
        u.set(s.nextRunAt, u.argOrNull(Switch::next));
        u.where(s.id.eq(u.arg(Switch::id)));
    });

    public static final Command<UniversalUuid> DELETE = STATEMENTS.delete("delete", d -> {
        var s = d.from(CronSchedules::new);
        d.where(s.id.eq(d.arg()));
    });

    public record Page(UniversalUuid schedule, int limit) {}

    public static final Select<Page, Occurrence> HISTORY = STATEMENTS.select("history", q -> {
        var o = q.from(CronExecutions::new);
        var execution = q.join(o.execution);
        q.where(o.scheduleId.eq(q.arg(Page::schedule)));
        q.orderBy(o.scheduledTime.desc());
        q.limit(q.arg(Page::limit));
        return row -> new Occurrence(
                row.get(o.scheduledTime).toInstant(),
                row.get(o.claimedAt).toInstant(),
                row.get(o.pipelineExecutionId).value(),
                row.get(execution.status));
    });

    public record Count(ExecutionStatus status, long occurrences) {}

    private static final String COUNTS_SQL = """
            SELECT e.status, count(*)
            FROM (SELECT o.pipeline_execution_id FROM cron_executions o WHERE o.schedule_id = ?
                  ORDER BY o.scheduled_time DESC LIMIT ?) n
              JOIN pipeline_executions e ON e.id = n.pipeline_execution_id
            GROUP BY e.status""";

    /** How the latest occurrences of a schedule ended. */
    public static final Select<Page, Count> COUNTS = STATEMENTS.nativeSelect("counts", COUNTS_SQL, COUNTS_SQL, q -> {
        q.bind(DataType.UUID, Page::schedule);
        q.bind(DataType.INTEGER, Page::limit);
        var status = q.column(DataType.enumText(ExecutionStatus.class));
        var count = q.column(DataType.BIGINT);
        return row -> new Count(row.get(status), row.get(count));
    });

    private ScheduleStore() {}
}
