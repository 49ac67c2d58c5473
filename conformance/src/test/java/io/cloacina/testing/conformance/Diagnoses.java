package io.cloacina.testing.conformance;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Status;
import io.cloacina.testing.TestDatabase;
import java.util.List;
import java.util.UUID;

/** What an operator looks at. */
final class Diagnoses {
    private Diagnoses() {}

    static Engine client(TestDatabase database) {
        return Engine.builder(database.url()).client().start();
    }

    static Reason reason(Engine engine, UUID id, String task) {
        return engine.why(id).stream()
                .filter(each -> each.taskName().equals(task))
                .findFirst()
                .orElseThrow();
    }

    static List<Problem.Code> codes(Status status) {
        return status.problems().stream().map(Problem::code).toList();
    }
}
