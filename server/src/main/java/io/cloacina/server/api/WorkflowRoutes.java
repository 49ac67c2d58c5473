package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.StoredPackage;
import io.cloacina.engine.model.UnknownPackageException;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;

/** Stored workflows, and the packages and runners that have them. */
final class WorkflowRoutes {
    private final Engine engine;

    WorkflowRoutes(Scope scope) {
        this.engine = scope.engine();
    }

    List<Route> routes(String root) {
        String aPackage = root + "/packages/{name}/{version}";
        return List.of(
                Route.get(root + "/workflows", this::list),
                Route.get(root + "/workflows/{name}", this::versions),
                Route.get(root + "/workflows/{name}/{version}", this::version),
                Route.get(root + "/packages", this::packages),
                Route.get(aPackage, this::onePackage),
                new Route(Method.DELETE, aPackage, Role.ADMIN, this::delete),
                Route.get(root + "/runners", this::runners));
    }

    private Answer list(Call call) {
        new Params(call);
        return versions(engine.versions().list());
    }

    private Answer versions(Call call) {
        new Params(call);
        return versions(of(call.part("name")));
    }

    /**
     * A version with its tasks and their dependencies, from which a graph can be drawn, and its inputs, from which a
     * form can be made.
     */
    private Answer version(Call call) {
        new Params(call);
        String name = call.part("name");
        String version = call.part("version");
        WorkflowVersion found = of(name).stream()
                .filter(each -> each.version().equals(version))
                .findFirst()
                .orElseThrow(() -> unknown("the workflow '" + name + "' has no version '" + version + "' here"));
        ObjectNode node = JsonOf.version(found);
        engine.versions().find(name, version).ifPresent(stored -> node.setAll(JsonOf.workflow(stored)));
        return Answer.json(node);
    }

    private List<WorkflowVersion> of(String name) {
        List<WorkflowVersion> its = engine.versions().list().stream()
                .filter(each -> each.workflow().equals(name))
                .toList();
        if (its.isEmpty()) {
            throw unknown("no runner has stored a workflow '" + name + "' here");
        }
        return its;
    }

    private static Answer versions(List<WorkflowVersion> all) {
        ObjectNode node = Json.fields();
        node.set("versions", Json.array(all, JsonOf::version));
        return Answer.json(node);
    }

    private Answer packages(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("packages", Json.array(engine.packages().list(), JsonOf::storedPackage));
        return Answer.json(node);
    }

    private Answer onePackage(Call call) {
        new Params(call);
        StoredPackage found =
                engine.packages().find(call.part("name"), call.part("version")).orElseThrow(() -> unknownPackage(call));
        return Answer.json(JsonOf.storedPackage(found));
    }

    private Answer delete(Call call) {
        if (!engine.packages().delete(call.part("name"), call.part("version"))) {
            throw unknownPackage(call);
        }
        return Answer.empty();
    }

    private Answer runners(Call call) {
        new Params(call);
        ObjectNode node = Json.fields();
        node.set("runners", Json.array(engine.runners(), JsonOf::runner));
        return Answer.json(node);
    }

    private static UnknownPackageException unknownPackage(Call call) {
        return new UnknownPackageException(call.part("name"), call.part("version"));
    }

    private static CloacinaException unknown(String message) {
        return new CloacinaException(ErrorCodes.UNKNOWN_WORKFLOW, message);
    }
}
