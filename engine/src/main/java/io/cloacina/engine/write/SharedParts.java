package io.cloacina.engine.write;

import io.cloacina.engine.claim.ClaimableWorkflows;
import io.cloacina.engine.claim.Slots;
import io.cloacina.engine.claim.Workflows;
import io.cloacina.engine.host.OwnThreads;
import io.cloacina.engine.host.Timer;
import io.cloacina.schema.database.Database;

/** What most parts of an engine need. */
public record SharedParts(
        Database database,
        Settings settings,
        Workflows workflows,
        Lease lease,
        ClaimableWorkflows claimable,
        Slots slots,
        Notifier notifier,
        Timer timer,
        OwnThreads own) {}
