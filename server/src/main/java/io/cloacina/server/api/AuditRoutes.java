package io.cloacina.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;

/** Reads the audit log. */
final class AuditRoutes {
    private static final int SHOWN = 50;
    private static final int MOST = 500;

    private AuditRoutes() {}

    static Answer list(Call call, Engine engine) {
        Params params = new Params(call, "user", "about", "before", "limit");
        AuditQuery query = AuditQuery.all().limit(params.number("limit", 1, MOST, SHOWN));
        query = params.text("user").map(query::user).orElse(query);
        query = params.text("about").map(query::about).orElse(query);
        query = params.text("before")
                .map(text -> Call.uuid("before", text))
                .map(query::before)
                .orElse(query);
        List<AuditEntry> entries = engine.audit().list(query);
        ObjectNode node = Json.fields();
        node.set("entries", Json.array(entries, JsonOf::audited));
        node.put(
                "next",
                entries.size() < query.limit()
                        ? null
                        : entries.get(entries.size() - 1).id().toString());
        return Answer.json(node);
    }
}
