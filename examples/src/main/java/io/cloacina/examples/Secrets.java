package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AesGcmCodec;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** What users store is encrypted. */
@Workflow(name = "letter")
public final class Secrets {
    @Task
    String greet(@Input("name") String name) {
        return "Dear " + name;
    }

    static Engine start(String databaseUrl, Path keys) {
        return Engine.builder(databaseUrl)
                .workflow(new Secrets())
                .payloadCodec(AesGcmCodec.ofFile(keys))
                .start();
    }

    /** Arguments: the URL of a database, and a file of keys. */
    public static void main(String[] arguments) {
        try (Engine engine = start(arguments[0], Path.of(arguments[1]))) {
            UUID id = engine.submit("letter", Map.of("name", "Ada"));
            engine.await(id);
            System.out.println(engine.context(id).get("greet", String.class));
        }
    }
}
