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
 * The settings of a task. A later call replaces an earlier one, except of {@code after}, {@code limit} and {@code
 * reads}, which add.
 * Not thread safe.
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

    /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
    public TaskOptions after(String... taskNames) {
        return after(Arguments.all("the names of the tasks", taskNames));
    }

    /** The task is decided only when these have ended; without a rule it runs only if all of them completed. */
    public TaskOptions after(Collection<String> taskNames) {
        dependencies.addAll(Arguments.all("the names of the tasks", taskNames));
        return this;
    }

    /**
     * Sets the trigger rule: whether the task runs once its dependencies have ended. The tasks that a rule names are
     * direct or indirect dependencies.
     */
    public TaskOptions when(TriggerRule decides) {
        rule = Arguments.given("the rule", decides);
        return this;
    }

    /** Retries the task when it fails. */
    public TaskOptions retry(RetryPolicy policy) {
        retry = Arguments.given("the retry policy", policy);
        return this;
    }

    /**
     * An attempt whose body takes longer is interrupted, and has failed. Waiting does not count. Default: forever,
     * which is also what a time of more than 36,500 days means.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions timeout(Duration longest) {
        timeout = Arguments.positive("the timeout", longest);
        return this;
    }

    /**
     * A number that is added to the priority of the execution; of the ready tasks, those with a higher sum run first.
     *
     * @throws CloacinaException if it is not from -1000 to 1000
     */
    public TaskOptions priority(int added) {
        priority = Arguments.number("INVALID_PRIORITY", "the priority is", added, -MAX_PRIORITY, MAX_PRIORITY);
        return this;
    }

    /**
     * Gives the task the connection of its own commit: {@link TaskContext#connection()}. When that transaction is lost,
     * the body runs again at once, three times at most; then the attempt has failed. A timeout covers all of these runs
     * together.
     */
    public TaskOptions transactional() {
        transactional = true;
        return this;
    }

    /**
     * The task sleeps before its body runs, from the moment when its dependencies have ended. A crash neither shortens
     * nor restarts the sleep, and no thread is held.
     *
     * @throws CloacinaException if it is not more than zero, or longer than 36,500 days
     */
    public TaskOptions sleep(Duration time) {
        wait = new Wait.Sleep(time);
        return this;
    }

    /**
     * The task sleeps before its body runs, until an instant that is computed from its data. Otherwise as {@link
     * #sleep}.
     */
    public TaskOptions sleepUntil(SleepTime time) {
        wait = new Wait.SleepUntil(time);
        return this;
    }

    /**
     * The task waits before its body runs until this signal is sent to its execution, which may have happened before.
     * The body reads the value of the signal by {@link TaskContext#signal}. No thread is held.
     */
    public TaskOptions signal(String name) {
        signal = Arguments.given("the name of the signal", name);
        return this;
    }

    /**
     * How long the task waits for its signal; when that is over it is skipped, and trigger rules can react. Default:
     * forever, which is also what a time of more than 36,500 days means.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions within(Duration longest) {
        within = Arguments.positive("the time limit of a signal", longest);
        orWithout = false;
        return this;
    }

    /**
     * How long the task waits for its signal; when that is over its body runs without it, see {@link
     * TaskContext#findSignal}. A time of more than 36,500 days means forever.
     *
     * @throws CloacinaException if it is not more than zero
     */
    public TaskOptions withinOrWithout(Duration longest) {
        within = Arguments.positive("the time limit of a signal", longest);
        orWithout = true;
        return this;
    }

    /**
     * The body runs once for each element of a list in the context, in parallel, and each run writes its {@linkplain
     * TaskContext#output output}. The list of these outputs is the output of the task, in the order of the elements,
     * with null for a run without output. Retries, timeout and limits apply to each run. If a run fails for good, the
     * task fails, and runs that have not started do not start.
     *
     * @param key of the list; the output of a task has the name of the task as its key
     */
    public TaskOptions forEach(String key) {
        list = Arguments.unicode(Arguments.INVALID, "the key of the list", key);
        return this;
    }

    /**
     * How many runs of a {@link #forEach} run at once. Default: as many as there are slots.
     *
     * @throws CloacinaException if it is less than 1
     */
    public TaskOptions atOnce(int most) {
        if (most < 1) {
            throw Arguments.invalid("at least one run must be allowed at once, but " + most + " was given");
        }
        atOnce = most;
        return this;
    }

    /**
     * The task completes however the runs of its {@link #forEach} end; its output is a list of {@link ElementOutcome}.
     */
    public TaskOptions collect() {
        collecting = true;
        return this;
    }

    /**
     * The {@linkplain TaskContext#output output} of the body is the input of an execution of another workflow. The task
     * waits for that execution, without a thread; the context of this child is the output of the task. If the child
     * fails or is cancelled, the attempt has failed. Cancelling, pausing and resuming the execution reaches its
     * children.
     */
    public TaskOptions child(String workflow) {
        childWorkflow = Arguments.name(Arguments.INVALID, "the name of the child's workflow", workflow);
        return this;
    }

    /** The key of the context of a {@link #child} whose value becomes the output, instead of all of the context. */
    public TaskOptions take(String key) {
        take = Arguments.unicode(Arguments.INVALID, "the key of what is taken", key);
        return this;
    }

    /** Limits how many attempts of this task run at once, or start within a time, in all processes together. */
    public TaskOptions limit(Limit limit) {
        limits.add(Arguments.given("the limit", limit));
        return this;
    }

    /**
     * Declares as what type the body reads a value that a task before it wrote. A newer version of the workflow finishes
     * an execution of this one only if the stored value is still of the type that it reads. Nothing is checked if
     * nothing is declared.
     *
     * @param key of the value; the output of a task has the name of the task as its key
     */
    public TaskOptions reads(String key, Class<?> type) {
        return addRead(key, type);
    }

    /** As {@link #reads(String, Class)}. */
    public TaskOptions reads(String key, TypeOf<?> type) {
        return addRead(key, Arguments.given("the type", type).type());
    }

    private TaskOptions addRead(String key, Type type) {
        Arguments.given("the type of " + Names.quoted(Arguments.given("the key of what is read", key)), type);
        reads.put(Arguments.unicode(Arguments.INVALID, "the key of what is read", key), type);
        return this;
    }

    /** Declares the type of the task's output, for whoever reads the definition; nothing is checked. */
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
