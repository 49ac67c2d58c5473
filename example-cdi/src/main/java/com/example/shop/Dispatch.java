package com.example.shop;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What becomes of an order. It is a bean like any other. */
@ApplicationScoped
@Workflow(name = "dispatch")
class Dispatch {
    @Inject
    Post post;

    @Task(retry = @Retry(maxAttempts = 5, delay = "1s"))
    String send(@Input int number) {
        return post.send(number);
    }

    /** Exactly once: the update and the end of the task are one transaction. */
    @Task(transactional = true, retry = @Retry(maxAttempts = 1))
    void book(TaskContext context, @Input int number, @From("send") String label) throws SQLException {
        try (PreparedStatement update = context.connection()
                .prepareStatement("UPDATE orders SET label = ?, parcels = parcels + 1 WHERE number = ?")) {
            update.setString(1, label);
            update.setInt(2, number);
            update.executeUpdate();
        }
        post.notice(number);
    }
}
