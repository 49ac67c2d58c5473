package io.cloacina.crash;

import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Five versions of one workflow, as they are deployed one after the other. The second and the third one add tasks. The fourth one
 * renames a task: it cannot continue what has not shipped. The fifth one takes that back: it can continue all but what the
 * fourth one began, if 'send' or 'thank' after it has not ended.
 */
final class DeployedVersions {
    static final String NAME = "order";
    static final String SIGNAL = "yes";
    static final int LAST = 5;

    /** The version whose unfinished executions no other one continues. */
    static final int RENAMED = 4;

    /** Why the last version does not continue what the fourth one has begun: one of these, by what has not ended. */
    static final List<String> WHY_NOT =
            List.of("task 'send' was removed", "task 'thank' depended on send and depends on ship");

    private static final long WORK_MILLIS = 20;

    private DeployedVersions() {}

    /** What each body does before it ends. */
    interface Recorder {
        void ran(TaskContext context);
    }

    static WorkflowDefinition of(int version, Duration rest, Recorder recorder) {
        TaskBody body = context -> {
            recorder.ran(context);
            TimeUnit.MILLISECONDS.sleep(WORK_MILLIS);
            context.output(version);
        };
        String ship = version == RENAMED ? "send" : "ship";
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(NAME)
                .version(String.valueOf(version))
                .input("number", Integer.class)
                .task("read", body)
                .task("confirm", body, task -> task.after("read").signal(SIGNAL))
                .task(ship, body, task -> task.after("confirm").reads("read", Integer.class))
                .task("rest", body, task -> task.sleep(rest))
                .task("report", body, task -> task.after("rest"));
        if (version >= 2) {
            builder.task("thank", body, task -> task.after(ship));
        }
        if (version >= 3) {
            builder.task("audit", body, task -> task.after("read"));
        }
        if (version == LAST) {
            builder.task("note", body, task -> task.after("report"));
        }
        return builder.build();
    }
}
