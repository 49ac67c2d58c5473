package io.cloacina.api;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a task. A later call of a method replaces an earlier one, except for {@code after}, {@code limit} and
 * {@code reads}, whose calls add up. Not thread safe.
 */
public final class TaskOptions {
    private static final int MAX_PRIORITY = 1_000;

    final List<String> dependencies = new ArrayList<>();
    final List<Limit> limits = new ArrayList<>();
    final Map<String, Type> reads = new LinkedHashMap<>();
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
    Type output;

    @Nullable
    TaskCallback onCompleted;

    @Nullable
    TaskCallback onFailed;

    TaskOptions() {}

    /**
     * Adds dependencies: the task waits until these tasks have ended. Without a {@linkplain #when rule}, it runs if all
     * of them completed and is skipped otherwise.
     */
    public TaskOptions after(String... taskNames) {
        return after(Arguments.all("the names of the tasks", taskNames));
    }

    /** Adds dependencies, as {@link #after(String...)}. */
    public TaskOptions after(Collection<String> taskNames) {
        dependencies.addAll(Arguments.all("the names of the tasks", taskNames));
        return this;
    }

    /**
     * Sets the trigger rule, which decides whether the task runs once its dependencies have ended. The rule may name
     * only direct or indirect dependencies. Default: the task runs if all direct dependencies completed.
     */
    public TaskOptions when(TriggerRule decides) {
        rule = Arguments.given("the rule", decides);
        return this;
    }

    /** Retries the task when it fails. Default: {@link RetryPolicy#NONE}. */
    public TaskOptions retry(RetryPolicy policy) {
        retry = Arguments.given("the retry policy", policy);
        return this;
    }

    /**
     * Sets the longest time that the body of an attempt may run; then it is interrupted, and the attempt has failed.
     * Time spent waiting does not count. Default: forever. A time of more than 36,500 days also means forever.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions timeout(Duration longest) {
        timeout = Arguments.positive("the timeout", longest);
        return this;
    }

    /**
     * Sets a number that is added to the priority of the execution; ready tasks with a higher sum run first. Default:
     * 0.
     *
     * @throws CloacinaException if it is not from -1000 to 1000
     */
    public TaskOptions priority(int added) {
        priority = Arguments.number(
                ErrorCodes.INVALID_PRIORITY, "the priority must be", added, -MAX_PRIORITY, MAX_PRIORITY);
        return this;
    }

    /**
     * Runs the body in the transaction that stores the completion of the task; its connection is
     * {@link TaskContext#connection()}. When that transaction is lost, the body runs again immediately, at most three
     * times; then the attempt has failed. A timeout covers all of these runs together.
     */
    public TaskOptions transactional() {
        transactional = true;
        return this;
    }

    /**
     * The task sleeps before its body runs, counted from the end of its dependencies. A crash neither shortens nor
     * restarts the sleep, and it occupies no thread.
     *
     * @throws CloacinaException if it is not more than zero, or longer than 36,500 days
     */
    public TaskOptions sleep(Duration time) {
        wait = new Wait.Sleep(time);
        return this;
    }

    /**
     * The task sleeps before its body runs, until an instant that {@code time} computes. Otherwise as {@link #sleep}.
     */
    public TaskOptions sleepUntil(SleepTime time) {
        wait = new Wait.SleepUntil(time);
        return this;
    }

    /**
     * The task waits before its body runs until this signal is sent to its execution; a signal that was sent earlier
     * counts. The body reads the value of the signal with {@link TaskContext#signal}. Waiting occupies no thread.
     */
    public TaskOptions signal(String name) {
        signal = Arguments.given("the name of the signal", name);
        return this;
    }

    /**
     * Sets how long the task waits for its signal; after that time it is skipped, and trigger rules can react. Default:
     * forever. A time of more than 36,500 days also means forever.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions within(Duration longest) {
        within = Arguments.positive("the time limit of a signal", longest);
        orWithout = false;
        return this;
    }

    /**
     * Sets how long the task waits for its signal; after that time its body runs without the signal, see
     * {@link TaskContext#findSignal}. A time of more than 36,500 days means forever.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions withinOrWithout(Duration longest) {
        within = Arguments.positive("the time limit of a signal", longest);
        orWithout = true;
        return this;
    }

    /**
     * The body runs once for each element of a list in the context, in parallel, and each run writes its
     * {@linkplain TaskContext#output output}. The list of these outputs is the output of the task, in the order of the
     * elements, with null for a run without output. Retries, timeout and limits apply to each run. If one run fails for
     * good, the task fails and no further runs start.
     *
     * @param key the key of the list in the context; the output of a task has the name of the task as its key
     */
    public TaskOptions forEach(String key) {
        list = Arguments.unicode(Arguments.INVALID, "the key of the list", key);
        return this;
    }

    /**
     * Sets how many runs of a {@link #forEach} run at once. Default: as many as there are slots.
     *
     * @throws CloacinaException if it is less than 1
     */
    public TaskOptions atOnce(int most) {
        if (most < 1) {
            throw Arguments.invalid("the number of runs at once must be at least 1, not " + most);
        }
        atOnce = most;
        return this;
    }

    /**
     * Completes the task even if runs of its {@link #forEach} fail; its output is then a list of
     * {@link ElementOutcome}.
     */
    public TaskOptions collect() {
        collecting = true;
        return this;
    }

    /**
     * Submits an execution of another workflow when the body has ended, with the {@linkplain TaskContext#output output}
     * of the body as its input. The task waits for that child execution without a thread, and the child's context
     * becomes the output of the task. If the child fails or is cancelled, the attempt has failed. Cancelling, pausing
     * and resuming the execution also applies to its children.
     */
    public TaskOptions child(String workflow) {
        childWorkflow = Arguments.name(Arguments.INVALID, "the name of the child's workflow", workflow);
        return this;
    }

    /** Sets the key of the child's context whose value becomes the output of the task. Default: all of the context. */
    public TaskOptions take(String key) {
        take = Arguments.unicode(Arguments.INVALID, "the key to take", key);
        return this;
    }

    /** Limits how many attempts of this task run at once, or start within a period, across all processes. */
    public TaskOptions limit(Limit limit) {
        limits.add(Arguments.given("the limit", limit));
        return this;
    }

    /**
     * Declares the type with which the body reads a value that an earlier task wrote. A newer version of the workflow
     * finishes an execution of this version only if the stored value can be read as the type that the newer version
     * declares. Undeclared values are not checked.
     *
     * @param key the key of the value; the output of a task has the name of the task as its key
     */
    public TaskOptions reads(String key, Class<?> type) {
        return addRead(key, type);
    }

    /** As {@link #reads(String, Class)}. */
    public TaskOptions reads(String key, TypeOf<?> type) {
        return addRead(key, Arguments.given("the type", type).type());
    }

    private TaskOptions addRead(String key, Type type) {
        Arguments.given("the type of " + Names.quoted(Arguments.given("the key to read", key)), type);
        reads.put(Arguments.unicode(Arguments.INVALID, "the key to read", key), type);
        return this;
    }

    /** Declares the type of the task's output. It documents the definition; outputs are not checked against it. */
    public TaskOptions returns(Class<?> type) {
        output = Arguments.given("the type of the output", type);
        return this;
    }

    /** As {@link #returns(Class)}. */
    public TaskOptions returns(TypeOf<?> type) {
        output = Arguments.given("the type of the output", type).type();
        return this;
    }

    /** Sets the callback for when the task has completed. */
    public TaskOptions onCompleted(TaskCallback callback) {
        onCompleted = Arguments.given("the callback", callback);
        return this;
    }

    /** Sets the callback for when the task has failed for good. */
    public TaskOptions onFailed(TaskCallback callback) {
        onFailed = Arguments.given("the callback", callback);
        return this;
    }
}
