package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Workflows;

/** The steps that write, wired together: each has those that follow it. */
public record Steps(
        Submitter submitter,
        Committer committer,
        Claimer claimer,
        Suspender suspender,
        ExecutionControl control,
        EarlyEnd earlyEnd,
        LeaseSweeper sweeper,
        DueSchedules dueSchedules,
        VersionChange versionChange,
        Restarter restarter) {
    /** {@code isManual} as in {@link BacklogClaims}. */
    public static Steps of(
            SharedParts parts, Liveness liveness, ContextLoader contexts, Interceptors interceptors, boolean isManual) {
        return of(
                parts.workflows(),
                parts.definitions(),
                parts.lease(),
                liveness,
                contexts,
                interceptors,
                parts.waiters(),
                isManual);
    }

    /** The same from single parts. */
    public static Steps of(
            Workflows workflows,
            Definitions definitions,
            Lease lease,
            Liveness liveness,
            ContextLoader contexts,
            Interceptors interceptors,
            CompletionWaiters waiters,
            boolean isManual) {
        ParentNotifier parents = new ParentNotifier(workflows);
        Submitter submitter = new Submitter(lease);
        Completer completer = new Completer(parents, new Continuations(submitter, definitions), waiters);
        ExecutionControl control = new ExecutionControl(workflows, completer);
        Suspender suspender = new Suspender(submitter, control, parents);
        Planner planner = new Planner(lease, contexts, completer);
        Committer committer = new Committer(planner, parents, suspender, control);
        return new Steps(
                submitter,
                committer,
                new Claimer(workflows, lease, isManual),
                suspender,
                control,
                new EarlyEnd(definitions, control, planner),
                new LeaseSweeper(workflows, liveness, committer),
                new DueSchedules(workflows, submitter, interceptors),
                new VersionChange(planner),
                new Restarter(planner));
    }

    public GroupTransaction groupTransaction() {
        return new GroupTransaction(submitter, committer, claimer);
    }
}
