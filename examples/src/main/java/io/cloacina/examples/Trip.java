package io.cloacina.examples;

import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A trip that is paid in time, or whose flight is given back. */
public final class Trip {
    private Trip() {}

    /** Books a flight, and waits until somebody has paid for it. */
    @Workflow(name = "trip", deadline = "2h")
    public static class Booking {
        @Task
        String bookFlight(@Input String to) {
            return "flight to " + to;
        }

        @Task(after = "bookFlight")
        int pay(@Signal int cents) {
            return cents;
        }

        /** Runs if the payment was stopped, by the deadline or by a cancellation, or has failed. */
        @Task(after = "pay", when = @When(allOf = @Condition(failed = "pay")))
        void giveBack(@From("bookFlight") Optional<String> flight) {
            System.out.println("gave back: " + flight.orElse("nothing"));
        }
    }

    static Execution within(Engine engine, Duration longest) {
        UUID id = engine.submit(
                Submission.of("trip").input(Map.of("to", "Lisbon")).deadline(longest));
        return engine.await(id);
    }

    static Execution cancelled(Engine engine) {
        UUID id = engine.submit("trip", Map.of("to", "Oslo"));
        engine.cancel(id, Cancel.withCompensation());
        return engine.await(id);
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new Booking()).start()) {
            System.out.println(within(engine, Duration.ofMillis(500)).status().label());
            System.out.println(cancelled(engine).status().label());
        }
    }
}
