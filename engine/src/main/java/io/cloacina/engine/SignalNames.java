package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.Wait;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Refuses signals that no task of their execution can ever receive. */
final class SignalNames {
    private static final int MAX_SHOWN = 20;

    private SignalNames() {}

    /**
     * Accepts a signal if a task of the execution waits for it, now or by the definition of its version or of another
     * version of its workflow, with which it may continue. An execution whose definition is not known may be sent any.
     *
     * @throws CloacinaException with the code UNKNOWN_SIGNAL
     */
    static void require(EngineRuntime runtime, UniversalUuid id, String name) {
        runtime.lanes()
                .readFirst("looking for tasks that wait for a signal", () -> refusal(runtime, id, name))
                .ifPresent(refusal -> {
                    throw refusal;
                });
    }

    private static Optional<CloacinaException> refusal(EngineRuntime runtime, UniversalUuid id, String name) {
        Database database = runtime.parts().database();
        Definitions definitions = runtime.parts().definitions();
        Execution execution = database.find(HistoryStore.FIND, id).orElse(null);
        if (execution == null || execution.isFinished()) {
            return Optional.empty(); // refused with its own reason
        }
        String workflow = execution.workflow();
        Set<String> names = definitions
                .known(workflow, execution.version())
                .map(SignalNames::of)
                .orElse(null);
        WaitStore.SignalName signal = new WaitStore.SignalName(id, name);
        if (names == null
                || names.contains(name)
                || !database.list(WaitStore.AWAITING, signal).isEmpty()
                || database.find(WaitStore.SIGNAL, signal).isPresent()
                || isOfAnotherVersion(definitions, workflow, name)) {
            return Optional.empty();
        }
        String meant = Arguments.meant(name, names);
        return Optional.of(new CloacinaException(
                ErrorCodes.UNKNOWN_SIGNAL,
                "no task of execution " + id + " of workflow " + workflow + "@" + execution.version()
                        + " waits for a signal " + Arguments.shown(name) + (meant.isEmpty() ? others(names) : meant)));
    }

    private static boolean isOfAnotherVersion(Definitions definitions, String workflow, String name) {
        return definitions.versions(workflow).stream()
                .flatMap(each -> definitions.known(workflow, each.version()).stream())
                .anyMatch(each -> of(each).contains(name));
    }

    private static Set<String> of(Workflow workflow) {
        return workflow.hasCode()
                ? workflow.tasks().stream()
                        .flatMap(task -> task.waitsFor().stream())
                        .filter(Wait.Signal.class::isInstance)
                        .map(wait -> ((Wait.Signal) wait).name())
                        .collect(Collectors.toCollection(TreeSet::new))
                : workflow.stored().tasks().stream()
                        .map(task -> task.setting("signal").asText(""))
                        .filter(signal -> !signal.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String others(Set<String> names) {
        List<String> shown =
                names.stream().limit(MAX_SHOWN).map(Arguments::shown).toList();
        return names.isEmpty()
                ? ". None of its tasks waits for a signal"
                : ". Its tasks wait for " + String.join(", ", shown) + (names.size() > MAX_SHOWN ? ", …" : "");
    }
}
