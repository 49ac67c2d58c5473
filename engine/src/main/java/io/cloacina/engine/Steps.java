package io.cloacina.engine;

import java.time.Clock;

/** The steps that write, put together: each knows those that it goes on to. */
record Steps(
        Submitter submitter,
        Committer committer,
        Claimer claimer,
        Suspender suspender,
        Interventions interventions,
        LeaseSweeper sweeper,
        CronLoop cron) {
    static Steps of(Workflows workflows, Lease lease, Liveness liveness, ContextLoader contexts, Clock clock) {
        Parents parents = new Parents(workflows);
        Completer completer = new Completer(parents);
        Submitter submitter = new Submitter(lease);
        Interventions interventions = new Interventions(workflows, completer);
        Suspender suspender = new Suspender(submitter, interventions, parents);
        Committer committer =
                new Committer(new Planner(lease, contexts, completer), parents, suspender, interventions, clock);
        return new Steps(
                submitter,
                committer,
                new Claimer(workflows, lease, clock),
                suspender,
                interventions,
                new LeaseSweeper(workflows, liveness, committer, clock),
                new CronLoop(workflows, submitter, clock));
    }

    Walk walk(Hinting hinting) {
        return new Walk(submitter, committer, claimer, hinting);
    }
}
