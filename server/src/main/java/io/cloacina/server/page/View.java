package io.cloacina.server.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.cloacina.server.access.Role;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Scope;
import io.cloacina.server.http.StaticFiles;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Creates pages from templates, with the values that all of them need. */
final class View {
    private static final TemplateEngine TEMPLATES = TemplateEngine.createPrecompiled(
            null, ContentType.Html, View.class.getClassLoader(), "io.cloacina.server.templates");

    private final Scope scope;
    private final StaticFiles files;

    View(Scope scope, StaticFiles files) {
        this.scope = scope;
        this.files = files;
    }

    Answer html(Call call, String template, Map<String, ?> values) {
        return html(call, 200, template, values);
    }

    Answer html(Call call, int status, String template, Map<String, ?> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("call", call);
        all.put("files", files);
        all.put("now", Instant.now());
        all.put("mayOperate", mayOperate(call));
        StringOutput output = new StringOutput();
        TEMPLATES.render(template, all, output);
        return Answer.html(status, output.toString());
    }

    /** Whether the page shows actions. The servlet checks this again when an action is requested. */
    private boolean mayOperate(Call call) {
        return !scope.isReadOnly()
                && call.knownUser()
                        .filter(user -> user.role().includes(Role.OPERATE))
                        .isPresent();
    }
}
