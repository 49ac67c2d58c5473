package com.example.orders;

import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

@Component
@Workflow(name = "order")
class OrderWorkflow {
    private final JdbcTemplate jdbc;
    private final Card card;

    OrderWorkflow(JdbcTemplate jdbc, Card card) {
        this.jdbc = jdbc;
        this.card = card;
    }

    @Task(retry = @Retry(maxAttempts = 5, delay = "1s"))
    String charge(@Input int number) throws InterruptedException {
        return card.charge(number);
    }

    /** Exactly once: the update and the end of the task are one transaction. */
    @Task(transactional = true)
    void book(@Input int number, @From("charge") String receipt) {
        jdbc.update("UPDATE orders SET receipt = ?, bookings = bookings + 1 WHERE number = ?", receipt, number);
    }
}
