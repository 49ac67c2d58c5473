package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.server.Dashboard;
import io.cloacina.server.ServerSettings;
import io.cloacina.server.access.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** A program that runs workflows and serves the page and the API; it is its own caller here. */
public final class Served {
    private Served() {}

    /** A workflow. */
    @Workflow(name = "welcome")
    public static class Greeting {
        @Task
        String greet(@Input String name) {
            return "Good morning, " + name;
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String token = "f3b1c9d27a60483e"; // yours: 'openssl rand -hex 32', from where your secrets are
        ServerSettings settings = ServerSettings.defaults().token("shop", Role.OPERATE, token);

        try (Engine engine =
                        Engine.builder(arguments[0]).workflow(new Greeting()).start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(settings).start()) {
            URI executions = dashboard.uri().resolve("api/v1/executions");
            HttpRequest submit = HttpRequest.newBuilder(executions)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "visit-4711")
                    .POST(BodyPublishers.ofString("{\"workflow\": \"welcome\", \"input\": {\"name\": \"Ada\"}}"))
                    .build();
            System.out.println(HttpClient.newHttpClient()
                    .send(submit, BodyHandlers.ofString())
                    .statusCode());
        }
    }
}
