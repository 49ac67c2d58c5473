package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Submission;
import java.util.Map;
import java.util.UUID;

/** An engine in an application that a container builds, starts and stops. */
public final class Embedded {
    private Embedded() {}

    /** Greets somebody. */
    @Workflow(name = "greeting")
    public static class Greeting {
        @Task
        String greet(@Input String name) {
            return "hello " + name;
        }
    }

    /** A part of the application, which only needs a client. */
    public static final class Reception {
        private final WorkflowClient workflows;

        /** With an engine, or whatever stands for one in a test. */
        public Reception(WorkflowClient workflows) {
            this.workflows = workflows;
        }

        /** Has somebody greeted, once. */
        public UUID welcome(String name) {
            return workflows.submit(
                    Submission.of("greeting").input(Map.of("name", name)).idempotencyKey("welcome-" + name));
        }
    }

    /** What a container calls, such as Spring with a SmartLifecycle. */
    public static final class EngineLifecycle {
        private final Engine engine;

        EngineLifecycle(Engine engine) {
            this.engine = engine;
        }

        void start() {
            engine.start();
        }

        void stop() {
            engine.stop();
        }

        boolean isRunning() {
            return engine.isRunning();
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new Greeting()).build()) { // opens nothing yet
            Reception reception = new Reception(engine);
            EngineLifecycle lifecycle = new EngineLifecycle(engine);

            lifecycle.start(); // the web server is up, say
            UUID id = reception.welcome("Ada");
            System.out.println(engine.await(id).status().label());
            lifecycle.stop();

            lifecycle.start(); // a container may begin again
            System.out.println(engine.context(id).get("greet", String.class));
            lifecycle.stop();
            System.out.println("running: " + lifecycle.isRunning());
        }
    }
}
