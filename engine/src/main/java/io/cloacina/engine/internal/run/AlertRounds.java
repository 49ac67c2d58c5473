package io.cloacina.engine.internal.run;

import io.cloacina.api.AlertKind;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Submitter;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates the rules of alerts. One transaction stores the result of a round, by a guarded change of the rule, and submits the
 * message: so each message is submitted once, even if several runners evaluate a rule at the same time or one dies meanwhile.
 * Used by one thread.
 */
public final class AlertRounds {
    private static final Logger LOG = LoggerFactory.getLogger(AlertRounds.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** The time of the last evaluation is stored at most this often. */
    private static final Duration NOTED = Duration.ofMinutes(1);

    /** How many ends of executions one transaction reports at most. */
    private static final int PAGE = 100;

    private final Database database;
    private final WriteLanes lanes;
    private final Submitter submitter;
    private final Workflows workflows;
    private final Clock clock;
    private final Timer timer;
    private final BooleanSupplier isOurs;
    private final AlertConditions conditions;
    private final SettledEvents settled;
    private final Map<UniversalUuid, String> failing = new HashMap<>();

    /** @param isOurs whether this runner evaluates the alerts: if several did, they would find the same */
    public AlertRounds(SharedParts parts, WriteLanes lanes, Submitter submitter, BooleanSupplier isOurs) {
        this.database = parts.database();
        this.lanes = lanes;
        this.submitter = submitter;
        this.workflows = parts.workflows();
        this.clock = parts.settings().clock();
        this.timer = parts.timer();
        this.isOurs = isOurs;
        this.conditions = new AlertConditions(database);
        this.settled = new SettledEvents(database, clock, SettledEvents.SETTLING);
    }

    /** Starts evaluating periodically, by the timer. */
    public void start() {
        Periodic.repeat(timer, LOOK, () -> {
            if (isOurs.getAsBoolean()) {
                round();
            }
        });
    }

    /** Evaluates each rule. A rule that cannot be evaluated does not prevent the others from being evaluated. */
    public void round() {
        List<AlertStore.Stored> all = database.list(AlertStore.ALL);
        failing.keySet().retainAll(all.stream().map(AlertStore.Stored::id).toList());
        for (AlertStore.Stored each : all) {
            if (each.isEnabled()) {
                try {
                    evaluate(each);
                    failing.remove(each.id());
                } catch (
                        RuntimeException e) { // this rule cannot be evaluated, and is evaluated again in the next round
                    tell(each, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void tell(AlertStore.Stored stored, String why) {
        if (!why.equals(failing.put(stored.id(), why))) {
            LOG.warn("alert '{}' cannot be evaluated, and will be retried: {}", stored.name(), why);
        }
    }

    private void evaluate(AlertStore.Stored stored) {
        AlertRule rule = stored.rule();
        if (rule.kind() == AlertKind.EXECUTION_ENDED) {
            tellEnds(stored, rule);
        } else {
            String wrong = conditions.wrong(rule, UniversalTimestamp.now(clock)).orElse(null);
            UniversalTimestamp since = stored.firingSince();
            if (wrong != null && since == null) {
                turn(stored, at -> AlertMessage.firing(rule, at, wrong));
                return;
            }
            if (wrong == null && since != null) {
                turn(stored, at -> AlertMessage.resolved(rule, at, since.toInstant()));
                return;
            }
        }
        note(stored);
    }

    private interface Message {
        AlertMessage at(Instant now);
    }

    private void turn(AlertStore.Stored stored, Message message) {
        UniversalUuid delivery = UniversalUuid.v7();
        lanes.callUnlessLocked(stored.id(), work -> {
            int turned = work.run(
                    stored.firingSince() == null ? AlertStore.FIRE : AlertStore.RESOLVE,
                    new AlertStore.Turn(stored.id(), stored.updatedAt(), delivery, work.at()));
            if (turned == 1) {
                submitter.submit(
                        work, List.of(message.at(work.at().toInstant()).prepared(delivery, workflow(), work.at())));
            }
            return turned;
        });
    }

    /**
     * Reads the ends of executions after the stored position of the rule, and advances it in the transaction that submits the
     * messages.
     */
    private void tellEnds(AlertStore.Stored stored, AlertRule rule) {
        UniversalTimestamp before = settled.completeBefore();
        String from = stored.position();
        List<StoredEvent.ExecutionEnded> ends;
        do {
            ends = database.list(EventStore.ENDS, new EventStore.Span(EventCursor.parse(from), before, PAGE));
            if (ends.isEmpty()) {
                return;
            }
            String to = ends.get(ends.size() - 1).cursor().toString();
            List<AlertMessage> messages = ends.stream()
                    .filter(each -> isTold(rule, each))
                    .map(each -> AlertMessage.ended(rule, each))
                    .toList();
            if (!advance(stored, from, to, messages)) {
                return;
            }
            from = to;
        } while (ends.size() == PAGE);
    }

    private static boolean isTold(AlertRule rule, StoredEvent.ExecutionEnded end) {
        return AlertConditions.isMeant(end.workflow())
                && (rule.workflow() == null || rule.workflow().equals(end.workflow()))
                && rule.statuses().contains(end.status());
    }

    private boolean advance(AlertStore.Stored stored, String from, String to, List<AlertMessage> messages) {
        List<UniversalUuid> ids =
                messages.stream().map(each -> UniversalUuid.v7()).toList();
        return lanes.callUnlessLocked(stored.id(), work -> {
            int advanced =
                    work.run(AlertStore.ADVANCE, new AlertStore.Advance(stored.id(), stored.updatedAt(), from, to));
            if (advanced == 1 && !messages.isEmpty()) {
                List<PreparedExecution> all = IntStream.range(0, ids.size())
                        .mapToObj(i -> messages.get(i).prepared(ids.get(i), workflow(), work.at()))
                        .toList();
                submitter.submit(work, all);
                work.run(AlertStore.SENT, new AlertStore.Sent(stored.id(), ids.get(ids.size() - 1)));
            }
            return advanced == 1;
        });
    }

    private void note(AlertStore.Stored stored) {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        UniversalTimestamp noted = stored.evaluatedAt();
        if (noted == null || noted.compareTo(now.saturatedPlus(NOTED.negated())) <= 0) {
            lanes.callUnlessLocked(
                    stored.id(),
                    work -> work.run(AlertStore.EVALUATED, new AlertStore.Evaluated(stored.id(), work.at())));
        }
    }

    private Workflow workflow() {
        return Objects.requireNonNull(workflows.find(AlertRule.DELIVERY).orElse(null));
    }
}
