package io.cloacina.examples;

import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Sleep;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Waiting: for an answer from outside, with a time limit that leads somewhere else, and for a while. */
public final class Expenses {
    private Expenses() {}

    /** What somebody answers. */
    public sealed interface Answer {
        /** Yes. */
        record Approved(String by) implements Answer {}

        /** No, and why. */
        record Refused(String by, String reason) implements Answer {}
    }

    /** Asks, waits for the answer, and acts upon it. */
    @Workflow(name = "expense")
    public static class Approval {
        @Task
        String ask(@Input String employee, @Input double amount) {
            return "May " + employee + " spend " + amount + "?";
        }

        /** Runs when the signal comes; is skipped when none has come in time. */
        @Task(after = "ask")
        Answer decide(@Signal(value = "answer", within = "500ms") Answer answer) {
            return answer;
        }

        @Task(when = @When(allOf = {@Condition(completed = "ask"), @Condition(skipped = "decide")}), after = "decide")
        @Sleep("100ms")
        String remind(@From("ask") String question) {
            return "Nobody has answered: " + question;
        }

        @Task(when = @When(always = true), after = "remind")
        String close(@From("decide") Optional<Answer> answer) {
            return answer.map(given -> given instanceof Answer.Refused no
                            ? "refused by " + no.by() + ": " + no.reason()
                            : "approved by " + ((Answer.Approved) given).by())
                    .orElse("closed without an answer");
        }
    }

    /** An expense that fails when nobody answers in time. */
    static WorkflowDefinition strict() {
        return WorkflowDefinition.named("strict-expense")
                .task(
                        "decide",
                        context -> context.output(context.signal(Answer.class)),
                        task -> task.signal("answer").within(Duration.ofMillis(500)))
                .task(
                        "unanswered",
                        context -> {
                            throw new IllegalStateException("nobody has answered");
                        },
                        task -> task.after("decide").when(TriggerRule.all(TriggerCondition.taskSkipped("decide"))))
                .build();
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(new Approval())
                .workflow(strict())
                .start()) {
            Map<String, ?> input = Map.of("employee", "Ada", "amount", 120);
            UUID approved = engine.submit("expense", input);
            UUID refused = engine.submit("expense", input);
            UUID forgotten = engine.submit("expense", input);
            engine.signal(approved, "answer", new Answer.Approved("Grace"));
            engine.signal(refused, "answer", new Answer.Refused("Grace", "too much"), "mail-17");
            for (UUID id : List.of(approved, refused, forgotten)) {
                engine.await(id);
                System.out.println(engine.context(id).get("close", String.class));
            }
            Execution unanswered = engine.await(engine.submit("strict-expense", Map.of()));
            System.out.println(unanswered.status().label());
        }
    }
}
