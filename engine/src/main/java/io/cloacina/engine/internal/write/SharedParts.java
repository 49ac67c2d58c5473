package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.schema.database.Database;

/** The parts of an engine that most other parts need. */
public record SharedParts(
        Database database,
        Settings settings,
        Workflows workflows,
        Definitions definitions,
        Lease lease,
        ClaimableWorkflows claimable,
        Slots slots,
        Meter meter,
        UnpublishedSubmissions unpublished,
        Notifier notifier,
        CompletionWaiters waiters,
        Timer timer,
        OwnThreads own) {}
