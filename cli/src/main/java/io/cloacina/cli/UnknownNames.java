package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.FanOut;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.WorkflowVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Names of a search that found nothing, which nothing that is stored has: probably they are misspelt. */
final class UnknownNames {
    /** The tasks of so many stored versions are looked at, the newest first. */
    private static final int MOST_VERSIONS = 100;

    private final Engine engine;
    private final List<String> found = new ArrayList<>();

    private UnknownNames(Engine engine) {
        this.engine = engine;
    }

    /** What is said of each, with the names that there are; null: that is not searched for. */
    static List<String> of(
            Engine engine,
            @Nullable String workflow,
            @Nullable String version,
            @Nullable String task,
            @Nullable String schedule) {
        UnknownNames names = new UnknownNames(engine);
        if (workflow != null || version != null || task != null) {
            names.addOfWorkflows(workflow, version, task);
        }
        if (schedule != null) {
            List<ScheduleState> all = engine.schedules().list();
            names.check(
                    "schedule",
                    schedule,
                    all.stream().map(each -> each.schedule().name()));
        }
        return names.found;
    }

    private void addOfWorkflows(@Nullable String workflow, @Nullable String version, @Nullable String task) {
        List<WorkflowVersion> all = engine.versions().list();
        if (workflow != null && check("workflow", workflow, all.stream().map(WorkflowVersion::workflow))) {
            return;
        }
        List<WorkflowVersion> its = all.stream()
                .filter(each -> workflow == null || each.workflow().equals(workflow))
                .toList();
        if (version != null && check("version", version, its.stream().map(WorkflowVersion::version))) {
            return;
        }
        if (task != null) {
            check(
                    "task",
                    task,
                    its.stream()
                            .filter(each -> version == null || each.version().equals(version))
                            .limit(MOST_VERSIONS)
                            .flatMap(this::tasks));
        }
    }

    private Stream<String> tasks(WorkflowVersion version) {
        return engine.versions().find(version.workflow(), version.version()).stream()
                .flatMap(stored -> stored.tasks().stream())
                .map(StoredWorkflow.Task::name);
    }

    /** Whether it is unknown; an element's run, {@code resize[7]}, is known by its task. */
    private boolean check(String what, String name, Stream<String> names) {
        Collection<String> known = names.collect(Collectors.toSet());
        boolean isKnown = known.contains(name) || known.contains(FanOut.taskOf(name));
        if (!isKnown) {
            CloacinaException unknown = Nearest.unknown(what, name, known);
            found.add(unknown.getMessage());
        }
        return !isKnown;
    }
}
