package io.cloacina.engine.internal.store;

import io.cloacina.api.AlertKind;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.InsertBuilder;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Alerts;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statements over the rules of alerts. */
public final class AlertStore {
    public static final Statements STATEMENTS = new Statements("alerts");

    private static final String SECRET = "secret";

    /** A rule to store; {@code secret} is null for none, or to keep the secret of the stored rule. */
    public record Put(
            UniversalUuid id, AlertRule rule, @Nullable String secret, EventCursor position, UniversalTimestamp at) {
        private @Nullable String secretJson() {
            return secret == null
                    ? null
                    : JsonContext.empty().put(SECRET, secret).toString();
        }

        private String statuses() {
            return JsonContext.names(
                    rule.statuses().stream().map(ExecutionStatus::label).toList());
        }
    }

    private static void put(InsertBuilder<Put> i, boolean isSigned) {
        var a = i.into(Alerts::new);
        i.set(a.id, i.arg(Put::id));
        i.set(a.name, i.arg(put -> put.rule().name()));
        i.set(a.kind, i.arg(put -> put.rule().kind()));
        i.set(a.workflowName, i.argOrNull(put -> put.rule().workflow()));
        i.set(a.percent, i.arg(put -> put.rule().percent()));
        i.set(a.executions, i.arg(put -> put.rule().executions()));
        i.set(a.durationMillis, i.arg(put -> put.rule().duration().toMillis()));
        i.set(a.statuses, i.arg(Put::statuses));
        i.set(a.url, i.arg(put -> put.rule().url().toString()));
        i.set(a.secret, i.argOrNull(Put::secretJson));
        i.set(a.enabled, UniversalBool.TRUE);
        i.set(a.position, i.arg(put -> put.position().toString()));
        i.set(a.createdAt, i.arg(Put::at));
        i.set(a.updatedAt, i.arg(Put::at));
        List<AnyColumn<?>> overwritten = new ArrayList<>(List.of(
                a.kind, a.workflowName, a.percent, a.executions, a.durationMillis, a.statuses, a.url, a.updatedAt));
        if (isSigned) {
            overwritten.add(a.secret);
        }
        i.onConflict(a.name).overwrite(overwritten.toArray(AnyColumn<?>[]::new));
    }

    /** Stores a new rule, or replaces the rule of that name except its state and its secret. */
    public static final Command<Put> PUT = STATEMENTS.insert("put", i -> put(i, false));

    /** As {@link #PUT}, and replaces the secret. */
    public static final Command<Put> PUT_SIGNED = STATEMENTS.insert("put-signed", i -> put(i, true));

    /** A change of a rule; ends of executions are reported from {@code position} in the stream of events on. */
    public record Switch(String name, UniversalBool enabled, EventCursor position, UniversalTimestamp at) {}

    /** Enables or disables a rule and sets its state to quiet, from a new position on. */
    public static final Command<Switch> SWITCH = STATEMENTS.update("switch", u -> {
        var a = u.table(Alerts::new);
        u.set(a.enabled, u.arg(Switch::enabled));
        u.setNull(a.firingSince);
        u.set(a.position, u.arg(change -> change.position().toString()));
        u.set(a.updatedAt, u.arg(Switch::at));
        u.where(a.name.eq(u.arg(Switch::name)));
    });

    /** A rule as it is stored; reading its row checks nothing. */
    public record Stored(
            UniversalUuid id,
            String name,
            AlertKind kind,
            @Nullable String workflow,
            int percent,
            int executions,
            long durationMillis,
            String statusesJson,
            String url,
            @Nullable String secretJson,
            boolean isEnabled,
            @Nullable UniversalTimestamp firingSince,
            @Nullable UniversalTimestamp evaluatedAt,
            @Nullable UniversalUuid lastDelivery,
            String position,
            UniversalTimestamp updatedAt) {
        public AlertRule rule() {
            return new AlertRule(
                    name, kind, uri(), workflow, percent, executions, Duration.ofMillis(durationMillis), statuses());
        }

        /**
         * The URL to which its messages are sent.
         *
         * @throws CloacinaException with the code {@code PAYLOAD_UNREADABLE} if this process lacks the key to decode it
         */
        public URI uri() {
            try {
                return URI.create(url);
            } catch (IllegalArgumentException e) { // the URL could not be decoded, and this text says so
                throw new CloacinaException(
                        ErrorCodes.PAYLOAD_UNREADABLE,
                        "the URL of alert " + Arguments.shown(name) + " is " + url
                                + ": add that key to payloadCodec, or on the command line to --key-file",
                        e);
            }
        }

        private Set<ExecutionStatus> statuses() {
            List<String> labels = JsonContext.texts(statusesJson);
            return Arrays.stream(ExecutionStatus.values())
                    .filter(status -> labels.contains(status.label()))
                    .collect(Collectors.toSet());
        }

        /** The alert as applications see it. */
        public Alert alert() {
            return new Alert(
                    rule(),
                    isEnabled,
                    secretJson != null,
                    firingSince == null ? null : firingSince.toInstant(),
                    evaluatedAt == null ? null : evaluatedAt.toInstant(),
                    lastDelivery == null ? null : lastDelivery.value());
        }

        /**
         * The secret with which its messages are signed; null for none.
         *
         * @throws CloacinaException if this process lacks the key to decode it
         */
        public @Nullable String secret() {
            return secretJson == null
                    ? null
                    : JsonContext.parse(secretJson, "the secret of alert '" + name + "'")
                            .path(SECRET)
                            .asText();
        }
    }

    private static Stored stored(Row row, Alerts a) {
        return new Stored(
                row.get(a.id),
                row.get(a.name),
                row.get(a.kind),
                row.orNull(a.workflowName),
                row.get(a.percent),
                row.get(a.executions),
                row.get(a.durationMillis),
                row.get(a.statuses),
                row.get(a.url),
                row.orNull(a.secret),
                row.get(a.enabled).equals(UniversalBool.TRUE),
                row.orNull(a.firingSince),
                row.orNull(a.evaluatedAt),
                row.orNull(a.lastDelivery),
                row.get(a.position),
                row.get(a.updatedAt));
    }

    public static final Select<String, Stored> FIND = STATEMENTS.select("find", q -> {
        var a = q.from(Alerts::new);
        q.where(a.name.eq(q.arg()));
        return row -> stored(row, a);
    });

    /** The names of the enabled rules; the argument is their maximum number. */
    public static final Select<Integer, String> ENABLED = STATEMENTS.select("enabled", q -> {
        var a = q.from(Alerts::new);
        q.where(a.enabled.eq(UniversalBool.TRUE));
        q.orderBy(a.name.asc());
        q.limit(q.arg());
        return row -> row.get(a.name);
    });

    /** All rules, by name. */
    public static final Select<NoArgument, Stored> ALL = STATEMENTS.select("all", q -> {
        var a = q.from(Alerts::new);
        q.orderBy(a.name.asc());
        return row -> stored(row, a);
    });

    public static final Command<String> DELETE = STATEMENTS.delete("delete", d -> {
        var a = d.from(Alerts::new);
        d.where(a.name.eq(d.arg()));
    });

    /**
     * A change of a rule's state.
     *
     * @param seen when the evaluated rule was last changed: if it has changed since, its state stays as it is
     */
    public record Turn(UniversalUuid id, UniversalTimestamp seen, UniversalUuid delivery, UniversalTimestamp at) {}

    /** Changes a rule from quiet to firing, once. */
    public static final Command<Turn> FIRE = STATEMENTS.update("fire", u -> {
        var a = u.table(Alerts::new);
        u.set(a.firingSince, u.arg(Turn::at));
        u.set(a.evaluatedAt, u.arg(Turn::at));
        u.set(a.lastDelivery, u.arg(Turn::delivery));
        u.where(
                a.id.eq(u.arg(Turn::id)),
                a.firingSince.isNull(),
                a.enabled.eq(UniversalBool.TRUE),
                a.updatedAt.eq(u.arg(Turn::seen)));
    });

    /** Changes a rule from firing to quiet, once. */
    public static final Command<Turn> RESOLVE = STATEMENTS.update("resolve", u -> {
        var a = u.table(Alerts::new);
        u.setNull(a.firingSince);
        u.set(a.evaluatedAt, u.arg(Turn::at));
        u.set(a.lastDelivery, u.arg(Turn::delivery));
        u.where(
                a.id.eq(u.arg(Turn::id)),
                a.firingSince.isNotNull(),
                a.enabled.eq(UniversalBool.TRUE),
                a.updatedAt.eq(u.arg(Turn::seen)));
    });

    public record Evaluated(UniversalUuid id, UniversalTimestamp at) {}

    public static final Command<Evaluated> EVALUATED = STATEMENTS.update("evaluated", u -> {
        var a = u.table(Alerts::new);
        u.set(a.evaluatedAt, u.arg(Evaluated::at));
        u.where(a.id.eq(u.arg(Evaluated::id)));
    });

    public record Advance(UniversalUuid id, UniversalTimestamp seen, String from, String to) {}

    /** Advances the position of a rule past ends of executions, once. */
    public static final Command<Advance> ADVANCE = STATEMENTS.update("advance", u -> {
        var a = u.table(Alerts::new);
        u.set(a.position, u.arg(Advance::to));
        u.where(
                a.id.eq(u.arg(Advance::id)),
                a.position.eq(u.arg(Advance::from)),
                a.enabled.eq(UniversalBool.TRUE),
                a.updatedAt.eq(u.arg(Advance::seen)));
    });

    public record Sent(UniversalUuid id, UniversalUuid delivery) {}

    /** Stores the last delivery of a rule. */
    public static final Command<Sent> SENT = STATEMENTS.update("sent", u -> {
        var a = u.table(Alerts::new);
        u.set(a.lastDelivery, u.arg(Sent::delivery));
        u.where(a.id.eq(u.arg(Sent::id)));
    });

    /** Of the newest executions of all workflows: how many of one workflow completed, or failed, after a time. */
    public record Ended(String workflow, long completed, long failed) {}

    public record Window(UniversalTimestamp since, int newest) {}

    private static final String ENDED_SQL = """
            SELECT n.pipeline_name, count(CASE WHEN n.status = 'Completed' THEN 1 END),
              count(CASE WHEN n.status = 'Failed' THEN 1 END)
            FROM (SELECT e.pipeline_name, e.status, e.completed_at
                  FROM pipeline_executions e ORDER BY e.id DESC LIMIT ?) n
            WHERE n.completed_at > ? GROUP BY n.pipeline_name""";

    public static final Select<Window, Ended> ENDED = STATEMENTS.nativeSelect("ended", ENDED_SQL, ENDED_SQL, q -> {
        q.bind(DataType.INTEGER, Window::newest);
        q.bind(DataType.TIMESTAMP, Window::since);
        var workflow = q.column(DataType.TEXT);
        var completed = q.column(DataType.BIGINT);
        var failed = q.column(DataType.BIGINT);
        return row -> new Ended(row.get(workflow), row.get(completed), row.get(failed));
    });

    private AlertStore() {}
}
