package io.cloacina.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a task. A later call replaces an earlier one, except of {@code after} and {@code limit}, which add. Not
 * thread safe.
 */
public final class TaskOptions {
    private static final int MAX_PRIORITY = 1_000;

    final List<String> dependencies = new ArrayList<>();
    final List<Limit> limits = new ArrayList<>();
    TriggerRule rule = TriggerRule.dependenciesCompleted();
    RetryPolicy retry = RetryPolicy.NONE;

    @Nullable
    Duration timeout;

    int priority;
    boolean transactional;

    @Nullable
    Wait wait;

    @Nullable
    String signal;

    @Nullable
    Duration within;

    boolean orWithout;

    @Nullable
    String list;

    int atOnce = FanOut.UNBOUNDED;
    boolean collecting;

    @Nullable
    String childWorkflow;

    @Nullable
    String take;

    @Nullable
    TaskCallback onCompleted;

    @Nullable
    TaskCallback onFailed;

    TaskOptions() {}

    /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
    public TaskOptions after(String... taskNames) {
        return after(List.of(taskNames));
    }

    /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
    public TaskOptions after(Collection<String> taskNames) {
        dependencies.addAll(List.copyOf(taskNames));
        return this;
    }

    /** Whether the task runs once its dependencies have ended. The tasks that it names are direct or indirect dependencies. */
    public TaskOptions when(TriggerRule decides) {
        rule = Objects.requireNonNull(decides, "the rule");
        return this;
    }

    /** Tries the task again when it fails. */
    public TaskOptions retry(RetryPolicy policy) {
        retry = Objects.requireNonNull(policy, "the retry policy");
        return this;
    }

    /**
     * An attempt whose body takes longer is interrupted, and has failed. Waiting does not count.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public TaskOptions timeout(Duration longest) {
        timeout = requirePositive("the timeout", longest);
        return this;
    }

    /**
     * What is added to the priority of the execution; of the tasks that are ready, those with a higher sum run first.
     *
     * @throws IllegalArgumentException if it is not from -1000 to 1000
     */
    public TaskOptions priority(int added) {
        if (added < -MAX_PRIORITY || added > MAX_PRIORITY) {
            throw new IllegalArgumentException("the priority is from -1000 to 1000, not " + added);
        }
        priority = added;
        return this;
    }

    /**
     * Gives the task the connection of its own commit: {@link TaskContext#connection()}. When that transaction is lost, the
     * body runs again at once, three times at most; then the attempt has failed. A time limit is for all of that together.
     */
    public TaskOptions transactional() {
        transactional = true;
        return this;
    }

    /**
     * The task sleeps before its body runs: that long from when its dependencies have ended. A crash does not shorten it and
     * does not begin it anew, and no thread is held.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public TaskOptions sleep(Duration time) {
        wait = new Wait.Sleep(requirePositive("the time to sleep", time));
        return this;
    }

    /** The task sleeps before its body runs, until an instant that its data says. Otherwise as {@link #sleep}. */
    public TaskOptions sleepUntil(SleepTime time) {
        wait = new Wait.SleepUntil(Objects.requireNonNull(time, "until when to sleep"));
        return this;
    }

    /**
     * The task waits before its body runs until somebody sends its execution this signal, which may have happened before. The
     * body reads what was sent: {@link TaskContext#signal}. No thread is held.
     */
    public TaskOptions signal(String name) {
        signal = Objects.requireNonNull(name, "the name of the signal");
        return this;
    }

    /**
     * How long the task waits for its signal; when that is over it is skipped, and rules can go on from there.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public TaskOptions within(Duration longest) {
        within = requirePositive("the time limit of a signal", longest);
        orWithout = false;
        return this;
    }

    /**
     * How long the task waits for its signal; when that is over its body runs without it, see {@link TaskContext#findSignal}.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public TaskOptions withinOrWithout(Duration longest) {
        within = requirePositive("the time limit of a signal", longest);
        orWithout = true;
        return this;
    }

    /**
     * The body runs once for each element of a list in the context, beside each other, and each run puts its result {@linkplain
     * TaskContext#output out}. The results are the output of the task: a list in the order of the elements, with null where
     * nothing was put out. Retries, time limit and limits are those of each run. If a run fails for good, so does the task,
     * and what has not begun does not begin.
     *
     * @param key of the list; a typed task's output stands under its name
     */
    public TaskOptions forEach(String key) {
        list = Objects.requireNonNull(key, "the key of the list");
        return this;
    }

    /**
     * How many runs of a {@link #forEach} go on at once; as many as there are slots unless said.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public TaskOptions atOnce(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one run goes on at once, but " + most + " was given");
        }
        atOnce = most;
        return this;
    }

    /** The task completes however the runs of its {@link #forEach} end; its output is a list of {@link ElementOutcome}. */
    public TaskOptions collect() {
        collecting = true;
        return this;
    }

    /**
     * What the body {@linkplain TaskContext#output puts out} is the input of an execution of another workflow. The task waits
     * for it, without a thread; the child's context is its output. If the child fails or is cancelled, the attempt has failed.
     * Cancelling, pausing and resuming the execution reaches its children.
     */
    public TaskOptions child(String workflow) {
        childWorkflow = Objects.requireNonNull(workflow, "the name of the child's workflow");
        return this;
    }

    /** Which value of the context of a {@link #child} becomes the output, instead of all of it. */
    public TaskOptions take(String key) {
        take = Objects.requireNonNull(key, "the key of what is taken");
        return this;
    }

    /** Bounds how many attempts of this task run at once, or start in a time, in all processes together. */
    public TaskOptions limit(Limit limit) {
        limits.add(Objects.requireNonNull(limit, "the limit"));
        return this;
    }

    /** What is called when the task has completed. */
    public TaskOptions onCompleted(TaskCallback callback) {
        onCompleted = Objects.requireNonNull(callback, "the callback");
        return this;
    }

    /** What is called when the task has failed for good. */
    public TaskOptions onFailed(TaskCallback callback) {
        onFailed = Objects.requireNonNull(callback, "the callback");
        return this;
    }

    private static Duration requirePositive(String what, Duration given) {
        if (given.isZero() || given.isNegative()) {
            throw new IllegalArgumentException(what + " is more than zero, but " + given + " was given");
        }
        return given;
    }
}
