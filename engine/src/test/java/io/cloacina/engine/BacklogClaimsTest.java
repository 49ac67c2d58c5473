package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.write.BacklogClaims;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.NotificationSender;
import io.cloacina.engine.internal.write.Notifier;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What claims read of a long backlog, the entries of which PostgreSQL keeps after their tasks were claimed. */
@Timeout(60)
class BacklogClaimsTest {
    private static final int BACKLOG = 4_000;
    private static final int AT_ONCE = 100;
    private static final int CLAIMS = 10;
    private static final WorkflowDefinition WAITING = WorkflowDefinition.named("waiting")
            .version("1")
            .task("t", context -> {})
            .build();

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void a_claim_does_not_read_again_what_was_claimed_before_it() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated().close();
            EngineParts.execute(test, "ALTER TABLE task_executions SET (autovacuum_enabled = false)");
            try (Engine engine =
                    Engine.builder(test.url()).workflow(WAITING).client().start()) {
                engine.submitAll(Collections.nCopies(BACKLOG, Submission.of("waiting")));
            }
            claim(test, BACKLOG / AT_ONCE - 3 * CLAIMS, Duration.ZERO);

            long behind = pagesOf(test, Duration.ZERO);
            long front = pagesOf(test, BacklogClaims.AT_LEAST_EVERY);

            // The first claim of each has no place to begin at, and reads the front.
            assertThat(3 * behind).isLessThan(front);
        }
    }

    /** How many pages of the index some claims read, with so much time between two of them. */
    private long pagesOf(TestDatabase test, Duration between) {
        long before = pages(test);
        claim(test, CLAIMS, between);
        return pages(test) - before;
    }

    private static long pages(TestDatabase test) {
        return EngineParts.countWhenAlone(
                test,
                "SELECT idx_blks_hit + idx_blks_read FROM pg_statio_user_indexes"
                        + " WHERE indexrelname = 'task_executions_ready_idx'");
    }

    private void claim(TestDatabase test, int claims, Duration between) {
        try (Database database = test.open()) {
            Workflows workflows = new Workflows(List.of(WAITING), 10, JsonMapping.PLAIN);
            Workflow workflow = workflows.find("waiting", "1").orElseThrow();
            Notifier silent = new Notifier(new NotificationSender(text -> {}, (delay, work) -> {}, () -> 0));
            Lease lease = new Lease(database, Duration.ofHours(1), AT_ONCE, false, workflows::json, silent);
            lease.register();
            BacklogClaims backlog = new BacklogClaims(lease, false, nanos::get);
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < claims; i++) {
                nanos.addAndGet(between.toNanos());
                taken.add(database.write(transaction -> {
                    transaction.waitForLocksAtMost(Duration.ofSeconds(10));
                    ClaimBudget budget = new ClaimBudget(new Slots(AT_ONCE), new ClaimableWorkflows(), true, 0);
                    CommitEffects effects = new CommitEffects(budget, new UnpublishedSubmissions(false));
                    UnitOfWork work = new UnitOfWork(transaction, Clock.systemUTC(), effects);
                    return backlog.claim(work, workflow, 0, AT_ONCE).size();
                }));
            }
            assertThat(taken).hasSize(claims).containsOnly(AT_ONCE);
        }
    }
}
