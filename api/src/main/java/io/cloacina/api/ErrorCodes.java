package io.cloacina.api;

/**
 * The codes of the exceptions of this library, for {@link CloacinaException#code()}. A code stays the same when the wording
 * of a message changes. Those of databases are the names of {@code ErrorKind}, with {@code DATABASE_} before them; servers and
 * commands have some more. All of them, with what to do: {@code docs/reference/errors.md}.
 */
public final class ErrorCodes {
    /** A test of an alert was requested, but no engine on this database delivers alerts. */
    public static final String ALERTS_OFF = "ALERTS_OFF";

    /** A message of an alert cannot be delivered: its receiver refuses it, or the alert was deleted. */
    public static final String ALERT_REFUSED = "ALERT_REFUSED";

    /** The body of a task awaits an execution of its engine, and would keep its slot meanwhile. */
    public static final String AWAIT_IN_BODY = "AWAIT_IN_BODY";

    /** A callback or a listener awaits an execution of its engine, and would delay all other callbacks meanwhile. */
    public static final String AWAIT_IN_CALLBACK = "AWAIT_IN_CALLBACK";

    /** The class that the annotation processor generated cannot be loaded. */
    public static final String BROKEN_PROVIDER = "BROKEN_PROVIDER";

    /** A task has stored data, and the workflow of this version no longer has that task. */
    public static final String CHANGED_WORKFLOW = "CHANGED_WORKFLOW";

    /** The child of a task failed or was cancelled; this fails the attempt. */
    public static final String CHILD_FAILED = "CHILD_FAILED";

    /** The output of a task with a child is not a JSON object. */
    public static final String CHILD_INPUT = "CHILD_INPUT";

    /** The child was removed by retention before its result was taken. */
    public static final String CHILD_REMOVED = "CHILD_REMOVED";

    /** An input, an output or a signal has too many bytes as JSON. */
    public static final String CONTEXT_TOO_LARGE = "CONTEXT_TOO_LARGE";

    /** {@code continueAs} was called in a task with a child, or in a run for an element. */
    public static final String CONTINUE_AS = "CONTINUE_AS";

    /** A stored value is not the JSON that was written. */
    public static final String DAMAGED_CONTEXT = "DAMAGED_CONTEXT";

    /** Two workflows of one engine have the same name. */
    public static final String DUPLICATE_WORKFLOW = "DUPLICATE_WORKFLOW";

    /** Runs for elements of a list failed; this fails the task. */
    public static final String ELEMENTS_FAILED = "ELEMENTS_FAILED";

    /** A run for one element wrote a key. */
    public static final String ELEMENT_WRITES = "ELEMENT_WRITES";

    /**
     * The engine is closed, or about to close or stop; nothing was stored, unless the message says that this is not
     * known because the database did not answer.
     */
    public static final String ENGINE_CLOSED = "ENGINE_CLOSED";

    /** The engine was not started, is stopped, or a stop has not ended. */
    public static final String ENGINE_NOT_RUNNING = "ENGINE_NOT_RUNNING";

    /** The database does not have the indexes that the stream of events is read by. */
    public static final String EVENTS_OFF = "EVENTS_OFF";

    /**
     * PostgreSQL: a transaction of another role has changed executions or tasks, and the role that reads events cannot
     * see when it began.
     */
    public static final String EVENTS_UNSEEN = "EVENTS_UNSEEN";

    /** The task was active when its execution was cancelled with compensation, and failed for that reason. */
    public static final String EXECUTION_CANCELLED = "EXECUTION_CANCELLED";

    /** The task was active when the deadline of its execution passed, and failed for that reason. */
    public static final String EXECUTION_DEADLINE = "EXECUTION_DEADLINE";

    /**
     * An execution cannot be cancelled, paused, resumed, retried, restarted, signalled or moved to another version in
     * its state.
     */
    public static final String EXECUTION_STATE = "EXECUTION_STATE";

    /**
     * Spring: the thread is in a transaction of another {@code DataSource} than the engine's, or the transaction
     * manager does not bind its connection.
     */
    public static final String FOREIGN_TRANSACTION = "FOREIGN_TRANSACTION";

    /** A delivery of a webhook has no id, or its body is not JSON. */
    public static final String HOOK_DELIVERY = "HOOK_DELIVERY";

    /**
     * HTTP: a delivery of a webhook is not signed with the secret of the hook, or its time is more than five minutes
     * away.
     */
    public static final String HOOK_SIGNATURE = "HOOK_SIGNATURE";

    /** An execution cannot continue with the version that it was to be moved to; nothing was changed. */
    public static final String INCOMPATIBLE_VERSION = "INCOMPATIBLE_VERSION";

    /** The thread was interrupted while it awaited an execution. */
    public static final String INTERRUPTED = "INTERRUPTED";

    /** The name, the URL, the secret or a number of an alert is invalid, or its kind does not have it. */
    public static final String INVALID_ALERT = "INVALID_ALERT";

    /** An argument is null, too long, or out of range, and that error has no code of its own. */
    public static final String INVALID_ARGUMENT = "INVALID_ARGUMENT";

    /**
     * A value that an execution carries for interceptors: its name is blank, longer than 60 characters or has control
     * characters, the value is longer than 8,192 characters or is not a text that databases store, or there are more
     * than 16.
     */
    public static final String INVALID_CARRIED = "INVALID_CARRIED";

    /** A number or an age of {@code CatchUp} is out of range. */
    public static final String INVALID_CATCH_UP = "INVALID_CATCH_UP";

    /** The requested number of times is out of range. */
    public static final String INVALID_COUNT = "INVALID_COUNT";

    /** A cron expression cannot be read, or never fires, or a schedule has none. */
    public static final String INVALID_CRON = "INVALID_CRON";

    /** A text is not a cursor of the stream of events. */
    public static final String INVALID_CURSOR = "INVALID_CURSOR";

    /** A deadline is not more than zero, longer than 36,500 days, or later than the year 9999. */
    public static final String INVALID_DEADLINE = "INVALID_DEADLINE";

    /** The delay of a submission is negative or longer than 36,500 days, or its start is later than the year 9999. */
    public static final String INVALID_DELAY = "INVALID_DELAY";

    /** The name, the secret or a JSON pointer of a webhook is invalid. */
    public static final String INVALID_HOOK = "INVALID_HOOK";

    /**
     * The input of a submission, a schedule or a child does not fit what the workflow declares: a required value is
     * missing, one is of another type, or one is not declared and the workflow refuses such; or a schedule sets {@code
     * schedule} or {@code scheduled_at}, which the engine adds.
     */
    public static final String INVALID_INPUT = "INVALID_INPUT";

    /** An idempotency key is blank, longer than 200 characters, or has a character that no database stores. */
    public static final String INVALID_KEY = "INVALID_KEY";

    /**
     * A label of a submission or a search: its name is blank, longer than 60 characters or has control characters, its
     * value is blank or longer than 200, or there are more than 16.
     */
    public static final String INVALID_LABEL = "INVALID_LABEL";

    /** A page of results is out of range. */
    public static final String INVALID_LIMIT = "INVALID_LIMIT";

    /**
     * The name of a schedule, a signal, a workflow or a package, or the version of a workflow or a package, is blank,
     * too long (200 characters, 100 of a version), has control characters, or is reserved.
     */
    public static final String INVALID_NAME = "INVALID_NAME";

    /**
     * A key of {@code AesGcmCodec} or a line of its file is wrong, or users other than its owner can access the file.
     */
    public static final String INVALID_PAYLOAD_KEY = "INVALID_PAYLOAD_KEY";

    /** A priority is out of range. */
    public static final String INVALID_PRIORITY = "INVALID_PRIORITY";

    /** A condition of a search is blank, too long or out of range, or a search has more than four labels. */
    public static final String INVALID_QUERY = "INVALID_QUERY";

    /** A table, a schema or a migration of yours is declared in a way that one of the databases does not support. */
    public static final String INVALID_SCHEMA = "INVALID_SCHEMA";

    /**
     * A setting of {@code EngineBuilder} or a property of Spring is out of range or missing, or the database gives too
     * few connections to run tasks.
     */
    public static final String INVALID_SETTING = "INVALID_SETTING";

    /** A file has no Ed25519 key that packages are signed with or trusted by. */
    public static final String INVALID_SIGNING_KEY = "INVALID_SIGNING_KEY";

    /** A statement of yours cannot be composed or read as it is written. */
    public static final String INVALID_STATEMENT = "INVALID_STATEMENT";

    /** A text has half of a surrogate pair, which no database stores. */
    public static final String INVALID_TEXT = "INVALID_TEXT";

    /** A value cannot be stored, or a stored one is not of its type. */
    public static final String INVALID_VALUE = "INVALID_VALUE";

    /** A schedule ends before it begins, or one of the two is not from the year 1 to the year 9999. */
    public static final String INVALID_WINDOW = "INVALID_WINDOW";

    /**
     * A definition has problems; the message lists all of them. Or workflows or tasks of an engine would wait for
     * themselves under a limit.
     */
    public static final String INVALID_WORKFLOW = "INVALID_WORKFLOW";

    /** There is no such time zone. */
    public static final String INVALID_ZONE = "INVALID_ZONE";

    /**
     * A call that makes the engine write or wait (a submission, a signal, a schedule, cancelling, awaiting …) was made
     * inside a transactional task, or inside a transaction of the application, for which it would wait. Reading with
     * the connection is allowed there.
     */
    public static final String IN_TRANSACTION = "IN_TRANSACTION";

    /**
     * A submission, or a schedule, of a workflow with a limit per key has no value for that key in its input, or null.
     * The message names the workflow, the limit and the key.
     */
    public static final String LIMIT_KEY = "LIMIT_KEY";

    /** {@code await} on an engine that is driven manually, for an execution that is not finished. */
    public static final String MANUAL_ENGINE = "MANUAL_ENGINE";

    /** A value is not in the context, or no signal came in time. */
    public static final String MISSING_VALUE = "MISSING_VALUE";

    /** An engine that is driven manually never becomes idle: after each step another one is due. */
    public static final String NEVER_IDLE = "NEVER_IDLE";

    /**
     * A value cannot be written as JSON and read back: an object that Jackson cannot write, an object of the JDK that
     * is not a value (a thread, a stream of bytes), nested deeper than 1,000 levels or in itself, a number of more
     * than 100,000 digits, half of a surrogate pair, a key that is null, occurs twice or cannot be restored from its
     * text.
     */
    public static final String NOT_JSON = "NOT_JSON";

    /** {@code connection()} of a task that is not transactional. */
    public static final String NOT_TRANSACTIONAL = "NOT_TRANSACTIONAL";

    /** A task that does not run for elements requested its element. */
    public static final String NO_ELEMENT = "NO_ELEMENT";

    /** Command line: a file cannot be read or written. */
    public static final String NO_FILE = "NO_FILE";

    /** The list that a task runs for is absent, or is not a list. */
    public static final String NO_LIST = "NO_LIST";

    /** There is no generated definition of a class. */
    public static final String NO_PROVIDER = "NO_PROVIDER";

    /** A task that does not wait for a signal requested one. */
    public static final String NO_SIGNAL = "NO_SIGNAL";

    /** The value of a failed element was requested from its outcome. */
    public static final String NO_VALUE = "NO_VALUE";

    /**
     * A package cannot be loaded: its bytes were changed, it is not trusted, or its code does not create its
     * workflows.
     */
    public static final String PACKAGE_BROKEN = "PACKAGE_BROKEN";

    /** The file of a package could not be written into the {@code packageDirectory}. */
    public static final String PACKAGE_NOT_STORED = "PACKAGE_NOT_STORED";

    /** A package is refused; nothing was stored. */
    public static final String PACKAGE_REFUSED = "PACKAGE_REFUSED";

    /** The bytes of a package cannot be read. */
    public static final String PACKAGE_UNREADABLE = "PACKAGE_UNREADABLE";

    /** A payload codec of the application encoded to something that cannot be stored. */
    public static final String PAYLOAD_CODEC = "PAYLOAD_CODEC";

    /** A stored value was encoded with a key that this process does not have, or with another key of that id. */
    public static final String PAYLOAD_UNREADABLE = "PAYLOAD_UNREADABLE";

    /** Spring: the bean of a workflow is a proxy of its interfaces, by which its tasks cannot be called. */
    public static final String PROXIED_WORKFLOW = "PROXIED_WORKFLOW";

    /** Spring: the thread is in a read-only transaction, and submits. */
    public static final String READ_ONLY_TRANSACTION = "READ_ONLY_TRANSACTION";

    /**
     * An execution cannot be restarted from that task: one before it did not end, or a task of the newer version
     * cannot read what is copied.
     */
    public static final String RESTART_REFUSED = "RESTART_REFUSED";

    /**
     * A retry of a failed execution is refused: tasks have run after a failed one, and may have undone what the retry
     * builds upon.
     */
    public static final String RETRY_AFTER_COMPENSATION = "RETRY_AFTER_COMPENSATION";

    /** A retry of a failed child is refused: the task of its parent may begin another child. */
    public static final String RETRY_OF_CHILD = "RETRY_OF_CHILD";

    /**
     * An execution cannot be stopped by this process, because it can read neither the code nor the stored rules of its
     * version.
     */
    public static final String RULES_UNKNOWN = "RULES_UNKNOWN";

    /**
     * Spring: the tables of the engine are not exactly those of this version, and {@code cloacina.migrate=check} does
     * not allow the engine to start then.
     */
    public static final String SCHEMA_DIFFERS = "SCHEMA_DIFFERS";

    /**
     * The task was given up: runners died too often while they ran it, or its end could not be recorded eleven times,
     * because its row was changed while it ran.
     */
    public static final String TASK_ABANDONED = "TASK_ABANDONED";

    /** A context was used after its body had returned. */
    public static final String TASK_ENDED = "TASK_ENDED";

    /** An attempt took longer than its timeout and was interrupted. */
    public static final String TASK_TIMEOUT = "TASK_TIMEOUT";

    /** A list has more elements than are allowed. */
    public static final String TOO_MANY_ELEMENTS = "TOO_MANY_ELEMENTS";

    /** A workflow has more tasks than are allowed. */
    public static final String TOO_MANY_TASKS = "TOO_MANY_TASKS";

    /**
     * The work of an attempt could not be committed: its transaction was lost each time, in a conflict with others,
     * with its connection, or because its body changed the row of its own task. This fails the attempt.
     */
    public static final String TRANSACTION_LOST = "TRANSACTION_LOST";

    /**
     * The transaction manager of the application ({@code EngineBuilder.transactions}) refused to begin or to commit
     * the transaction of a task, for a reason of its own: code marked it as rollback-only, or a write at the commit
     * failed. Nothing of the attempt stays, and the attempt has failed. Should the manager have committed before it
     * threw, the task has completed, and the engine finds that within a second.
     */
    public static final String TRANSACTION_NOT_COMMITTED = "TRANSACTION_NOT_COMMITTED";

    /** There is no alert of that name. */
    public static final String UNKNOWN_ALERT = "UNKNOWN_ALERT";

    /** A newer version of this library stored a bulk operation with a condition that this version does not know. */
    public static final String UNKNOWN_CONDITION = "UNKNOWN_CONDITION";

    /** There is no such execution, or retention has removed it. */
    public static final String UNKNOWN_EXECUTION = "UNKNOWN_EXECUTION";

    /** There is no webhook of that name. */
    public static final String UNKNOWN_HOOK = "UNKNOWN_HOOK";

    /** There is no bulk operation of that id, or retention has removed it. */
    public static final String UNKNOWN_OPERATION = "UNKNOWN_OPERATION";

    /** There is no package of that name and version. */
    public static final String UNKNOWN_PACKAGE = "UNKNOWN_PACKAGE";

    /** There is no schedule of that name. */
    public static final String UNKNOWN_SCHEDULE = "UNKNOWN_SCHEDULE";

    /**
     * No task of the execution waits for a signal of that name, in its version of the workflow or in another one that
     * is stored.
     */
    public static final String UNKNOWN_SIGNAL = "UNKNOWN_SIGNAL";

    /** A workflow, or the version of it in which a restart would run, has no task of that name. */
    public static final String UNKNOWN_TASK = "UNKNOWN_TASK";

    /** No runner has stored that version of the workflow, or its package was deleted. */
    public static final String UNKNOWN_VERSION = "UNKNOWN_VERSION";

    /** Neither this engine nor any that ran on the database before has that workflow, or its package was deleted. */
    public static final String UNKNOWN_WORKFLOW = "UNKNOWN_WORKFLOW";

    /** An error without a code of its own. */
    public static final String UNSPECIFIED = "UNSPECIFIED";

    /**
     * A stored value is not of the requested type, or does not fit into it. Nothing is converted: a number is not a
     * string, 42.7 and 42.0 are not whole numbers, an empty string is not null.
     */
    public static final String WRONG_TYPE = "WRONG_TYPE";

    private ErrorCodes() {}
}
