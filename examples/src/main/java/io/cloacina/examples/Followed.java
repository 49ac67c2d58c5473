package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What all processes have stored, read as a stream. */
public final class Followed {
    private Optional<String> stored = Optional.empty();

    private Followed() {}

    /** A workflow. */
    @Workflow(name = "followed")
    public static class Greeting {
        @Task
        String greet(@Input String name) {
            return "Good morning, " + name;
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) throws InterruptedException {
        Followed consumer = new Followed();
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new Greeting()).start()) {
            engine.events().enable();
            engine.await(engine.submit("followed", Map.of("name", "Ada")));
            while (!consumer.follow(engine)) {
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    /** Whether an execution has ended. */
    private boolean follow(Engine engine) {
        EventCursor cursor = stored.map(EventCursor::parse).orElse(EventCursor.beginning());
        EventPage page = engine.events().after(cursor, 500);
        for (StoredEvent event : page.events()) {
            if (event instanceof StoredEvent.ExecutionEnded ended) {
                System.out.println(ended.workflow() + " " + ended.status());
            }
        }
        stored = Optional.of(page.next().toString()); // with what you have made of the events
        return page.events().stream().anyMatch(StoredEvent.ExecutionEnded.class::isInstance);
    }
}
