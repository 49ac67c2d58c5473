package io.cloacina.examples;

import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.util.Map;
import java.util.UUID;

/** The first workflow: three tasks, a submission that is safe to repeat, and a program that may be killed at any point. */
public final class SignUp {
    private SignUp() {}

    /** Makes an account, and writes to its owner. */
    @Workflow(name = "sign-up")
    public static class Welcome {
        @Task
        String account(@Input String email) {
            System.out.println("making an account for " + email);
            return email.substring(0, email.indexOf('@'));
        }

        @Task
        String letter(@From("account") String name) throws InterruptedException {
            System.out.println("writing a letter");
            Thread.sleep(200); // long enough to be killed: make it longer
            return "Welcome, " + name + "!";
        }

        @Task
        void send(@Input String email, @From("letter") String letter) {
            System.out.println("to " + email + ": " + letter);
        }
    }

    /** Arguments: the URL of a database, and an e-mail address. */
    public static void main(String[] arguments) {
        try (Engine engine =
                Engine.builder(arguments[0]).workflow(new Welcome()).start()) {
            UUID id = engine.submit(Submission.of("sign-up")
                    .input(Map.of("email", arguments[1]))
                    .idempotencyKey(arguments[1]));
            System.out.println(engine.await(id).status().label());
        }
    }
}
