package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.Reading;
import io.cloacina.engine.internal.write.RestartRequest;
import io.cloacina.engine.internal.write.Restarter;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Handles the submissions of applications: checks them, converts them to JSON, and hands them to the lanes, for a
 * limited number of callers at a time. Thread safe.
 */
final class Submissions {
    /** Created by the first submission, because an engine may get its settings only when it starts. */
    private volatile @Nullable Admission admission;

    private record Admission(Semaphore preparing, Interceptors interceptors) {}

    private Admission admission(EngineRuntime runtime) {
        Admission present = admission;
        return present != null ? present : firstAdmission(runtime.parts().settings());
    }

    private synchronized Admission firstAdmission(Settings settings) {
        Admission present = admission;
        if (present == null) {
            present = new Admission(
                    new Semaphore(settings.maxWaitingSubmissions()),
                    settings.host().interceptors());
            admission = present;
        }
        return present;
    }

    /** Submits in one transaction: the application's current one, or one of the engine. */
    List<UUID> submit(EngineRuntime runtime, List<Submission> submissions) {
        List<Submission> all = Arguments.all("the submissions", submissions);
        if (all.isEmpty()) {
            return List.of();
        }
        Connection current = current(runtime);
        return intercepted(
                runtime, all, given -> current == null ? store(runtime, given) : joined(runtime, current, given));
    }

    private static @Nullable Connection current(EngineRuntime runtime) {
        ApplicationTransactions application = runtime.parts().settings().host().transactions();
        return application == null ? null : application.current().orElse(null);
    }

    private List<UUID> store(EngineRuntime runtime, List<Submission> all) {
        // Before any waiting, which may be for the transaction that this thread holds.
        WriteLanes.requireNoTransaction(runtime.parts());
        runtime.publisher().awaitRoom();
        Semaphore preparing = admission(runtime).preparing();
        preparing.acquireUninterruptibly();
        try {
            // Otherwise callers that submit without a pause would keep the lanes from ending.
            requireOpen(runtime);
            runtime.lookAtPackages();
            return runtime.lanes().submit(prepared(runtime, all)).stream()
                    .map(UniversalUuid::value)
                    .toList();
        } finally {
            preparing.release();
        }
    }

    /**
     * Creates a new execution in place of one that has ended. Interceptors see it as a submission of its workflow, with
     * the input, the labels and the priority of the new execution.
     */
    UUID restart(EngineRuntime runtime, Restart restart) {
        Database database = runtime.parts().database();
        UniversalUuid from = UniversalUuid.of(restart.executionId());
        Execution old = readFirst(runtime, () -> database.find(HistoryStore.FIND, from))
                .orElseThrow(() -> new UnknownExecutionException(restart.executionId()));
        if (admission(runtime).interceptors().isEmpty()) {
            return restart(runtime, restart, null, old.workflow());
        }
        Submission offered = readFirst(runtime, () -> offered(database, restart, old));
        return intercepted(runtime, List.of(offered), given -> {
                    Submission changed = intercepted(restart, offered, given);
                    Restart anew = changed.input() == offered.input() ? restart : restart.input(changed.input());
                    return List.of(restart(runtime, anew, changed, old.workflow()));
                })
                .get(0);
    }

    private static Submission offered(Database database, Restart restart, Execution old) {
        UniversalUuid from = UniversalUuid.of(restart.executionId());
        Submission offered = Submission.of(old.workflow())
                .input(restart.input().orElseGet(() -> values(Restarter.input(database::find, from))))
                .priority(old.priority());
        for (LabelStore.Label each : database.list(LabelStore.OF, from)) {
            offered = offered.label(each.name(), each.value());
        }
        return offered;
    }

    /** Checks what interceptors made of a restart. */
    private static Submission intercepted(Restart restart, Submission offered, List<Submission> given) {
        String problem =
                given.size() == 1 ? problem(offered, given.get(0)) : "there are " + given.size() + " submissions";
        if (problem != null) {
            throw new CloacinaException(
                    Arguments.INVALID,
                    "an interceptor replaced the submission of the restart of execution " + restart.executionId() + ": "
                            + problem + "; a restart has one submission, of the same workflow, without an idempotency"
                            + " key and without a start");
        }
        return given.get(0);
    }

    /** What of a submission a restart cannot have; null if nothing. */
    private static @Nullable String problem(Submission offered, Submission changed) {
        if (!changed.workflow().equals(offered.workflow())) {
            return "it named workflow " + Arguments.shown(changed.workflow());
        }
        if (changed.idempotencyKey().isPresent()) {
            return "it set an idempotency key";
        }
        return changed.startAfter(Instant.MIN).isPresent() ? "it set a start" : null;
    }

    private static Map<String, @Nullable Object> values(ObjectNode input) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        input.properties().forEach(each -> values.put(each.getKey(), JsonContext.plain(each.getValue())));
        return Collections.unmodifiableMap(values);
    }

    /** {@code changed}: what interceptors made of the restart; null if there are none. */
    private static UUID restart(EngineRuntime runtime, Restart restart, @Nullable Submission changed, String workflow) {
        WriteLanes.requireNoTransaction(runtime.parts());
        runtime.publisher().awaitRoom();
        requireOpen(runtime);
        runtime.lookAtPackages();
        Settings settings = runtime.parts().settings();
        Workflow found = readFirst(runtime, () -> runtime.parts().definitions().named(workflow));
        if (restart.input().isPresent()) {
            PreparedExecution.requireOwn(found);
        }
        RestartRequest request = new RestartRequest(
                UniversalUuid.v7(),
                UniversalUuid.of(restart.executionId()),
                found,
                restart.from().orElse(null),
                restart.input()
                        .map(values -> JsonContext.object(
                                settings.json(),
                                values,
                                "the input of workflow '" + workflow + "'",
                                settings.maxContextBytes()))
                        .orElse(null),
                changed,
                settings.maxContextBytes());
        runtime.lanes().call(request.id(), work -> {
            runtime.steps().restarter().restart(work, request);
            return request.id();
        });
        return request.id().value();
    }

    /** Submits inside a transaction of the application. */
    UUID join(EngineRuntime runtime, Connection connection, Submission submission) {
        Arguments.given("the connection", connection);
        Arguments.given("the submission", submission);
        return intercepted(runtime, List.of(submission), given -> joined(runtime, connection, given))
                .get(0);
    }

    private static List<UUID> joined(EngineRuntime runtime, Connection connection, List<Submission> submissions) {
        requireOpen(runtime);
        runtime.lookAtPackages();
        return new JoinedSubmitter(runtime).submit(connection, reading -> prepared(runtime, reading, submissions));
    }

    /**
     * Submits through the interceptors. Their submissions are checked like those of callers, and callers get the ids
     * that they return.
     */
    private List<UUID> intercepted(
            EngineRuntime runtime, List<Submission> submissions, EngineInterceptor.Submitting engine) {
        Interceptors interceptors = admission(runtime).interceptors();
        if (interceptors.isEmpty()) {
            return engine.submit(submissions);
        }
        List<UUID> ids = Arguments.all(
                "the ids that an interceptor returned",
                interceptors.submit(
                        submissions,
                        given -> engine.submit(Arguments.all("the submissions of an interceptor", given))));
        if (ids.size() != submissions.size()) {
            throw new CloacinaException(
                    Arguments.INVALID,
                    "an interceptor returned " + ids.size() + " ids for " + submissions.size()
                            + " submissions; there must be one for each, in their order");
        }
        return ids;
    }

    /** How many callers wait for their turn to be prepared. */
    int waiting() {
        Admission present = admission;
        return present == null ? 0 : present.preparing().getQueueLength();
    }

    private static void requireOpen(EngineRuntime runtime) {
        if (runtime.isClosing()) {
            throw WriteLanes.closed();
        }
    }

    private static <R> R readFirst(EngineRuntime runtime, Supplier<R> reading) {
        return runtime.lanes().readFirst("reading what a submission depends on", reading);
    }

    private static List<PreparedExecution> prepared(EngineRuntime runtime, List<Submission> all) {
        return readFirst(runtime, () -> prepared(runtime, runtime.parts().database()::list, all));
    }

    private static List<PreparedExecution> prepared(EngineRuntime runtime, Reading reading, List<Submission> all) {
        Settings settings = runtime.parts().settings();
        Map<String, Workflow> found = new HashMap<>();
        all.forEach(each -> found.computeIfAbsent(
                each.workflow(), name -> runtime.parts().definitions().named(reading, name)));
        UniversalTimestamp at = UniversalTimestamp.now(settings.clock());
        List<PreparedExecution> prepared = new ArrayList<>();
        for (Submission each : all) {
            try {
                prepared.add(PreparedExecution.submitted(
                        each,
                        Objects.requireNonNull(found.get(each.workflow())),
                        settings.json(),
                        settings.maxContextBytes(),
                        at));
            } catch (CloacinaException e) {
                throw all.size() == 1 || e.getClass() != CloacinaException.class ? e : ofOne(prepared.size(), each, e);
            }
        }
        return prepared;
    }

    /** The error of one of several submissions. */
    private static CloacinaException ofOne(int index, Submission submission, CloacinaException e) {
        String key = submission
                .idempotencyKey()
                .map(each -> " (idempotency key " + Arguments.shown(each) + ")")
                .orElse("");
        return new CloacinaException(e.code(), "submission " + index + key + ", counted from 0: " + e.getMessage(), e);
    }
}
