package io.cloacina.examples;

import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Data between tasks: what one returns, another one takes, and the compiler checks that they fit. */
public final class Weather {
    private Weather() {}

    /** The weather of a day. */
    public record Observation(LocalDate day, double rainMillimetres, double highest) {}

    /** The weather of all days. */
    public record Summary(int days, double rainMillimetres, Observation hottest) {}

    /** Reads a file, sums it up, writes a sentence. */
    @Workflow(name = "weather")
    public static class Report {
        @Task(retry = @Retry(maxAttempts = 3, delay = "200ms"))
        List<Observation> read(@Input Path csv) throws IOException {
            try (var lines = Files.lines(csv)) {
                return lines.skip(1).map(Report::observation).toList();
            }
        }

        @Task
        Summary summarize(@From("read") List<Observation> observations) {
            return new Summary(
                    observations.size(),
                    observations.stream()
                            .mapToDouble(Observation::rainMillimetres)
                            .sum(),
                    observations.stream()
                            .max(Comparator.comparingDouble(Observation::highest))
                            .orElseThrow());
        }

        @Task
        String report(@From("summarize") Summary summary) {
            return summary.days() + " days, " + summary.rainMillimetres() + " mm of rain, the hottest day was "
                    + summary.hottest().day();
        }

        private static Observation observation(String line) {
            String[] cells = line.split(",", -1);
            return new Observation(
                    LocalDate.parse(cells[0]), Double.parseDouble(cells[1]), Double.parseDouble(cells[2]));
        }
    }

    /** Arguments: the URL of a database, and a file with a head line and lines of day, rain and highest temperature. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0]).workflow(new Report()).start()) {
            UUID id = engine.submit("weather", Map.of("csv", arguments[1]));
            System.out.println(engine.await(id).status().label());
            System.out.println(engine.context(id).get("report", String.class));
        }
    }
}
