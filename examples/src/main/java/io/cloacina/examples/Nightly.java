package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Scheduled;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** By the clock: a schedule that a class brings along, and one that the program puts. */
public final class Nightly {
    private Nightly() {}

    /** Writes a report; at two in the morning in Berlin, and whenever else somebody says. */
    @Workflow(name = "nightly-report")
    @Scheduled(cron = "0 2 * * *", zone = "Europe/Berlin")
    public static class Report {
        private final CountDownLatch written = new CountDownLatch(1);

        @Task
        String write(@Input Optional<String> format, @Input Optional<String> schedule) {
            written.countDown();
            return "report as " + format.orElse("text") + " for " + schedule.orElse("somebody");
        }

        boolean awaitWritten() throws InterruptedException {
            return written.await(30, TimeUnit.SECONDS);
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) throws InterruptedException {
        Report report = new Report();
        Schedule often = Schedule.of("often", "nightly-report")
                .cron("* * * * * *") // six fields: every second
                .catchUp(CatchUp.skip())
                .input(Map.of("format", "pdf"));
        Schedule nightly = Schedule.of("nightly", "nightly-report")
                .cron("30 2 * * *")
                .zone("Europe/Berlin")
                .catchUp(CatchUp.runOnce(Duration.ofHours(12)));
        // On the last Sunday of March there is no half past two in Berlin: it runs at three.
        nightly.next(Instant.parse("2026-03-28T12:00:00Z"), 2).forEach(System.out::println);

        try (Engine engine = Engine.builder(arguments[0]).workflow(report).start()) {
            engine.schedules().put(nightly);
            engine.schedules().put(often);
            if (!report.awaitWritten()) {
                throw new IllegalStateException("it is every second, and nothing has come");
            }
            engine.schedules().disable("often");
            Occurrence first = engine.schedules().history("often", 1).get(0);
            engine.await(first.executionId());
            System.out.println(engine.context(first.executionId()).get("write", String.class));
            engine.schedules()
                    .list()
                    .forEach(state -> System.out.println(state.schedule().name()));
        }
    }
}
