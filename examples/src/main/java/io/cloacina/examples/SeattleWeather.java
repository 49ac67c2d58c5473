package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.Condition;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.When;
import io.cloacina.api.annotation.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Most of what annotations say, in one class. */
@Workflow
@AtMost(value = 2, per = "city")
class SeattleWeather {
    @Task
    List<Double> read(@Input Path csv) throws IOException {
        return Files.readAllLines(csv).stream().map(Double::valueOf).toList();
    }

    @Task(retry = @Retry(maxAttempts = 5, delay = "1s"), timeout = "30s")
    long round(@ForEach("read") double rain) {
        return Math.round(rain);
    }

    @Task(transactional = true)
    void store(TaskContext context, @Input String city, @From("round") List<Long> rain) throws SQLException {
        try (PreparedStatement insert = context.connection().prepareStatement("INSERT INTO rain VALUES (?, ?)")) {
            for (long millimetres : rain) {
                insert.setString(1, city);
                insert.setLong(2, millimetres);
                insert.executeUpdate();
            }
        }
    }

    @Task(after = "store")
    String approve(@Signal(within = "24h") Optional<String> approval) {
        return approval.orElse("nobody has looked");
    }

    @Task(when = @When(allOf = @Condition(failed = "round")))
    String alarm(@From("round") Optional<List<Long>> rain) {
        return "no numbers: " + rain.isEmpty();
    }
}
