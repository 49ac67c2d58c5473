package com.example.orders;

import io.cloacina.engine.WorkflowClient;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class OrderController {
    private final JdbcTemplate jdbc;
    private final WorkflowClient workflows;

    OrderController(JdbcTemplate jdbc, WorkflowClient workflows) {
        this.jdbc = jdbc;
        this.workflows = workflows;
    }

    /** The row and the execution are stored together, or neither. */
    @Transactional
    @PostMapping("/orders/{number}")
    public UUID order(@PathVariable("number") int number) {
        jdbc.update("INSERT INTO orders (number, bookings) VALUES (?, 0)", number);
        return workflows.submit("order", Map.of("number", number));
    }

    @GetMapping("/orders/{number}")
    public Map<String, Object> find(@PathVariable("number") int number) {
        return jdbc.queryForMap("SELECT receipt, bookings FROM orders WHERE number = ?", number);
    }
}
