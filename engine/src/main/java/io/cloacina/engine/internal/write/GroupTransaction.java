package io.cloacina.engine.internal.write;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of one transaction: the steps of a task's path for all writes of a group. First calls run, in the order of
 * their executions, each with the locks that it needs; then the ends of attempts are written, with what follows from
 * them; then submissions, which lock what they insert. Claims come last, and skip rows that other transactions have
 * locked.
 */
public final class GroupTransaction {
    private final Submitter submitter;
    private final Committer committer;
    private final Claimer claimer;

    GroupTransaction(Submitter submitter, Committer committer, Claimer claimer) {
        this.submitter = submitter;
        this.committer = committer;
        this.claimer = claimer;
    }

    public void run(UnitOfWork work, List<Write> group) {
        List<Write.Submit> submits = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (Write write : group) {
            if (write instanceof Write.Call<?> call) {
                call.run(work);
            } else if (write instanceof Write.Submit submit) {
                submits.add(submit);
            } else if (write instanceof Write.AttemptEnd ended) {
                outcomes.add(ended.outcome());
            }
        }
        if (!outcomes.isEmpty()) {
            committer.finish(work, outcomes);
        }
        if (!submits.isEmpty()) {
            submit(work, submits);
        }
        claimer.claim(work);
    }

    /** Claims nothing of the workflows of a failed claim for a while. */
    void pauseClaims(ClaimFailedException failure) {
        claimer.pauseClaims(failure);
    }

    /** Stores all submissions of the group together, so that there is one batch for each table. */
    private void submit(UnitOfWork work, List<Write.Submit> submits) {
        List<PreparedExecution> all = new ArrayList<>();
        submits.forEach(submit -> all.addAll(submit.submissions()));
        var ids = submitter.submit(work, all);
        int from = 0;
        for (Write.Submit submit : submits) {
            int to = from + submit.submissions().size();
            submit.written(List.copyOf(ids.subList(from, to)));
            from = to;
        }
    }
}
